"""Imports of another marketplace's history over the API."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Response

from core.http.edge import Tx
from core.identity.principals import Realm
from core.kernel.tx import read_only, transaction
from tenants.history import runs
from tenants.history.runs import Run
from web.api.surface import api_edge, resource
from web.operator.history import sent_files, table

blueprint = resource("history", "/history-imports", "The past of another marketplace")
Json = Mapping[str, object]


def _dumped(one: Run) -> Json:
    return {
        "id": str(one.id), "file_name": one.file_name, "state": one.state, "total": one.total, "done": one.done,
        "left_out": one.left_out, "totals": dict(one.totals) or None, "problem": one.problem,
        "created_at": one.created_at.isoformat(),
        "finished_at": one.finished_at.isoformat() if one.finished_at else None,
    }  # fmt: skip


@blueprint.get("")
@api_edge(Realm.OPERATOR, "history.import")
def list_imports() -> Json:
    """List the latest imports, newest first."""
    return {"data": [_dumped(one) for one in runs.runs()], "next": None}


@blueprint.post("")
@api_edge(Realm.OPERATOR, "history.import", tx=Tx.OWN)
def start_import() -> tuple[Json, int]:
    """Begin an import of the tables, sent as multipart/form-data under the name `files`: one zip file, or CSV files."""
    name, data = runs.packed(sent_files())
    with transaction():
        run_id = runs.start(name, data)
    with read_only():
        return _dumped(runs.find(run_id)), 202


@blueprint.get("/<uuid:run_id>")
@api_edge(Realm.OPERATOR, "history.import")
def show_import(run_id: UUID) -> Json:
    """Return how far an import is, and its last figures."""
    return _dumped(runs.find(run_id))


@blueprint.get("/<uuid:run_id>/report")
@api_edge(Realm.OPERATOR, "history.import")
def import_report(run_id: UUID) -> Response:
    """Return every row that was left out, with the reason, as CSV."""
    return table(runs.report(run_id))
