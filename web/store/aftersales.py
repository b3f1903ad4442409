"""A buyer asks for something after goods were sent, in three steps, and follows the case; guests by their link too."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.aftersales import asking, eligible, exchanging, moves, queries, returning, settling, talking
from core.aftersales.asking import Ask
from core.aftersales.eligible import Eligible
from core.aftersales.exchanging import Replacement
from core.aftersales.queries import CaseView
from core.aftersales.reasons import CHANGED_MIND, NEEDS_GOODS, REASONS, UNLESS_SEALED, Kind
from core.aftersales.terms import payer
from core.billing.views import OrderView
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.kernel.ids import token
from core.kernel.tx import transaction
from core.orders import progress
from web import aftersale_forms as forms
from web import aftersale_words as words
from web import files, order_forms
from web.purchases import carried, customer_ids, visible_order
from web.rendering import money
from web.store.surface import blueprint


@dataclass(frozen=True, slots=True)
class _Step:
    """Where the three steps stand: the number, what was chosen, and why it does not go on."""

    number: int
    wanted: Ask
    refusal: str = ""
    kinds: tuple[Kind, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    asks_for_seal: bool = False


@blueprint.get("/orders/<uuid:purchase_id>/<uuid:order_id>/ask")
@edge(Realm.BUYER, login=False)
def ask_aftersale(purchase_id: UUID, order_id: UUID, error: AppError | None = None) -> Answer:
    """Ask what it is about, then what the buyer wants, then show it once more before it is sent."""
    order = visible_order(purchase_id, order_id)
    found = eligible.of_order(progress.find(order_id))
    given = request.values
    step = _step(order, found, error)
    return page(
        "store/aftersale_ask.html", order=order, found=found, step=step, given=given, kept=forms.kept(given),
        key=given.get("key") or token(), carried=carried(), reasons=[(code, words.REASONS[code], "", "") for code in REASONS],
        kinds=[(kind.value, words.KINDS[kind], words.KIND_NOTES[kind], "") for kind in step.kinds], words=words,
        others=[(one.variant_id, _said(one)) for one in step.replacements], instead=_instead(step),
        payer=payer(step.wanted.reason, order.address.get("country", "")), needs_goods=step.wanted.kind in NEEDS_GOODS,
        is_guest=not customer_ids(), tab="orders",
    )  # fmt: skip


def _said(one: Replacement) -> str:
    """Say what may be sent instead, and where there is none of it now."""
    name = ", ".join(one.options) or one.sku
    if one.less:
        name = gettext("%(variant)s, %(amount)s comes back", variant=name, amount=money(one.less))
    return name if one.available else f"{name} ({gettext('not on the shelf now')})"


def _instead(step: _Step) -> str:
    """Say what the buyer wants instead; nothing but for an exchange."""
    if step.wanted.kind != Kind.EXCHANGE:
        return ""
    wish = [_said(one) for one in step.replacements if one.variant_id == step.wanted.variant_id]
    return wish[0] if wish else gettext("The same article once more")


def _step(order: OrderView, found: Eligible, error: AppError | None) -> _Step:
    """Return the furthest step that what was chosen allows."""
    asked, given = request.values.get("step", 1, type=int), request.values
    said = order_forms.refusal(error)
    wanted = Ask(order.id, "", given.get("reason", ""), {})
    try:
        wanted = forms.ask(order, given)
        if asked < 2:
            return _Step(1, wanted, said)
        picked = eligible.chosen(found, wanted.units)
        eligible.check_reason(found, picked, wanted.reason, is_sealed=True)
    except AppError as refused:
        return _Step(1, wanted, order_forms.refusal(refused))
    kinds = eligible.kinds(picked, wanted.reason)
    others = exchanging.replacements(*picked[0]) if Kind.EXCHANGE in kinds else ()
    seal = wanted.reason == CHANGED_MIND and any(article.ground in UNLESS_SEALED for article, _units in picked)
    if asked > 2 and error is None:
        try:
            asking.check(found, wanted)
        except AppError as refused:
            said = order_forms.refusal(refused)
        else:
            return _Step(3, wanted, "", kinds, others)
    return _Step(3 if error and forms.photos_refused(error) else 2, wanted, said, kinds, others, seal)


@blueprint.post("/orders/<uuid:purchase_id>/<uuid:order_id>/ask")
@edge(Realm.BUYER, login=False, tx=Tx.OWN, again=ask_aftersale)
def send_aftersale(purchase_id: UUID, order_id: UUID) -> Answer:
    """Open the case with its photographs."""
    photos = forms.photos()
    with transaction():
        order = visible_order(purchase_id, order_id)
        case_id = asking.request(forms.ask(order, request.form))
        if not queries.case(case_id).photos:
            talking.add_photos(case_id, photos)
    return see(_case_href(purchase_id, case_id), gettext("Sent. The shop has been told, and you have a mail."))


def _case_href(purchase_id: UUID, case_id: UUID) -> str:
    return url_for("store.aftersale", purchase_id=purchase_id, case_id=case_id, **carried())


def _visible(purchase_id: UUID, case_id: UUID) -> tuple[OrderView, CaseView]:
    """Return a case of a visible purchase with its order. Raise Missing otherwise."""
    case = queries.case(case_id)
    try:
        return visible_order(purchase_id, case.order_id), case
    except Missing:
        raise Missing("aftersales.no_case", _("There is no such case")) from None


@blueprint.get("/orders/<uuid:purchase_id>/cases/<uuid:case_id>")
@edge(Realm.BUYER, login=False)
def aftersale(purchase_id: UUID, case_id: UUID, error: AppError | None = None) -> Answer:
    """Show a case: where it stands, what comes next and by when, and what the buyer may do."""
    order, case = _visible(purchase_id, case_id)
    row = moves.find(case_id)
    is_money = case.is_open and case.kind not in (Kind.EXCHANGE, Kind.REPAIR)
    expected = settling.expected(row, progress.find(order.id)) if is_money else None
    return page(
        "store/aftersale.html", order=order, case=case, next_step=words.buyers_next(case, order.shop.name),
        timeline=words.told(case.moments, shop=order.shop.name), expected=expected, refunded=words.refunded(case),
        parcel=next((parcel for parcel in order.parcels if parcel.id == case.parcel_id), None), words=words,
        said=order_forms.refusal(error), typed=request.form, carried=carried(), is_guest=not customer_ids(),
        tab="orders",
    )  # fmt: skip


def _back(purchase_id: UUID, case_id: UUID, toast: str) -> Answer:
    return see(_case_href(purchase_id, case_id), toast)


@blueprint.post("/orders/<uuid:purchase_id>/cases/<uuid:case_id>/sent-back")
@edge(Realm.BUYER, login=False, again=aftersale)
def aftersale_sent_back(purchase_id: UUID, case_id: UUID) -> Answer:
    """Note with whom the goods go back."""
    _visible(purchase_id, case_id)
    returning.send_back(case_id, request.form.get("carrier", ""), request.form.get("tracking", ""))
    return _back(purchase_id, case_id, gettext("Noted; the shop has been told"))


@blueprint.post("/orders/<uuid:purchase_id>/cases/<uuid:case_id>/take-offer")
@edge(Realm.BUYER, login=False, again=aftersale)
def take_aftersale_offer(purchase_id: UUID, case_id: UUID) -> Answer:
    """Take what the shop offers."""
    _visible(purchase_id, case_id)
    returning.take_offer(case_id)
    return _back(purchase_id, case_id, gettext("Taken; the money is on its way back"))


@blueprint.post("/orders/<uuid:purchase_id>/cases/<uuid:case_id>/withdraw")
@edge(Realm.BUYER, login=False, again=aftersale)
def withdraw_aftersale(purchase_id: UUID, case_id: UUID) -> Answer:
    """End the case."""
    _visible(purchase_id, case_id)
    returning.withdraw(case_id)
    return _back(purchase_id, case_id, gettext("Withdrawn"))


@blueprint.post("/orders/<uuid:purchase_id>/cases/<uuid:case_id>/call")
@edge(Realm.BUYER, login=False, again=aftersale)
def call_marketplace(purchase_id: UUID, case_id: UUID) -> Answer:
    """Ask the marketplace to decide."""
    _visible(purchase_id, case_id)
    returning.call_operator(case_id, request.form.get("text", ""))
    return _back(purchase_id, case_id, gettext("The marketplace has been called"))


@blueprint.post("/orders/<uuid:purchase_id>/cases/<uuid:case_id>/messages")
@edge(Realm.BUYER, login=False, tx=Tx.OWN, again=aftersale)
def write_aftersale(purchase_id: UUID, case_id: UUID) -> Answer:
    """Write to the shop and the marketplace, and add photographs."""
    photos = forms.photos()
    with transaction():
        _visible(purchase_id, case_id)
        talking.add_photos(case_id, photos)
        if request.form.get("text", "").strip() or not photos:
            talking.write(case_id, request.form.get("text", ""))
    return _back(purchase_id, case_id, gettext("Sent"))


@blueprint.get("/orders/<uuid:purchase_id>/cases/<uuid:case_id>/photos/<uuid:media_id>/file")
@edge(Realm.BUYER, login=False)
def aftersale_photo_file(purchase_id: UUID, case_id: UUID, media_id: UUID) -> Answer:
    """Send a photograph of the case."""
    _visible(purchase_id, case_id)
    return files.shown(talking.photo(moves.find(case_id), media_id))


@blueprint.get("/orders/<uuid:purchase_id>/cases/<uuid:case_id>/label")
@edge(Realm.BUYER, login=False)
def aftersale_label_file(purchase_id: UUID, case_id: UUID) -> Answer:
    """Send the label for the way back."""
    _visible(purchase_id, case_id)
    return files.shown(talking.label(moves.find(case_id)))
