"""Merchants: the queue of applications, the list, and everything about one with what may be decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.catalogue import tallies
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing, View
from core.http.slots import drawn, filled
from core.identity.principals import Realm
from core.kernel import audit
from core.kernel.errors import AppError, Missing, _
from core.media import uploads
from core.merchants import applying, delivery, directory, documents, reviewing, shops
from core.merchants.values import Merchant
from core.orders import figures
from core.payments import provider_accounts
from web import files
from web.badges import badge
from web.consoles import lists
from web.operator.surface import blueprint, menu
from web.payout_words import needed
from web.schemas.merchants import ReasonIn, countries
from web.submitting import load, refused

menu.add("Marketplace", 10, "Merchants", "operator.merchants", "store", "merchants.review")

VIEWS = (("", _l("All")), ("applied", _l("To review")), ("info_asked", _l("Information asked")),
         ("approved", _l("Approved")), ("rejected", _l("Rejected")), ("suspended", _l("Suspended")),
         ("closed", _l("Closed")))  # fmt: skip
KINDS = {"person": _l("Person"), "company": _l("Company"), "promoter": _l("Promoter")}
TEMPLATES: Mapping[str, tuple[object, ...]] = {
    "ask": (
        _l("The document cannot be read. Hand in a clear picture of the whole page."),
        _l("The name on the document is not the name of the application. Correct one of them."),
        _l("The number in the trade register could not be found. Check it, or hand in an extract."),
    ),
    "reject": (
        _l("These goods may not be sold on this marketplace."),
        _l("We could not verify who stands behind this application."),
        _l("This merchant was closed before for breaking the rules."),
    ),
    "suspend": (
        _l("Orders were not sent in the promised time."),
        _l("We received reports about goods that do not comply with the law and look into them."),
        _l("Documents have expired and were not renewed."),
    ),
}
DECISIONS = ("approve", "ask", "reject", "suspend", "restore", "close")


@blueprint.get("/merchants")
@edge(Realm.OPERATOR, "merchants.review")
def merchants() -> Answer:
    """List merchants by state; those that wait come first where no state is asked for."""
    state, words = request.args.get("state", ""), request.args.get("q", "")
    desk = lists.here()
    before, limit = desk.cursor("before"), desk.limit
    found = directory.search(state=state or None, words=words, before=before, limit=limit + 1)
    first = directory.waiting() if not state and not words and before is None else ()
    rows = [*first, *(m for m in found[:limit] if m.id not in {w.id for w in first})]
    following = _next(found, state, words, limit)
    return desk.shown("operator/merchants.html", "merchants", _listing(rows, state, words, following),
                      queue=url_for("operator.merchant_queue"), waiting=directory.counts().get("applied", 0))  # fmt: skip


@blueprint.get("/merchants/queue")
@edge(Realm.OPERATOR, "merchants.review")
def merchant_queue() -> Answer:
    """Go to the application that has waited longest, after the one that was just looked at."""
    after = request.args.get("after", type=UUID)
    waiting = [m for m in directory.waiting() if m.state == "applied"]
    places = [m.id for m in waiting]
    place = places.index(after) + 1 if after in places else 0
    rest = [*waiting[place:], *(m for m in waiting[:place] if m.id != after)]
    if not rest:
        return see(url_for("operator.merchants"), gettext("No application waits"))
    return see(url_for("operator.merchant", merchant_id=rest[0].id))


@blueprint.get("/merchants/<uuid:merchant_id>")
@edge(Realm.OPERATOR, "merchants.review")
def merchant(merchant_id: UUID) -> Answer:
    """Show everything about a merchant."""
    return _overview(merchant_id)


def _overview(merchant_id: UUID, error: AppError | None = None) -> Answer:
    found = applying.application(merchant_id)
    mine = shops.of_merchant(merchant_id)
    account = provider_accounts.of_merchant(merchant_id)
    return page(
        "operator/merchant.html",
        merchant=found.merchant, application=found, shops=mine, listings=tallies.by_state(merchant_id),
        delivery=delivery.options_for(shop.id for shop in mine), deeds=audit.deeds(subject_id=merchant_id, limit=30),
        kind=KINDS[found.merchant.kind], country=dict(countries()).get(found.merchant.country, ""),
        handed_in={d.requirement: d for d in found.documents}, templates=TEMPLATES,
        reason_options={name: [(str(text), str(text)) for text in texts] for name, texts in TEMPLATES.items()},
        said=refused(error),
        lacks=[gettext(fault.message) for fault in found.lacks], typed=request.form.get("reason", ""),
        pieces=filled("merchant.review", {"merchant_id": merchant_id}), drawn=drawn, payout_account=account,
        sales=figures.figures(merchant_id=merchant_id) if principal().may("orders.view") else None,
        payout_needs=needed(account.needs) if account else [],
    )  # fmt: skip


@blueprint.post("/merchants/<uuid:merchant_id>/<any(approve, ask, reject, suspend, restore, close):decision>")
@edge(Realm.OPERATOR, "merchants.review", again=lambda merchant_id, decision, error: _overview(merchant_id, error))
def decide(merchant_id: UUID, decision: str) -> Answer:
    """Carry out a decision; from the queue, go on to the next application."""
    _DECIDE[decision](merchant_id)
    toast = gettext(_DONE[decision])
    if request.form.get("next"):
        return see(url_for("operator.merchant_queue", after=merchant_id), toast)
    return see(url_for("operator.merchant", merchant_id=merchant_id), toast)


@blueprint.post("/merchants/<uuid:merchant_id>/documents/<uuid:document_id>")
@edge(Realm.OPERATOR, "merchants.review", again=lambda merchant_id, document_id, error: _overview(merchant_id, error))
def judge_document(merchant_id: UUID, document_id: UUID) -> Answer:
    """Accept or refuse a document."""
    if request.form.get("action") == "accept":
        documents.accept(merchant_id, document_id)
    else:
        documents.refuse(merchant_id, document_id, load(ReasonIn())["reason"])
    return see(url_for("operator.merchant", merchant_id=merchant_id), gettext("Saved"))


@blueprint.get("/merchants/<uuid:merchant_id>/documents/<uuid:document_id>")
@edge(Realm.OPERATOR, "merchants.review")
def merchant_document(merchant_id: UUID, document_id: UUID) -> Answer:
    """Send a document to the person who reviews it."""
    found = documents.find(merchant_id, document_id)
    if found.media_id is None:
        raise Missing("merchants.document_missing", _("There is no such document"))
    return files.shown(uploads.original(found.media_id, merchant_id))


def _reason() -> str:
    """Return what was chosen of the reasons that are often given, and what was written."""
    return " ".join(text for name in ("template", "reason") if (text := request.form.get(name, "").strip()))


_DECIDE: Mapping[str, Callable[[UUID], Merchant]] = {
    "approve": reviewing.approve,
    "ask": lambda key: reviewing.ask(key, _reason()),
    "reject": lambda key: reviewing.reject(key, _reason()),
    "suspend": lambda key: reviewing.suspend(key, _reason()),
    "restore": reviewing.restore,
    "close": lambda key: reviewing.close(key, _reason()),
}
_DONE: Mapping[str, str] = {
    "approve": _("Approved; the merchant has been told"),
    "ask": _("Asked; the merchant has been told"),
    "reject": _("Rejected; the merchant has been told"),
    "suspend": _("Suspended; the goods go off sale"),
    "restore": _("Restored; the goods go on sale again"),
    "close": _("Closed; the merchant has been told"),
}


def _next(found: tuple[Merchant, ...], state: str, words: str, limit: int) -> str:
    if len(found) <= limit:
        return ""
    return url_for("operator.merchants", state=state or None, q=words or None, before=found[limit - 1].id)


def _listing(rows: list[Merchant], state: str, words: str, next_href: str) -> Listing:
    counts = directory.counts()
    names = dict(countries())
    views = [
        View(
            str(label),
            url_for("operator.merchants", state=name or None),
            counts.get(name) if name else None,
            name == state,
        )
        for name, label in VIEWS
    ]
    columns = (
        Column("name", gettext("Merchant")),
        Column("country", gettext("Country"), card="sub"),
        Column("kind", gettext("Kind"), card="opt"),
        Column("email", gettext("E-mail"), card="opt"),
        Column("applied_at", gettext("Applied"), kind="ago", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )
    cells = [
        {
            "id": str(m.id), "href": url_for("operator.merchant", merchant_id=m.id), "name": m.name, "email": m.email,
            "country": names.get(m.country, m.country), "kind": KINDS[m.kind], "applied_at": m.applied_at,
            "state": badge("merchant", m.state),
        }
        for m in rows
    ]  # fmt: skip
    return Listing("merchants", columns, cells, gettext("Merchants"), views=views, search=words, next_href=next_href,
                   clear_href=url_for("operator.merchants"), kept=lists.kept())  # fmt: skip
