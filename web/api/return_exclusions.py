"""What cannot be sent back, in the API: the operator's categories, a merchant's listings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.aftersales import exclusions
from core.aftersales.exclusions import Exclusion
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, FieldError, Invalid, Unauthenticated, _
from web.api.surface import api_edge, resource
from web.schemas.aftersales import ExclusionIn

blueprint = resource("return_exclusions", "/return-exclusions", "What cannot be sent back for a change of mind")
Json = Mapping[str, object]


def _merchant_id() -> UUID | None:
    """Return the merchant whose listings are meant; None for the operator's categories. Raise Denied for others."""
    who = principal()
    if who.is_guest:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    if who.realm is Realm.OPERATOR:
        who.require("catalogue.manage")
        return None
    if who.realm is Realm.MERCHANT and who.merchant_id is not None:
        who.require("listings.edit")
        return who.merchant_id
    raise Denied("orders.not_staff", _("Only the shop or the marketplace may do this"))


def _dumped(one: Exclusion) -> Json:
    return {
        "id": str(one.id), "ground": one.ground.value, "names": dict(one.names),
        "category_id": str(one.category_id) if one.category_id else None,
        "listing_id": str(one.listing_id) if one.listing_id else None, "since": one.created_at.isoformat(),
    }  # fmt: skip


@blueprint.get("")
@api_edge(Realm.MERCHANT, login=False)
def list_exclusions() -> Json:
    """List what cannot be sent back: the operator's categories, or a merchant's listings."""
    merchant_id = _merchant_id()
    found = exclusions.of_categories() if merchant_id is None else exclusions.of_listings(merchant_id)
    return {"data": [_dumped(one) for one in found]}


@blueprint.post("")
@blueprint.arguments(ExclusionIn)
@api_edge(Realm.MERCHANT, login=False)
def add_exclusion(body: dict[str, Any]) -> tuple[Json, int]:
    """Exclude a category (the operator) or the listing of an article number (a merchant); later orders only."""
    merchant_id = _merchant_id()
    if merchant_id is not None:
        key = exclusions.exclude_article(merchant_id, body["sku"], body["ground"])
    elif body["category_id"] is None:
        fault = FieldError("category_id", _("Fill this in"))
        raise Invalid("aftersales.no_category", _("Name a category"), fields=(fault,))
    else:
        key = exclusions.exclude_category(body["category_id"], body["ground"])
    return {"id": str(key)}, 201


@blueprint.delete("/<uuid:exclusion_id>")
@api_edge(Realm.MERCHANT, login=False)
def remove_exclusion(exclusion_id: UUID) -> tuple[Json, int]:
    """Let goods be sent back again."""
    exclusions.remove(exclusion_id, merchant_id=_merchant_id())
    return {}, 200
