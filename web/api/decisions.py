"""Decisions that need a second person, over the API: to see, to agree to, to turn down, to take back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext
from marshmallow import fields, validate

from core.http.edge import principal
from core.identity import decisions
from core.identity.decisions import Decision
from core.identity.principals import Realm
from web.api.surface import Strict, api_edge, resource

blueprint = resource("decisions", "/decisions", "What one person asks for and another must agree to")
Json = Mapping[str, object]


class DecisionsQuery(Strict):
    """Which decisions: those that wait (all of them), or those made, newest first, in pages."""

    state = fields.String(load_default="waiting", validate=validate.OneOf(["waiting", "made"]))
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


class AnswerIn(Strict):
    """Why it is turned down; the person who asked reads it."""

    reason = fields.String(load_default="", validate=validate.Length(max=500))


def _dumped(one: Decision) -> Json:
    asked = one.approval
    return {
        "id": str(asked.id), "kind": asked.kind, "subject_id": str(asked.subject_id), "state": asked.state,
        "sentence": str(gettext(one.told.sentence)).format(**one.told.facts) if one.told.sentence else "",
        "amount_minor": asked.amount.minor if asked.amount else None,
        "currency": asked.amount.currency if asked.amount else None, "reason": asked.reason, "answer": asked.answer,
        "asked_by": str(asked.asked_by), "asked_name": asked.asked_name, "asked_at": asked.asked_at.isoformat(),
        "decided_by": str(asked.decided_by) if asked.decided_by else None, "decided_name": asked.decided_name,
        "decided_at": asked.decided_at.isoformat() if asked.decided_at else None,
    }  # fmt: skip


@blueprint.get("")
@blueprint.arguments(DecisionsQuery, location="query")
@api_edge(Realm.OPERATOR)
def list_decisions(query: dict[str, Any]) -> Json:
    """List decisions of the kinds that the caller may decide."""
    if query["state"] == "waiting":
        return {"data": [_dumped(one) for one in decisions.waiting(principal())], "next": None}
    found = decisions.made(principal(), before=query["cursor"], limit=query["limit"] + 1)
    shown = found[: query["limit"]]
    following = str(shown[-1].approval.id) if len(found) > len(shown) else None
    return {"data": [_dumped(one) for one in shown], "next": following}


@blueprint.get("/<uuid:decision_id>")
@api_edge(Realm.OPERATOR)
def show_decision(decision_id: UUID) -> Json:
    """Return one decision."""
    return _dumped(decisions.find(principal(), decision_id))


@blueprint.post("/<uuid:decision_id>/approve")
@api_edge(Realm.OPERATOR)
def approve_decision(decision_id: UUID) -> Json:
    """Agree as a second person; it is carried out at once. A person's session decides, not a key."""
    decisions.approve(principal(), decision_id)
    return _dumped(decisions.find(principal(), decision_id))


@blueprint.post("/<uuid:decision_id>/reject")
@blueprint.arguments(AnswerIn)
@api_edge(Realm.OPERATOR)
def reject_decision(body: dict[str, Any], decision_id: UUID) -> Json:
    """Turn it down as a second person; nothing is carried out."""
    decisions.reject(principal(), decision_id, body["reason"])
    return _dumped(decisions.find(principal(), decision_id))


@blueprint.post("/<uuid:decision_id>/withdraw")
@api_edge(Realm.OPERATOR)
def withdraw_decision(decision_id: UUID) -> Json:
    """Take back what the caller has asked for."""
    decisions.withdraw(principal(), decision_id)
    return _dumped(decisions.find(principal(), decision_id))
