"""What a buyer has saved: the heart of cards and of a product's page, and the page with all of them.

A guest's click is remembered by a cookie for an hour and carried out once they have signed in.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.catalogue import chosen, detail, visibility
from core.customers import buyers, saved
from core.hooks.types import Viewer
from core.http.answers import Answer, Page, See, local_path, said_aloud, see
from core.http.edge import edge, principal
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing
from core.kernel.tenancy import current
from core.kernel.tx import transaction
from web.languages import language
from web.store import addresses, cards
from web.store.account import customer_id
from web.store.surface import blueprint
from web.store.viewers import sight

COOKIE = "save"
_REMEMBERED = timedelta(hours=1)


def _not_saved(error: AppError, slug: str) -> Answer:
    if request.headers.get("HX-Request"):
        return said_aloud({"toast": message(error)})
    return see(_back(slug), message(error))


@blueprint.post("/saved/<slug>")
@edge(Realm.BUYER, login=False, again=_not_saved)
def toggle_saved(slug: str) -> Answer:
    """Save a listing, or take it out again; ask a guest to sign in first, and save it then."""
    listing = detail.by_slug(slug, sight())
    if principal().is_guest:
        target = url_for("store.sign_in", next=_back(slug))
        return See(target, gettext("Sign in, and it is saved"), {COOKIE: listing.slug}, _REMEMBERED)
    buyer = customer_id()
    if saved.is_saved(buyer, listing.id):
        saved.remove(buyer, [listing.id])
        return _said(slug, gettext("No longer saved"))
    saved.save(buyer, listing.id)
    return _said(slug, gettext("Saved"))


def _said(slug: str, what: str) -> Answer:
    if request.headers.get("HX-Request"):
        toast = {"text": what, "action": gettext("See what you saved"), "link": url_for("store.saved")}
        return said_aloud({"toast": toast})
    return see(_back(slug), what)


def _back(slug: str) -> str:
    """Return the page on which the heart was; the product's own if the browser does not say."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.host:
        return addresses.product(slug)
    return local_path(f"{came.path}?{came.query}" if came.query else came.path, addresses.product(slug))


def remembered(user_id: UUID) -> dict[str, str]:
    """Carry out what a guest wanted to save before signing in; return the cookies to set. Opens its transaction."""
    slug = request.cookies.get(COOKIE, "")
    if not slug:
        return {}
    with transaction():
        buyer = buyers.customer_of(user_id)
        if buyer is not None:
            _save_if_there(buyer.id, slug)
    return {COOKIE: ""}


def _save_if_there(buyer: UUID, slug: str) -> None:
    try:
        listing = detail.by_slug(slug[:200], visibility.sight(Viewer(buyer, language(), current().country)))
    except Missing:
        return
    if len(saved.page(buyer, limit=saved.MOST)[0]) < saved.MOST:
        saved.save(buyer, listing.id)


@blueprint.get("/account/saved", endpoint="saved")
@edge(Realm.BUYER)
def saved_page() -> Answer:
    """Show what one has saved, the latest first; what is not on sale at the moment is counted."""
    before = request.args.get("before", type=UUID)
    keys, following = saved.page(customer_id(), before=before)
    found = chosen.cards(keys, sight())
    next_href = url_for("store.saved", before=following) if following else ""
    return Page("account/saved.html", {
        "cards": cards.drawn(found), "gone": len(keys) - len(found), "next_href": next_href,
        "previous_href": url_for("store.saved") if before else "", "error": "",
    })  # fmt: skip


@blueprint.post("/account/saved/tidy")
@edge(Realm.BUYER)
def tidy_saved() -> Answer:
    """Take out what is not on sale any more."""
    buyer = customer_id()
    keys, _following = saved.page(buyer, limit=saved.MOST)
    visible = {card.id for card in chosen.cards(keys, sight())}
    saved.remove(buyer, [key for key in keys if key not in visible])
    return see(url_for("store.saved"), gettext("Removed"))
