"""The operator's view of listings: the review queue, the whole catalogue, and what may be decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.catalogue import attributes, categories, moderation, reading
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.errors import message
from core.http.listing import Column, Listing, View
from core.identity.principals import Realm
from core.kernel.errors import AppError, _
from core.merchants import directory, shops
from web import languages
from web.badges import badge
from web.operator.surface import blueprint, menu
from web.paging import cursor, next_href

menu.add("Marketplace", 30, "Listings", "operator.listings", "package", "listings.review")

_STATES = ("review", "live", "draft", "hidden", "blocked", "archived")


@blueprint.get("/listings")
@edge(Realm.OPERATOR, "listings.review")
def listings() -> Answer:
    """List all merchants' listings; the first view is what waits for a review."""
    state, words = request.args.get("state", ""), request.args.get("q", "")
    found = reading.listings(state=state if state in _STATES else None, search=words, after=cursor())
    merchants = directory.found({row.merchant_id for row in found.rows})
    counts = reading.counts()
    views = [View(gettext("All"), url_for("operator.listings"), None, current=not state)] + [
        View(str(badge("listing", s).word), url_for("operator.listings", state=s), counts.get(s, 0), current=s == state)
        for s in _STATES
    ]
    columns = (
        Column("title", gettext("Listing")),
        Column("merchant", gettext("Merchant"), card="sub"),
        Column("state", gettext("State"), kind="badge", card="st"),
        Column("price", gettext("Price"), kind="money", card="amt"),
        Column("created", gettext("Added"), kind="ago"),
    )
    rows = [
        {"id": str(r.id), "href": url_for("operator.listing", listing_id=r.id), "title": r.title, "price": r.price_from,
         "merchant": merchants[r.merchant_id].name, "state": badge("listing", r.state), "created": r.created_at}
        for r in found.rows
    ]  # fmt: skip
    shown = Listing("listings", columns, rows, gettext("Listings"), views=views, search=words,
                    clear_href=url_for("operator.listings"), next_href=next_href(found.next))  # fmt: skip
    return page("operator/listings.html", listings=shown, waiting=counts.get("review", 0))


@blueprint.get("/listings/<uuid:listing_id>")
@edge(Realm.OPERATOR, "listings.review")
def listing(listing_id: UUID, error: AppError | None = None) -> Answer:
    """Show a listing as it would stand on the shelf, and what may be decided."""
    found, language = reading.listing(listing_id), languages.language()
    known = {a.code: a for a in attributes.of_category(found.category_id)}
    queue = [row for row in reading.review_queue() if row.id != listing_id]
    return page(
        "operator/listing.html", listing=found, said=message(error) if error else "", language=language,
        merchant=directory.find(found.merchant_id), shop=shops.find(found.merchant_id, found.shop_id),
        line=[c.name(language) for c in categories.ancestors(found.category_id)], known=known,
        queue=queue[-8:], reason=request.form.get("reason", ""),
    )  # fmt: skip


_ACTS: Mapping[str, tuple[Callable[[UUID], object], str]] = {
    "approve": (moderation.approve, _("Approved")),
    "changes": (lambda key: moderation.ask_for_changes(key, request.form.get("reason", "")), _("Sent back")),
    "block": (lambda key: moderation.block(key, request.form.get("reason", "")), _("Blocked")),
    "unblock": (moderation.unblock, _("The block is lifted")),
}


@blueprint.post("/listings/<uuid:listing_id>")
@edge(Realm.OPERATOR, "listings.review", again=listing)
def decide_listing(listing_id: UUID) -> Answer:
    """Approve, ask for changes, block or lift a block; then show the next that waits."""
    act = request.form.get("act", "")
    carry_out, said = _ACTS[act] if act in _ACTS else _ACTS["changes"]
    carry_out(listing_id)
    waiting = reading.review_queue(1)
    if act in ("approve", "changes") and waiting:
        return see(url_for("operator.listing", listing_id=waiting[-1].id), gettext(said))
    return see(url_for("operator.listing", listing_id=listing_id), gettext(said))
