"""Listings in the API: merchants write theirs, operators decide about all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from core.catalogue import editing, moderation, reading, variants
from core.catalogue.values import Listing, ListingInput, PictureInput, VariantInput
from core.http.answers import Answer
from core.identity.principals import Realm
from core.kernel.errors import Invalid, _
from core.kernel.money import Money
from web.api.answers import answer, cursor, limit, listed
from web.api.surface import api_edge, resource
from web.schemas.catalogue import Body, Decision, ListingChange, NewListing, VariantsIn
from web.sellers import merchant_id, seller

blueprint: Blueprint = resource("listings", "/listings", "What shops offer, for those who write and review it")
review: Blueprint = resource("listing_reviews", "/listing-reviews", "Listings of all merchants, for the operator")


def _variant(body: Body) -> VariantInput:
    price, was = body["price"], body["was"]
    return VariantInput(
        options=tuple(body["options"]), price=Money(price["amount_minor"], price["currency"]), sku=body["sku"],
        was=Money(was["amount_minor"], was["currency"]) if was else None, weight_g=body["weight_g"],
        barcode=body["barcode"], id=body["id"],
    )  # fmt: skip


def _own(listing_id: UUID) -> Listing:
    return reading.listing(listing_id, merchant_id())


def _entered(base: ListingInput, body: Body) -> ListingInput:
    names = ("title", "category_id", "description", "brand", "attributes", "tax_bps", "publish_at", "unpublish_at")
    given: dict[str, Any] = {name: body[name] for name in names if name in body}
    if "tags" in body:
        given["tags"] = tuple(body["tags"])
    return replace(base, **given)


def _pictures(listing_id: UUID, body: Body) -> None:
    if "pictures" in body:
        pictures = [PictureInput(picture["media_id"], picture["alt"]) for picture in body["pictures"]]
        editing.set_pictures(listing_id, merchant_id(), pictures)


@blueprint.get("/")
@api_edge(Realm.MERCHANT, "listings.view")
def own_listings() -> Answer:
    """List the merchant's listings by ?state= and ?q=, newest first."""
    found = reading.listings(merchant_id=merchant_id(), state=_state(), search=request.args.get("q", ""),
                             after=cursor(), limit=limit())  # fmt: skip
    return listed(found.rows, found.next)


def _state() -> str | None:
    state = request.args.get("state")
    if state and state not in ("draft", "review", "live", "hidden", "blocked", "archived"):
        raise Invalid("catalogue.no_state", _("There is no such state"))
    return state or None


@blueprint.post("/")
@blueprint.arguments(NewListing)
@api_edge(Realm.MERCHANT, "listings.edit")
def create_listing(body: Body) -> Answer:
    """Write a new draft, with its variants if they are given."""
    base = ListingInput(body["title"], body["category_id"], external_key=body["external_key"])
    listing_id = editing.create_listing(seller(body["shop_id"]), _entered(base, body))
    if body["variants"]:
        rows = [_variant(variant) for variant in body["variants"]]
        variants.set_variants(listing_id, merchant_id(), body["option_names"], rows)
    _pictures(listing_id, body)
    return answer(_own(listing_id), 201)


@blueprint.get("/<uuid:listing_id>")
@api_edge(Realm.MERCHANT, "listings.view")
def own_listing(listing_id: UUID) -> Answer:
    """Return a listing with its variants and pictures."""
    return answer(_own(listing_id))


@blueprint.patch("/<uuid:listing_id>")
@blueprint.arguments(ListingChange)
@api_edge(Realm.MERCHANT, "listings.edit")
def change_listing(body: Body, listing_id: UUID) -> Answer:
    """Change what a listing says."""
    now = _own(listing_id)
    base = ListingInput(
        now.title, now.category_id, now.description, now.brand, now.attributes, now.tags, now.tax_bps, now.publish_at,
        now.unpublish_at, now.external_key,
    )  # fmt: skip
    editing.change_listing(listing_id, merchant_id(), _entered(base, body), body["version"])
    _pictures(listing_id, body)
    return answer(_own(listing_id))


@blueprint.get("/<uuid:listing_id>/variants")
@api_edge(Realm.MERCHANT, "listings.view")
def own_variants(listing_id: UUID) -> Answer:
    """Return a listing's variants."""
    return listed(_own(listing_id).variants)


@blueprint.put("/<uuid:listing_id>/variants")
@blueprint.arguments(VariantsIn)
@api_edge(Realm.MERCHANT, "listings.edit")
def put_variants(body: Body, listing_id: UUID) -> Answer:
    """Replace the options matrix; variants that are named again keep their ids, stock and history."""
    rows = [_variant(variant) for variant in body["variants"]]
    variants.set_variants(listing_id, merchant_id(), body["option_names"], rows, body["version"])
    return answer(_own(listing_id))


@blueprint.post("/<uuid:listing_id>/<any(submit,hide,unhide,archive,restore):act>")
@api_edge(Realm.MERCHANT, "listings.edit")
def move_listing(listing_id: UUID, act: str) -> Answer:
    """Hand in, hide, show, archive or restore a listing."""
    if act == "submit":
        moderation.submit(listing_id, seller())
    else:
        acts = {"hide": moderation.hide, "unhide": moderation.unhide, "archive": moderation.archive,
                "restore": moderation.restore}  # fmt: skip
        acts[act](listing_id, merchant_id())
    return answer(_own(listing_id))


@review.get("/")
@api_edge(Realm.OPERATOR, "listings.review")
def all_listings() -> Answer:
    """List listings of all merchants by ?state= and ?q=, newest first."""
    found = reading.listings(state=_state(), search=request.args.get("q", ""), after=cursor(), limit=limit())
    return listed(found.rows, found.next)


@review.get("/<uuid:listing_id>")
@api_edge(Realm.OPERATOR, "listings.review")
def any_listing(listing_id: UUID) -> Answer:
    """Return any listing with its variants and pictures."""
    return answer(reading.listing(listing_id))


@review.post("/<uuid:listing_id>/<any(approve,changes,block,unblock):act>")
@review.arguments(Decision)
@api_edge(Realm.OPERATOR, "listings.review")
def decide(body: Body, listing_id: UUID, act: str) -> Answer:
    """Approve, ask for changes, block, or lift a block."""
    match act:
        case "approve":
            moderation.approve(listing_id)
        case "unblock":
            moderation.unblock(listing_id)
        case "block":
            moderation.block(listing_id, body["reason"])
        case _:
            moderation.ask_for_changes(listing_id, body["reason"])
    return answer(reading.listing(listing_id))
