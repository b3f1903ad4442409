"""A merchant's after-sales: what has to be answered today, one case with everything that may be done, and rules."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.aftersales import answering, exclusions, moves, queries, settling, talking
from core.aftersales.reasons import NEEDS_GOODS
from core.billing import views
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.kernel.money import Money
from core.kernel.tx import transaction
from core.orders import progress
from web import aftersale_forms as forms
from web import aftersale_lists as lists
from web import aftersale_words as words
from web import files, order_forms
from web.merchant.surface import blueprint, menu

menu.add("", 12, "After-sales", "merchant.aftersales", "life-buoy", "orders.view")


def _merchant_id() -> UUID:
    """Return whose staff asks. Raise Missing for one who works for nobody yet."""
    key = principal().merchant_id
    if key is None:
        raise Missing("aftersales.no_case", _("There is no such case"))
    return key


@blueprint.get("/aftersales")
@edge(Realm.MERCHANT, "orders.view")
def aftersales() -> Answer:
    """List the merchant's cases, the most urgent first."""
    wanted = lists.asked(_merchant_id(), otherwise="to_do")
    rules = url_for("merchant.return_rules") if principal().may("listings.edit") else ""
    return page("console/aftersales.html", cases=lists.listing(wanted, "merchant"), rules_href=rules)


@blueprint.get("/aftersales/<uuid:case_id>")
@edge(Realm.MERCHANT, "orders.view")
def aftersale(case_id: UUID, error: AppError | None = None, **_ids: UUID) -> Answer:
    """Show a case, the best next step on top."""
    case = queries.case(case_id, merchant_id=_merchant_id())
    row, order = moves.find(case_id), views.order(case.order_id)
    expected = settling.expected(row, progress.find(case.order_id)) if case.is_open else None
    return page(
        "console/aftersale.html", case=case, order=order, next_step=words.merchants_next(case), words=words,
        timeline=words.told(case.moments), expected=expected, left=settling.left(row), refunded=words.refunded(case),
        needs_goods=case.kind in NEEDS_GOODS, may_handle=principal().may("aftersales.handle"), may_decide=False,
        outcomes=(), said=order_forms.refusal(error), typed=request.form, prefix="merchant.",
    )  # fmt: skip


def _back(case_id: UUID, toast: str) -> Answer:
    return see(url_for("merchant.aftersale", case_id=case_id), toast)


def _text() -> str:
    return request.form.get("text", "")


def _amount(case_id: UUID, name: str) -> Money | None:
    return forms.amount(request.form.get(name, ""), moves.find(case_id, merchant_id=_merchant_id()).currency)


@blueprint.post("/aftersales/<uuid:case_id>/approve")
@edge(Realm.MERCHANT, "aftersales.handle", tx=Tx.OWN, again=aftersale)
def approve_aftersale(case_id: UUID) -> Answer:
    """Agree, perhaps with a label for the way back."""
    label = forms.label()
    with transaction():
        label_id = files.keep(label, _merchant_id()) if label else None
        answering.approve(case_id, _text(), merchant_id=_merchant_id(), label_id=label_id)
    return _back(case_id, gettext("Agreed; the buyer has been told"))


@blueprint.post("/aftersales/<uuid:case_id>/label")
@edge(Realm.MERCHANT, "aftersales.handle", tx=Tx.OWN, again=aftersale)
def label_aftersale(case_id: UUID) -> Answer:
    """Give the buyer a label for the way back."""
    label = files.paper("label")
    with transaction():
        answering.add_label(case_id, files.keep(label, _merchant_id()), merchant_id=_merchant_id())
    return _back(case_id, gettext("The buyer has the label"))


@blueprint.post("/aftersales/<uuid:case_id>/offer")
@edge(Realm.MERCHANT, "aftersales.handle", again=aftersale)
def offer_aftersale(case_id: UUID) -> Answer:
    """Offer an amount instead."""
    amount = _amount(case_id, "amount") or Money.zero(moves.find(case_id).currency)
    answering.offer(case_id, amount, _text(), merchant_id=_merchant_id())
    return _back(case_id, gettext("Offered; the buyer has been told"))


@blueprint.post("/aftersales/<uuid:case_id>/refuse")
@edge(Realm.MERCHANT, "aftersales.handle", again=aftersale)
def refuse_aftersale(case_id: UUID) -> Answer:
    """Refuse with a reason."""
    answering.refuse(case_id, _text(), merchant_id=_merchant_id())
    return _back(case_id, gettext("Refused; the buyer has been told"))


@blueprint.post("/aftersales/<uuid:case_id>/received")
@edge(Realm.MERCHANT, "aftersales.handle", again=aftersale)
def receive_aftersale(case_id: UUID) -> Answer:
    """Note that the goods are back."""
    answering.receive(case_id, merchant_id=_merchant_id())
    return _back(case_id, gettext("Noted; look at the goods next"))


