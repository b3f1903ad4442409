"""Prices for companies over HTTP: a merchant's lists and quantities, and what a buyer's company pays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.http.edge import edge
from core.identity.principals import Realm
from plugins.b2b import api, price_lists, pricing
from plugins.b2b.merchant_views import own
from plugins.b2b.price_lists import ListDraft, PackDraft, PriceDraft
from plugins.b2b.price_schemas import (
    CompanyOffersOut,
    CompanyPacksIn,
    CompanyPacksOut,
    PriceListIn,
    PriceListOut,
    PriceListsOut,
)
from plugins.b2b.store_views import own_seat

blueprint = api.blueprint


def _shown(list_id: UUID) -> dict[str, Any]:
    held = price_lists.find(own(), list_id)
    names = ("id", "name", "is_for_all", "is_active", "valid_from", "valid_to", "count")
    return {
        **{name: getattr(held, name) for name in names},
        "companies": [number for number, _name in held.companies],
        "prices": price_lists.prices(list_id),
    }


def _draft(body: dict[str, Any]) -> ListDraft:
    return ListDraft(**{**body, "prices": [PriceDraft(**one) for one in body["prices"]]})


@blueprint.get("/price-lists")
@blueprint.response(200, PriceListsOut)
@edge(Realm.MERCHANT, "b2b.sell")
def lists() -> Any:
    """List the merchant's price lists, newest first."""
    return {"data": price_lists.lists(own())}


@blueprint.post("/price-lists")
@blueprint.arguments(PriceListIn)
@blueprint.response(201, PriceListOut)
@edge(Realm.MERCHANT, "b2b.sell")
def make_list(body: dict[str, Any]) -> Any:
    """Make a price list."""
    return _shown(price_lists.create(own(), _draft(body)))


@blueprint.get("/price-lists/<uuid:list_id>")
@blueprint.response(200, PriceListOut)
@edge(Realm.MERCHANT, "b2b.sell")
def price_list(list_id: UUID) -> Any:
    """Return a price list with its bands."""
    return _shown(list_id)


@blueprint.put("/price-lists/<uuid:list_id>")
@blueprint.arguments(PriceListIn)
@blueprint.response(200, PriceListOut)
@edge(Realm.MERCHANT, "b2b.sell")
def change_list(body: dict[str, Any], list_id: UUID) -> Any:
    """Change a price list whole; orders keep what they were placed at."""
    price_lists.change(own(), list_id, _draft(body))
    return _shown(list_id)


@blueprint.delete("/price-lists/<uuid:list_id>")
@blueprint.response(204)
@edge(Realm.MERCHANT, "b2b.sell")
def remove_list(list_id: UUID) -> Any:
    """Delete a price list."""
    price_lists.remove(own(), list_id)
    return "", 204


def _packs() -> dict[str, Any]:
    names = ("sku", "title", "minimum", "step")
    return {"data": [dict(zip(names, one, strict=True)) for one in price_lists.packs(own())]}


@blueprint.get("/quantities")
@blueprint.response(200, CompanyPacksOut)
@edge(Realm.MERCHANT, "b2b.sell")
def quantities() -> Any:
    """List in which quantities companies buy the merchant's goods."""
    return _packs()


@blueprint.put("/quantities")
@blueprint.arguments(CompanyPacksIn)
@blueprint.response(200, CompanyPacksOut)
@edge(Realm.MERCHANT, "b2b.sell")
def set_quantities(body: dict[str, Any]) -> Any:
    """Say in which quantities companies buy; what is not named is sold by the unit."""
    price_lists.set_packs(own(), [PackDraft(**one) for one in body["data"]])
    return _packs()


@blueprint.get("/listings/<uuid:listing_id>/prices")
@blueprint.response(200, CompanyOffersOut)
@edge(Realm.BUYER)
def own_prices(listing_id: UUID) -> Any:
    """Return what one's company pays for a listing's variants."""
    seat = own_seat()
    found = pricing.offered(seat.company.id, listing_id) if seat.may_buy else []
    return {"data": [_offer(one) for one in found]}


def _offer(one: pricing.Offered) -> dict[str, Any]:
    steps = [{"from_quantity": count, "unit_minor": unit.minor} for count, unit in one.steps]
    return {"variant_id": one.variant_id, "price": one.price, "pack": one.pack, "prices": steps}
