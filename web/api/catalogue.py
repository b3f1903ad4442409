"""The catalogue for programs: what the storefront shows, to anyone, without a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Response, jsonify, request

from core.catalogue import detail, keyset, queries, search
from core.catalogue.detail import ListingView, VariantView
from core.catalogue.keyset import Sort
from core.catalogue.queries import Card, CardPage, Filters
from core.catalogue.tree import Node, tree
from core.http.answers import Answer
from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.errors import Invalid, Missing, _
from core.kernel.money import Money
from core.merchants import shopfronts
from core.merchants.shopfronts import Shop
from web.api.surface import resource
from web.store import wishes
from web.store.viewers import sight

blueprint = resource("catalogue", "/catalogue", "What is for sale, as buyers see it")
_MOST = 100
_Route = Callable[[Callable[..., Any]], Callable[..., Any]]
_get: Callable[[str], _Route] = blueprint.get
_CACHED = "public, max-age=15"
Json = dict[str, Any]


@_get("/listings")
@edge(Realm.BUYER, login=False)
def listings() -> Answer:
    """List listings by ?category= (path), shop= (slug), min, max, available, sale, own, f.<facet>, sort, limit, cursor."""
    asked = _asked(Sort.NEWEST)
    after = keyset.read(asked.cursor, asked.sort) if asked.cursor else None
    return _cached(_page(queries.page(asked.filters, sight(), asked.sort, after=after, limit=_limit())))


@_get("/search")
@edge(Realm.BUYER, login=False)
def find() -> Answer:
    """Find listings by ?q= and the filters of the list; `spelling` says that titles only look like the words."""
    asked = _asked(Sort.BEST)
    if not asked.filters.words:
        raise Invalid("catalogue.no_words", _("Give the words to look for in q"))
    found = search.find(asked.filters, sight(), asked.sort, cursor=asked.cursor, limit=_limit())
    total = {"number": found.total.number, "is_capped": found.total.is_capped}
    return _cached({**_page(found.page), "total": total, "spelling": found.spelling})


@_get("/listings/<uuid:listing_id>")
@edge(Realm.BUYER, login=False)
def listing(listing_id: UUID) -> Answer:
    """Return one listing with its variants and pictures."""
    return _cached(_listing(detail.by_id(listing_id, sight())))


@_get("/categories")
@edge(Realm.BUYER, login=False)
def categories() -> Answer:
    """Return the tree of categories, flat, with the facets that each is filtered by."""
    return _cached({"data": [_node(node) for node in tree().nodes.values()], "next": None})


@_get("/shops")
@edge(Realm.BUYER, login=False)
def shops() -> Answer:
    """List open shops by name. `cursor` is the `next` of the page before."""
    cursor, limit = request.args.get("cursor", ""), _limit()
    place = _shop_place(cursor) if cursor else None
    found = shopfronts.listed(*(place or ()), most=limit + 1)
    following = str(found[limit - 1].id) if len(found) > limit else None
    return _cached({"data": [_shop(shop) for shop in found[:limit]], "next": following})


def _shop_place(cursor: str) -> tuple[str, UUID]:
    try:
        shop = shopfronts.shops([UUID(cursor)])[UUID(cursor)]
    except (ValueError, KeyError):
        raise Invalid("merchants.bad_cursor", _("The cursor is not one of this list")) from None
    return shop.name, shop.id


def _asked(sort: Sort) -> wishes.Wishes:
    path, slug = request.args.get("category", ""), request.args.get("shop", "")
    node = tree().by_path.get(path)
    if path and node is None:
        raise Missing("catalogue.no_category", _("There is no such category"))
    base = Filters(shop_id=shopfronts.by_slug(slug).id) if slug else None
    return wishes.read(request.path, request.args, node=node, base=base, sort=sort)


def _limit() -> int:
    limit = request.args.get("limit", queries.PAGE, type=int)
    if not 1 <= limit <= _MOST:
        raise Invalid("catalogue.bad_limit", _("The limit is a number from 1 to {most}"), most=_MOST)
    return limit


def _cached(body: Mapping[str, object]) -> Response:
    """Return JSON that may be kept for some seconds, and is not sent again where it did not change."""
    answer = jsonify(body)
    answer.headers["Cache-Control"] = _CACHED
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _money(amount: Money | None) -> Json | None:
    return {"amount_minor": amount.minor, "currency": amount.currency} if amount is not None else None


def _page(page: CardPage) -> Json:
    return {"data": [card_out(card) for card in page.cards], "next": page.next}


def card_out(card: Card) -> Json:
    """Return a listing as lists of the API show it."""
    return {
        "id": card.id, "slug": card.slug, "title": card.title, "shop_id": card.shop_id,
        "price_from": _money(card.price), "price_to": _money(Money(card.price_to_minor, card.currency)), "was": _money(card.was),
        "picture_id": card.picture_id, "is_available": card.is_available,
        "published_at": card.published_at.isoformat(),
    }  # fmt: skip


def _listing(view: ListingView) -> Json:
    return {
        "id": view.id, "slug": view.slug, "title": view.title, "description": view.description, "brand": view.brand,
        "attributes": dict(view.attributes), "option_names": view.option_names, "category_id": view.category_id,
        "shop_id": view.shop_id, "merchant_id": view.merchant_id, "price_from": _money(view.price_from),
        "price_to": _money(view.price_to), "was": _money(view.was), "is_available": view.is_available,
        "tax_bps": view.tax_bps, "published_at": view.published_at.isoformat(),
        "variants": [_variant(variant) for variant in view.variants],
        "pictures": [{"media_id": picture.media_id, "alt": picture.alt} for picture in view.pictures],
    }  # fmt: skip


def _variant(variant: VariantView) -> Json:
    return {
        "id": variant.id, "sku": variant.sku, "options": variant.options, "price": _money(variant.price),
        "was": _money(variant.was), "lowest_30_days": _money(variant.lowest), "available": variant.available,
    }  # fmt: skip


def _node(node: Node) -> Json:
    facets = [
        {"code": facet.code, "names": dict(facet.names), "unit": facet.unit,
         "options": {value: dict(names) for value, names in facet.options.items()}}
        for facet in node.facets
    ]  # fmt: skip
    return {"id": node.id, "parent_id": node.parent_id, "path": node.path, "names": dict(node.names), "facets": facets}


def _shop(shop: Shop) -> Json:
    return {
        "id": shop.id, "slug": shop.slug, "name": shop.name, "city": shop.city, "state": shop.state,
        "is_house": shop.is_house, "return_days": shop.return_days,
        "deliveries": [
            {"code": way.code, "label": way.label, "price": _money(way.price), "free_from": _money(way.free_from),
             "min_days": way.min_days, "max_days": way.max_days}
            for way in shop.deliveries
        ],
    }  # fmt: skip
