"""Reconciliation in the API: compare, read a period and its differences, release or dismiss one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from core.accounting.reconciliation import differences, runs, summary
from core.accounting.reconciliation.differences import Difference
from core.accounting.reconciliation.rules import Kind
from core.accounting.reconciliation.states import DIFFERENCE
from core.accounting.reconciliation.summary import Period, Summary
from core.http.edge import Tx, principal
from core.identity.principals import Realm
from core.payments import adapters
from web import reconciliation_files
from web import reconciliation_words as words
from web.api.answers import answer
from web.api.surface import Strict, api_edge, resource

blueprint = resource("reconciliation", "/reconciliation", "The journal compared with what payment providers moved")


class PeriodQuery(Strict):
    """Days from the first to the last, both included, at a provider."""

    provider = fields.String(load_default="stripe", validate=validate.Length(1, 40))
    start = fields.Date(required=True, data_key="from")
    end = fields.Date(required=True, data_key="to")


class DifferencesQuery(Strict):
    """How differences are narrowed and paged; the state "live" stands for all that are not ended."""

    provider = fields.String(load_default="stripe", validate=validate.Length(1, 40))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *Kind]))
    state = fields.String(load_default="", validate=validate.OneOf(["", "live", *DIFFERENCE.states]))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


class RunIn(Strict):
    """Which provider is compared."""

    provider = fields.String(load_default="stripe", validate=validate.Length(1, 40))


class ReasonIn(Strict):
    """Why; needed to dismiss."""

    reason = fields.String(load_default="", validate=validate.Length(max=500))


@blueprint.get("/providers")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_providers() -> Response:
    """List the ways of paying, and whether each tells what moved."""
    found = {name: adapters.find(name) for name in adapters.names()}
    return answer({
        "data": [
            {"provider": name, "tells_movements": one is not None and one.capabilities.tells_movements}
            for name, one in found.items()
        ]
    })  # fmt: skip


@blueprint.post("/runs")
@blueprint.arguments(RunIn)
@api_edge(Realm.OPERATOR, "ledger.view")
def start_run(body: dict[str, str]) -> Response:
    """Compare now; while a comparison goes on, the same one again."""
    return answer(runs.start(body["provider"]), 202)


@blueprint.get("/runs/<uuid:run_id>")
@api_edge(Realm.OPERATOR, "ledger.view")
def show_run(run_id: UUID) -> Response:
    """Show a comparison and how far it is."""
    return answer(runs.find(run_id))


@blueprint.get("/summary")
@blueprint.arguments(PeriodQuery, location="query")
@api_edge(Realm.OPERATOR, "ledger.view")
def show_summary(query: dict[str, Any]) -> Response:
    """Show a period by currency: both closings, and each part of what the provider has more."""
    provider, period = query["provider"], Period(query["start"], query["end"])
    found = summary.summaries(provider, period)
    return answer({"data": [_summary(one, summary.days(provider, period, one)) for one in found]})


def _summary(one: Summary, days: list[summary.Day]) -> dict[str, object]:
    names = ("currency", "opening", "moved", "closing", "ledger_opening", "ledger_closing", "difference", "explained",
             "unexplained", "is_clean")  # fmt: skip
    return {name: getattr(one, name) for name in names} | {"days": days}


@blueprint.get("/files/<any(csv, xlsx):ending>")
@blueprint.arguments(PeriodQuery, location="query")
@api_edge(Realm.OPERATOR, "ledger.view", tx=Tx.OWN)
def summary_file(query: dict[str, Any], ending: str) -> Response:
    """Send a period with all its movements and entries as a file."""
    return reconciliation_files.answer(query["provider"], Period(query["start"], query["end"]), ending)


@blueprint.get("/differences")
@blueprint.arguments(DifferencesQuery, location="query")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_differences(query: dict[str, Any]) -> Response:
    """List differences, newest first."""
    found = differences.search(
        query["provider"], kind=query["kind"], state=query["state"], before=query["cursor"], limit=query["limit"] + 1
    )
    rows = found[: query["limit"]]
    return answer({"data": [_told(one) for one in rows], "next": rows[-1].id if len(found) > len(rows) else None})


@blueprint.get("/differences/<uuid:difference_id>")
@api_edge(Realm.OPERATOR, "ledger.view")
def show_difference(difference_id: UUID) -> Response:
    """Show a difference with both sides and the suggested entry."""
    found = differences.find(difference_id)
    there, here = differences.both(found)
    more = {"provider_side": there, "journal_side": here, "needs_second_person": differences.needs_second(found)}
    return answer(_told(found) | more)


@blueprint.post("/differences/<uuid:difference_id>/release")
@blueprint.arguments(ReasonIn)
@api_edge(Realm.OPERATOR, "ledger.post")
def release_difference(body: dict[str, str], difference_id: UUID) -> Response:
    """Post the suggested entry; above the limit a second person is asked, and the state says so."""
    by = principal().person_id or UUID(int=0)
    return answer(_told(differences.release(difference_id, by=by, reason=body["reason"])))


@blueprint.post("/differences/<uuid:difference_id>/dismiss")
@blueprint.arguments(ReasonIn)
@api_edge(Realm.OPERATOR, "ledger.post")
def dismiss_difference(body: dict[str, str], difference_id: UUID) -> Response:
    """Leave a difference as it is, with a reason."""
    return answer(_told(differences.dismiss(difference_id, body["reason"])))


def _told(found: Difference) -> dict[str, object]:
    names = ("id", "provider", "subject", "kind", "clue", "state", "difference", "amounts", "suggestion", "day",
             "waits_until", "found_at", "ended_at", "reason", "by_name")  # fmt: skip
    return {name: getattr(found, name) for name in names} | {"explanation": words.why(found)}
