"""`flask statements`: issue a marketplace's statements month by month, and prove them; the last line is JSON."""

from __future__ import annotations

import dataclasses
import json
import time
from datetime import date
from uuid import UUID

import click
from flask.cli import with_appcontext

from core.accounting import months, proof, statements
from core.kernel import audit
from core.kernel.errors import AppError, Missing
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, read_only, transaction
from tenants import directory, values


@click.group("statements")
def group() -> None:
    """Issue and prove merchants' statements."""


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


@group.command("issue")
@click.option("--tenant", "slug", required=True, help="The marketplace's short name.")
@click.option("--until", default="", help="The last month, such as 2026-03; all that are over unless given.")
@with_appcontext
def issue(slug: str, until: str) -> None:
    """Issue the statements of every month that is over, oldest first; issued already: nothing."""
    started = time.monotonic()
    try:
        with bind(_find(slug)), audit.acting(audit.By("platform", name="flask statements issue")):
            last = months.parse(until) if until else date.max
            while (month := _next(last)) is not None:
                click.echo(f"{month:%Y-%m}: {issue_month(month)} statements")
            with read_only():
                found = proof.prove()
    except AppError as error:
        raise click.ClickException(error.message.format(**error.facts)) from None
    seconds = round(time.monotonic() - started, 1)
    click.echo(json.dumps({**dataclasses.asdict(found), "clean": found.is_clean, "seconds": seconds}))


def _next(last: date) -> date | None:
    with read_only():
        month = statements.next_month()
    return month if month is not None and month <= last and month < months.this() else None


def issue_month(month: date) -> int:
    """Issue one month's statements at once, step by step; return how many there are."""
    with transaction():
        run_id: UUID = statements.start(month)
    with transaction():
        statements.post_items(run_id)
    with transaction():
        count = statements.write(run_id)
    is_done = False
    while not is_done:
        with transaction():
            is_done = statements.follow_up(run_id)
    return count
