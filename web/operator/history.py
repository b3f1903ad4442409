"""Imports of another marketplace's history: send the tables, watch the job, read what was left out and why."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.tenancy import current
from core.kernel.tx import transaction
from tenants.history import runs
from tenants.history.reader import CURRENCY, TABLES
from web.operator.surface import blueprint, menu

menu.add("Settings", 92, _("Import history"), "operator.history", "archive", "history.import")
_SHOWN = 200


def sent_files() -> list[tuple[str, bytes]]:
    """Return the files of the form by name. Raise Invalid if there are none."""
    found = [(file.filename, file.read()) for file in request.files.getlist("files") if file.filename]
    if not found:
        said = _("Choose the files first")
        raise Invalid("history.no_file", said, fields=(FieldError("files", said),))
    return found


@blueprint.get("/history", endpoint="history")
@edge(Realm.OPERATOR, "history.import")
def history_imports(error: AppError | None = None) -> Answer:
    """Show the form and the latest runs."""
    return page(
        "operator/history.html", runs=runs.runs(), tables=[f"{table}.csv" for table in TABLES], currency=CURRENCY,
        fits=current().currency == CURRENCY, said=message(error) if error else "",
    )  # fmt: skip


@blueprint.post("/history")
@edge(Realm.OPERATOR, "history.import", tx=Tx.OWN, again=history_imports)
def start_history() -> Answer:
    """Begin an import of what was sent."""
    name, data = runs.packed(sent_files())
    with transaction():
        run_id = runs.start(name, data)
    return see(url_for("operator.history_run", run_id=run_id), gettext("The import has begun"))


@blueprint.get("/history/<uuid:run_id>")
@edge(Realm.OPERATOR, "history.import")
def history_run(run_id: UUID) -> Answer:
    """Show how far a run is, what it came to, and the rows that were left out; it asks again until it is over."""
    return page(
        "operator/history_run.html", fragment="operator/_history_run.html", run=runs.find(run_id),
        left_out=runs.left_out(run_id, _SHOWN),
    )  # fmt: skip


@blueprint.get("/history/<uuid:run_id>/report.csv")
@edge(Realm.OPERATOR, "history.import")
def history_report(run_id: UUID) -> Answer:
    """Send every row that was left out, with the reason, as a table."""
    return table(runs.report(run_id))


def table(content: bytes) -> Response:
    """Return a report as a file to keep."""
    response = Response(content, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="history-report.csv")
    response.headers["Cache-Control"] = "private, no-store"
    return response
