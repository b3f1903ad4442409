"""What a buyer has saved, over the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from core.catalogue import chosen, detail
from core.customers import saved
from core.identity.principals import Realm
from web.api.catalogue import card_out
from web.api.surface import Strict, api_edge, resource
from web.store.account import customer_id
from web.store.viewers import sight

blueprint = resource("saved", "/me/saved", "Listings that a buyer keeps for later")
Json = Mapping[str, object]


class SavedQuery(Strict):
    """Which page."""

    limit = fields.Integer(load_default=24, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


@blueprint.get("/")
@blueprint.arguments(SavedQuery, location="query")
@api_edge(Realm.BUYER)
def list_saved(query: dict[str, Any]) -> Json:
    """List what is saved, the latest first; `gone` are keys of listings that are not on sale at the moment."""
    keys, following = saved.page(customer_id(), before=query["cursor"], limit=query["limit"])
    found = chosen.cards(keys, sight())
    gone = [str(key) for key in keys if key not in {card.id for card in found}]
    return {"data": [card_out(card) for card in found], "gone": gone, "next": str(following) if following else None}


@blueprint.put("/<uuid:listing_id>")
@blueprint.response(204)
@api_edge(Realm.BUYER)
def save_listing(listing_id: UUID) -> Any:
    """Save a listing; again changes nothing. 404 for one that is not on sale."""
    saved.save(customer_id(), detail.by_id(listing_id, sight()).id)
    return ""


@blueprint.delete("/<uuid:listing_id>")
@blueprint.response(204)
@api_edge(Realm.BUYER)
def remove_saved(listing_id: UUID) -> Any:
    """Save it no longer; again changes nothing."""
    saved.remove(customer_id(), [listing_id])
    return ""
