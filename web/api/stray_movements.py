"""Movements at a payment provider that are of no marketplace, for the platform's staff."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from core.http.edge import Tx
from core.identity.principals import Realm
from core.kernel.tx import platform_transaction
from tenants import stray_movements
from web.api.answers import answer, cursor, limit, listed
from web.api.surface import Strict, api_edge, resource

blueprint = resource("stray_movements", "/stray-movements", "What moved at a provider and is of no marketplace")


class GiveIn(Strict):
    """The short name of the marketplace that a movement belongs to."""

    tenant = fields.String(required=True, validate=validate.Length(1, 50))


@blueprint.get("/")
@api_edge(Realm.PLATFORM, "tenants.manage")
def list_strays() -> Response:
    """List movements of nobody, newest read first."""
    rows, following = stray_movements.strays(after=cursor(), limit=limit())
    return listed(rows, following)


@blueprint.post("/<uuid:movement_id>/give")
@blueprint.arguments(GiveIn)
@api_edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def give_stray(body: dict[str, str], movement_id: UUID) -> Response:
    """Give one to a marketplace, whose next comparison finds it."""
    with platform_transaction():
        stray_movements.give(movement_id, body["tenant"])
    return answer({"id": movement_id, "tenant": body["tenant"]})
