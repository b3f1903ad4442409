"""`flask history`: bring in the order history of another marketplace."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from core.kernel import audit
from core.kernel.errors import AppError
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import platform_transaction, read_only
from tenants import directory, values
from tenants.history import importing, proof
from tenants.history.reader import History, from_folder, read


@click.group("history")
def group() -> None:
    """Bring in the past of another marketplace."""


@group.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--tenant", "slug", required=True, help="The marketplace that takes the history in.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), default=Path("history-report.csv"),
              show_default=True, help="Where to write the rows that are left out, and why.")  # fmt: skip
@with_appcontext
def import_history(folder: Path, slug: str, report: Path) -> None:
    """Bring the CSV tables of FOLDER into a marketplace. Stopped half-way, start it again: it goes on.

    The last line of the output is one JSON object with what is there now.
    """
    try:
        with bind(_find(slug)), audit.acting(audit.By("platform", name="flask history import")):
            _import(folder, report)
    except AppError as error:
        raise click.ClickException(error.message.format(**error.facts)) from None


def _find(slug: str) -> Tenant:
    with bind(values.PLATFORM), platform_transaction():
        tenant_id = directory.require_slug(slug)
    found = values.find(tenant_id)
    if found is None:
        raise click.ClickException(f"The marketplace {slug} is closed for good")
    return found


def _import(folder: Path, report: Path) -> None:
    importing.refuse_other_money()
    history = read(from_folder(folder), current().timezone)
    report.write_text(proof.report(history.faults), encoding="utf-8", newline="")
    click.echo(f"{len(history.faults)} rows are left out; {report} says which and why.")
    _write(history)
    with read_only():
        found = proof.totals([order.key for order in history.orders])
    click.echo(json.dumps(found.plain()))


def _write(history: History) -> None:
    work = importing.chunks(history)
    total = sum(chunk.size for chunk in work)
    with click.progressbar(length=total, label="Importing", file=sys.stderr) as bar:
        for chunk in work:
            importing.carry_out(chunk)
            bar.update(chunk.size)
