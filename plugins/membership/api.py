"""Points over HTTP: a buyer's own below /me, every member's for the operator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import Invalid, _
from core.kernel.tenancy import current
from plugins.membership import adjusting, reading, wording
from plugins.membership.schemas import (
    PointsAdjustedOut,
    PointsAdjustIn,
    PointsEntriesOut,
    PointsLiabilityOut,
    PointsMembersOut,
    PointsOut,
    PointsQuery,
)
from plugins.membership.settings import Settings
from plugins.membership.store_views import own_id

blueprint = Blueprint("api_membership", __name__, description="Points that buyers earn and use")


def _account(customer_id: UUID) -> dict[str, Any]:
    found = reading.account(customer_id)
    names = ("customer_id", "points", "held", "next_expiry", "next_points")
    shown = {name: getattr(found, name) for name in names}
    return {**shown, "worth_minor": found.worth.minor, "rules": wording.sentences(Settings.of(current()))}


def _entries(customer_id: UUID, query: dict[str, Any]) -> dict[str, Any]:
    found, more = reading.history(customer_id, query["cursor"], query["limit"])
    return {"data": found, "next": str(more) if more else None}


@blueprint.get("/me")
@blueprint.response(200, PointsOut)
@edge(Realm.BUYER)
def me() -> Any:
    """Return one's own points, what expires next, and the rules."""
    return _account(own_id())


@blueprint.get("/me/entries")
@blueprint.arguments(PointsQuery, location="query")
@blueprint.response(200, PointsEntriesOut)
@edge(Realm.BUYER)
def my_entries(query: dict[str, Any]) -> Any:
    """List the changes of one's own points, newest first."""
    return _entries(own_id(), query)


@blueprint.get("/members")
@blueprint.arguments(PointsQuery, location="query")
@blueprint.response(200, PointsMembersOut)
@edge(Realm.OPERATOR, "membership.view")
def members(query: dict[str, Any]) -> Any:
    """List buyers with points, newest account first."""
    found, more = reading.members(query["q"].strip(), query["cursor"], query["limit"])
    return {"data": found, "next": str(more) if more else None}


@blueprint.get("/members/<uuid:customer_id>")
@blueprint.response(200, PointsOut)
@edge(Realm.OPERATOR, "membership.view")
def member(customer_id: UUID) -> Any:
    """Return a buyer's points."""
    reading.member(customer_id)
    return _account(customer_id)


@blueprint.get("/members/<uuid:customer_id>/entries")
@blueprint.arguments(PointsQuery, location="query")
@blueprint.response(200, PointsEntriesOut)
@edge(Realm.OPERATOR, "membership.view")
def entries(query: dict[str, Any], customer_id: UUID) -> Any:
    """List the changes of a buyer's points, newest first."""
    reading.member(customer_id)
    return _entries(customer_id, query)


@blueprint.post("/members/<uuid:customer_id>/entries")
@blueprint.arguments(PointsAdjustIn)
@blueprint.response(201, PointsAdjustedOut)
@edge(Realm.OPERATOR, "membership.adjust")
def adjust(body: dict[str, Any], customer_id: UUID) -> Any:
    """Give or take points; above 10,000 this asks for a second person. The same Idempotency-Key does it once."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > 255:
        raise Invalid("idempotency.key", _("An idempotency key has at most 255 characters"))
    key = f"{principal().identity}:{key}" if key else ""
    asked = adjusting.adjust(
        customer_id, body["points"], body["reason"], by=principal().person_id, expires_on=body["expires_on"], key=key
    )
    return {"points": reading.account(customer_id).points, "decision_id": asked.id if asked else None}


@blueprint.get("/liability")
@blueprint.response(200, PointsLiabilityOut)
@edge(Realm.OPERATOR, "membership.report")
def liability() -> Any:
    """Return what is owed in points, month by month, by the accounts and by the books."""
    return reading.liability()
