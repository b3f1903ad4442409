"""The operator's view of listings: the review queue, the whole catalogue, and what may be decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.catalogue import attributes, categories, moderation, reading
from core.catalogue.reading import Narrowed
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.errors import message
from core.http.listing import Column, Filter, Listing, View
from core.identity.principals import Realm
from core.kernel.errors import AppError, _
from core.merchants import directory, shops
from web import languages
from web.badges import badge
from web.consoles import lists
from web.operator.surface import blueprint, menu
from web.paging import next_href

menu.add("Marketplace", 30, "Listings", "operator.listings", "package", "listings.review")

_SORTED = (("title", "title", "title_down"), ("price", "cheapest", "dearest"), ("created", "oldest", "newest"))
_STATES = ("review", "live", "draft", "hidden", "blocked", "archived")


@blueprint.get("/listings")
@edge(Realm.OPERATOR, "listings.review")
def listings() -> Answer:
    """List all merchants' listings; the first view is what waits for a review."""
    desk, args = lists.here(), request.args
    state = args.get("state", "")
    wanted = Narrowed(None, state if state in _STATES else None, args.get("q", ""), stock=args.get("stock", ""))
    found = reading.narrowed(wanted, sort=args.get("sort", "newest"), after=desk.cursor(), limit=desk.limit)
    counts = reading.counts()
    return desk.shown("operator/listings.html", "listings", _listing(found, wanted, counts),
                      waiting=counts.get("review", 0))  # fmt: skip


def _listing(found: reading.Summaries, wanted: Narrowed, counts: Mapping[str, int]) -> Listing:
    merchants = directory.found({row.merchant_id for row in found.rows})
    views = [View(gettext("All"), url_for("operator.listings"), None, current=not lists.state())] + [
        View(str(badge("listing", s).word), url_for("operator.listings", state=s), counts.get(s, 0), s == wanted.state)
        for s in _STATES
    ]
    rows = [
        {"id": str(r.id), "href": url_for("operator.listing", listing_id=r.id), "title": r.title, "price": r.price_from,
         "merchant": merchants[r.merchant_id].name, "state": badge("listing", r.state), "created": r.created_at}
        for r in found.rows
    ]  # fmt: skip
    stocks = [("some", gettext("Something to sell")), ("none", gettext("Sold out"))]
    return Listing("listings", _columns(), rows, gettext("Listings"), views=views, search=wanted.search,
                   clear_href=url_for("operator.listings"), next_href=next_href(found.next),
                   total=reading.count(wanted), kept=lists.kept("stock"),
                   filters=(Filter("stock", gettext("In stock"), wanted.stock, stocks),))  # fmt: skip


def _columns() -> tuple[Column, ...]:
    def heading(key: str, label: str, kind: str, card: str) -> Column:
        href, way = lists.sorting(_SORTED, key, "newest")
        return Column(key, label, kind=kind, card=card, sort_href=href, sorted=way)

    return (
        heading("title", gettext("Listing"), "text", "lead"),
        heading("merchant", gettext("Merchant"), "text", "sub"),
        heading("state", gettext("State"), "badge", "st"),
        heading("price", gettext("Price"), "money", "amt"),
        heading("created", gettext("Added"), "ago", "opt"),
    )


@blueprint.get("/listings/queue")
@edge(Realm.OPERATOR, "listings.review")
def listing_queue() -> Answer:
    """Go to the listing that has waited longest, after the one that was just looked at."""
    return _to_next(request.args.get("after", type=UUID), "")


def _to_next(after: UUID | None, said: str) -> Answer:
    waiting = [row.id for row in reversed(reading.review_queue())]
    place = waiting.index(after) + 1 if after in waiting else 0
    rest = [key for key in (*waiting[place:], *waiting[:place]) if key != after]
    if not rest:
        none = gettext("No listing waits for a review")
        return see(url_for("operator.listings"), f"{said}. {none}" if said else none)
    return see(url_for("operator.listing", listing_id=rest[0]), said)


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
        queue=queue[-8:], reason=request.form.get("reason", ""), template=request.form.get("template", ""),
        templates=[(str(text), str(text)) for text in TEMPLATES],
    )  # fmt: skip


TEMPLATES = (
    _l("The pictures do not show the goods. Add clear ones of what is sold."),
    _l("The description leaves out what buyers must know. Complete it."),
    _l("The category is not the right one. Choose another."),
    _l("The price or the former price is misleading. Correct it."),
    _l("These goods may not be sold on this marketplace."),
    _l("Documents that the law asks for are missing for these goods."),
)


def _reason() -> str:
    """Return what was chosen of the reasons that are often given, and what was written."""
    return " ".join(text for name in ("template", "reason") if (text := request.form.get(name, "").strip()))


_ACTS: Mapping[str, tuple[Callable[[UUID], object], str]] = {
    "approve": (moderation.approve, _("Approved")),
    "changes": (lambda key: moderation.ask_for_changes(key, _reason()), _("Sent back")),
    "block": (lambda key: moderation.block(key, _reason()), _("Blocked")),
    "unblock": (moderation.unblock, _("The block is lifted")),
}


@blueprint.post("/listings/<uuid:listing_id>")
@edge(Realm.OPERATOR, "listings.review", again=listing)
def decide_listing(listing_id: UUID) -> Answer:
    """Approve, ask for changes, block or lift a block; then show the next that waits."""
    act = request.form.get("act", "")
    carry_out, said = _ACTS[act] if act in _ACTS else _ACTS["changes"]
    was_waiting = reading.listing(listing_id).state == "review"
    carry_out(listing_id)
    if was_waiting:
        return _to_next(listing_id, gettext(said))
    return see(url_for("operator.listing", listing_id=listing_id), gettext(said))
