"""`flask ledger`: seal a marketplace's journal, and prove it; the last line printed is one JSON object."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from core.kernel.errors import Missing
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, read_only, transaction
from core.ledger import seals
from core.ledger.verify import verify
from tenants import directory, values


@click.group("ledger")
def group() -> None:
    """Seal and prove the journals."""


def _find(slug: str) -> Tenant:
    if slug == values.PLATFORM.slug:
        return values.PLATFORM
    try:
        with bind(values.PLATFORM), platform_transaction():
            tenant_id = directory.require_slug(slug)
    except Missing as error:
        raise click.ClickException(error.message.format(**error.facts)) from None
    found = values.find(tenant_id)
    if found is None:
        raise click.ClickException(f"The marketplace {slug} is closed for good")
    return found


@group.command("verify")
@click.option(
    "--tenant", "slug", required=True, help="The marketplace's short name; \"platform\" for the platform's own books."
)
@with_appcontext
def verify_ledger(slug: str) -> None:
    """Recompute chains and balances from the rows; end with 1 if anything differs."""
    tenant = _find(slug)
    with bind(tenant), read_only():
        proof = verify()
    result = {
        "tenant": slug,
        "clean": proof.is_clean,
        "entries": proof.entries,
        "first_broken": proof.first_broken,
        "drifted": list(proof.drifted),
        "sums": proof.sums,
    }
    click.echo(json.dumps(result))
    if not proof.is_clean:
        raise click.exceptions.Exit(1)


@group.command("seal")
@click.option(
    "--tenant", "slug", required=True, help="The marketplace's short name; \"platform\" for the platform's own books."
)
@with_appcontext
def seal_ledger(slug: str) -> None:
    """Chain the rows of all finished transactions since the last seal."""
    with bind(_find(slug)), transaction():
        sealed = {chain: seals.seal(chain) for chain in seals.CHAINS}
    click.echo(json.dumps({"tenant": slug, "sealed": sealed}))
