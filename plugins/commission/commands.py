"""`flask commission`: works out the charges of a period again; the last line printed is one JSON object."""

from __future__ import annotations

import json
from datetime import date, datetime

import click
from flask.cli import with_appcontext

from core.kernel.errors import AppError, Missing
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, read_only
from plugins.commission import runs
from plugins.commission.surface import operator
from tenants import directory, values


def _find(slug: str) -> Tenant:
    try:
        with bind(values.PLATFORM), platform_transaction():
            tenant_id = directory.require_slug(slug)
    except Missing as error:
        raise click.ClickException(error.message.format(**error.facts)) from None
    found = values.find(tenant_id)
    if found is None:
        raise click.ClickException(f"The marketplace {slug} is closed for good")
    return found


def _day(moment: datetime) -> date:
    return moment.date()


@operator.cli.command("replay")
@click.option("--tenant", "slug", required=True, help="The marketplace's short name.")
@click.option("--from", "start", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--to", "end", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day after the last one.")
@with_appcontext
def replay(slug: str, start: datetime, end: datetime) -> None:
    """Work out every charge of a period with the rates of its time; end with 1 if anything differs."""
    try:
        with bind(_find(slug)), read_only():
            tally = runs.replayed_at_once(_day(start), _day(end))
    except AppError as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps({"tenant": slug, "from": str(_day(start)), "to": str(_day(end)), **tally}))
    if tally["different"]:
        raise click.exceptions.Exit(1)
