"""The list of products: narrowed, sorted, in kept views, and what is done with many products at once."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from core.catalogue import bulk, categories, reading
from core.catalogue.reading import Narrowed
from core.http.answers import Answer, see
from core.http.edge import edge, principal
from core.http.errors import message
from core.http.listing import BulkAction, Column, Filter, Listing, View
from core.identity.principals import Realm
from web import languages
from web.badges import badge
from web.consoles import lists
from web.merchant.surface import blueprint, menu
from web.paging import next_href
from web.sellers import merchant_id, seller

menu.add("Catalogue", 20, "Products", "merchant.products", "tag", "listings.view")

STATES = ("live", "draft", "review", "hidden", "blocked", "archived")
_SORTED = (("title", "title", "title_down"), ("price", "cheapest", "dearest"), ("created", "oldest", "newest"))


@blueprint.get("/products")
@edge(Realm.MERCHANT, "listings.view")
def products() -> Answer:
    """List the merchant's products by state and words."""
    desk, wanted = lists.here(), _narrowed(request.args)
    sort = request.args.get("sort", "newest")
    found = reading.narrowed(wanted, sort=sort, after=desk.cursor(), limit=desk.limit)
    return desk.shown("merchant/products.html", "products", _listing(found, wanted), may_edit=_may_edit())


def _may_edit() -> bool:
    return principal().may("listings.edit")


def _narrowed(args: Mapping[str, str]) -> Narrowed:
    state, category = args.get("state", ""), args.get("category", "")
    chosen = next((c.id for c in categories.tree() if c.slug == category), None) if category else None
    return Narrowed(merchant_id(), state if state in STATES else None, args.get("q", ""), chosen, args.get("stock", ""))


def _listing(found: reading.Summaries, wanted: Narrowed) -> Listing:
    counts = reading.counts(merchant_id())
    views = [View(gettext("All"), url_for("merchant.products"), None, current=not lists.state())] + [
        View(str(badge("listing", s).word), url_for("merchant.products", state=s), counts.get(s, 0), s == wanted.state)
        for s in STATES
    ]
    rows = [
        {"id": str(r.id), "href": url_for("merchant.product", listing_id=r.id), "title": r.title, "price": r.price_from,
         "state": badge("listing", r.state), "variants": r.variants, "available": r.available, "created": r.created_at}
        for r in found.rows
    ]  # fmt: skip
    return Listing("products", _columns(), rows, gettext("Products"), views=views, search=wanted.search,
                   clear_href=url_for("merchant.products"), next_href=next_href(found.next),
                   total=reading.count(wanted), bulk=_bulk(wanted.state) if _may_edit() else (),
                   bulk_href=url_for("merchant.act_on_products"), filters=_filters(),
                   kept=lists.kept("category", "stock"))  # fmt: skip


def _columns() -> tuple[Column, ...]:
    def heading(key: str, label: str, kind: str = "text", card: str = "opt") -> Column:
        href, way = lists.sorting(_SORTED, key, "newest")
        return Column(key, label, kind=kind, card=card, sort_href=href, sorted=way)

    return (
        heading("title", gettext("Product")),
        heading("state", gettext("State"), "badge", "st"),
        heading("price", gettext("Price"), "money", "amt"),
        heading("variants", gettext("Variants"), "number"),
        heading("available", gettext("In stock"), "number", "sub"),
        heading("created", gettext("Added"), "ago"),
    )


def _filters() -> tuple[Filter, ...]:
    language, args = languages.language(), request.args
    tree = [(c.slug, "– " * c.depth + c.name(language)) for c in categories.tree()]
    stocks = [("some", gettext("Something to sell")), ("none", gettext("Sold out"))]
    return (
        Filter("category", gettext("Category"), args.get("category", ""), tree),
        Filter("stock", gettext("In stock"), args.get("stock", ""), stocks),
    )


def _bulk(state: str | None) -> tuple[BulkAction, ...]:
    """Return what can be done with many products of a state."""
    offered = {
        "submit": (gettext("Put on the shelf"), ("draft",)), "hide": (gettext("Take off the shelf"), ("live",)),
        "unhide": (gettext("Put on the shelf again"), ("hidden",)),
        "archive": (gettext("Archive"), ("live", "draft", "hidden", "review")),
        "restore": (gettext("Take out of the archive"), ("archived",)),
    }  # fmt: skip
    return tuple(BulkAction(name, label) for name, (label, states) in offered.items()
                 if (state in states if state else name != "restore"))  # fmt: skip


_BACK = {"hide": "unhide", "unhide": "hide"}
_OUTCOMES = {
    "submit": lambda n: ngettext("%(num)s product is handed in", "%(num)s products are handed in", n),
    "hide": lambda n: ngettext("%(num)s product is off the shelf", "%(num)s products are off the shelf", n),
    "unhide": lambda n: ngettext("%(num)s product is on the shelf again", "%(num)s products are on the shelf again", n),
    "archive": lambda n: ngettext("%(num)s product is archived", "%(num)s products are archived", n),
    "restore": lambda n: ngettext("%(num)s product is a draft again", "%(num)s products are drafts again", n),
}


@blueprint.post("/products/bulk")
@edge(Realm.MERCHANT, "listings.edit")
def act_on_products() -> Answer:
    """Do one thing to the ticked products, or to all that the list's state matches."""
    form, deed = request.form, request.form.get("action", "")
    query = form.get("query", "")[:1000]
    is_all = "all" in form
    ticked = [key for text in form.getlist("id") if (key := _uuid(text)) is not None]
    ids = reading.keys(_narrowed(dict(parse_qsl(query))), limit=bulk.MOST) if is_all else ticked
    outcome = bulk.carry_out(deed, ids, seller())
    back = f"{url_for('merchant.products')}?{query}" if query else url_for("merchant.products")
    is_undone = deed in _BACK and 0 < len(outcome.done) <= bulk.AT_ONCE
    fields = {"action": _BACK.get(deed, ""), "id": [str(key) for key in outcome.done], "query": query}
    undo = (url_for("merchant.act_on_products"), fields) if is_undone else None
    return see(back, _told(deed, outcome), undo=undo)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _told(deed: str, outcome: bulk.Outcome) -> str:
    if outcome.waiting:
        count = outcome.waiting
        return str(ngettext("%(num)s product is being changed; it takes a moment",
                            "%(num)s products are being changed; it takes a moment", count))  # fmt: skip
    said = [_OUTCOMES[deed](len(outcome.done))] if outcome.done else []
    if outcome.refused:
        first, count = outcome.refused[0], len(outcome.refused)
        said.append(ngettext("%(num)s stays as it was: %(title)s – %(reason)s",
                             "%(num)s stay as they were, such as %(title)s: %(reason)s", count,
                             title=first.title or "–", reason=message(first.error)))  # fmt: skip
    return ". ".join(str(text) for text in said) or str(gettext("Nothing was chosen"))