@blueprint.post("/aftersales/<uuid:case_id>/accept-goods")
@edge(Realm.MERCHANT, "aftersales.handle", again=aftersale)
def accept_aftersale_goods(case_id: UUID) -> Answer:
    """Find the goods in order."""
    condition, less = request.form.get("condition", ""), _amount(case_id, "less")
    answering.accept_goods(case_id, condition, _text(), less=less or None, merchant_id=_merchant_id())
    return _back(case_id, gettext("Noted; the buyer has been told"))


@blueprint.post("/aftersales/<uuid:case_id>/reject-goods")
@edge(Realm.MERCHANT, "aftersales.handle", again=aftersale)
def reject_aftersale_goods(case_id: UUID) -> Answer:
    """Find the goods not in order."""
    answering.reject_goods(case_id, _text(), merchant_id=_merchant_id())
    return _back(case_id, gettext("Noted; the buyer has been told"))


@blueprint.post("/aftersales/<uuid:case_id>/send")
@edge(Realm.MERCHANT, "aftersales.handle", again=aftersale)
def send_aftersale(case_id: UUID) -> Answer:
    """Send the replacement, or what was repaired."""
    answering.send(case_id, forms.shipment(), merchant_id=_merchant_id())
    return _back(case_id, gettext("Sent; the buyer has been told"))


@blueprint.post("/aftersales/<uuid:case_id>/refund")
@edge(Realm.MERCHANT, "aftersales.handle", again=aftersale)
def refund_aftersale(case_id: UUID) -> Answer:
    """Refund where nothing can be sent again."""
    answering.refund_instead(case_id, _text(), merchant_id=_merchant_id())
    return _back(case_id, gettext("Refunded; the buyer has been told"))


@blueprint.post("/aftersales/<uuid:case_id>/escalate")
@edge(Realm.MERCHANT, "aftersales.handle", again=aftersale)
def escalate_aftersale(case_id: UUID) -> Answer:
    """Ask the marketplace to decide."""
    answering.call_operator(case_id, _text(), merchant_id=_merchant_id())
    return _back(case_id, gettext("The marketplace has been called"))


@blueprint.post("/aftersales/<uuid:case_id>/messages")
@edge(Realm.MERCHANT, "aftersales.handle", tx=Tx.OWN, again=aftersale)
def write_aftersale(case_id: UUID) -> Answer:
    """Write to the others, and add photographs."""
    photos = forms.photos()
    with transaction():
        talking.add_photos(case_id, photos, merchant_id=_merchant_id())
        if _text().strip() or not photos:
            talking.write(case_id, _text(), merchant_id=_merchant_id())
    return _back(case_id, gettext("Sent"))


@blueprint.get("/aftersales/<uuid:case_id>/photos/<uuid:media_id>/file")
@edge(Realm.MERCHANT, "orders.view")
def aftersale_photo_file(case_id: UUID, media_id: UUID) -> Answer:
    """Send a photograph of the case."""
    return files.shown(talking.photo(moves.find(case_id, merchant_id=_merchant_id()), media_id))


@blueprint.get("/aftersales/<uuid:case_id>/label")
@edge(Realm.MERCHANT, "orders.view")
def aftersale_label_file(case_id: UUID) -> Answer:
    """Send the label for the way back."""
    return files.shown(talking.label(moves.find(case_id, merchant_id=_merchant_id())))


@blueprint.get("/aftersales/rules")
@edge(Realm.MERCHANT, "listings.edit")
def return_rules(error: AppError | None = None, **_ids: UUID) -> Answer:
    """Show which listings cannot be sent back for a change of mind."""
    rules = [
        (one.names["en"], one.ground.value, one.created_at, url_for("merchant.remove_return_rule", rule_id=one.id))
        for one in exclusions.of_listings(_merchant_id())
    ]
    return page("console/return_rules.html", rules=rules, grounds=words.GROUNDS, categories=None, prefix="merchant.",
                said=order_forms.refusal(error), typed=request.form)  # fmt: skip


@blueprint.post("/aftersales/rules")
@edge(Realm.MERCHANT, "listings.edit", again=return_rules)
def add_return_rule() -> Answer:
    """Exclude the listing of an article number."""
    exclusions.exclude_article(_merchant_id(), request.form.get("sku", ""), request.form.get("ground", ""))
    return see(url_for("merchant.return_rules"), gettext("Saved"))


@blueprint.post("/aftersales/rules/<uuid:rule_id>/remove")
@edge(Realm.MERCHANT, "listings.edit", again=return_rules)
def remove_return_rule(rule_id: UUID) -> Answer:
    """Let a listing be sent back again."""
    exclusions.remove(rule_id, merchant_id=_merchant_id())
    return see(url_for("merchant.return_rules"), gettext("Removed"))
