"""After-sales in the API: a buyer or guest asks and follows, the shop answers, the operator decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.aftersales import answering, asking, deciding, eligible, moves, queries, returning, talking
from core.aftersales.asking import Ask
from core.aftersales.eligible import Article
from core.aftersales.queries import CaseMoment, CaseSummary, CaseView, Wanted
from core.aftersales.reasons import REASONS
from core.fulfilment.shipping import Shipment
from core.http.answers import Answer
from core.http.edge import Tx, principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, Invalid, Missing, Unauthenticated, _
from core.kernel.money import Money
from core.kernel.tx import read_only, transaction
from core.orders import progress
from web import aftersale_forms as forms
from web import files
from web.api.surface import api_edge, resource
from web.purchases import visible_order
from web.schemas.aftersales import AskIn, DecideIn, InspectIn, ListQuery, OfferIn, SentIn, TextIn

blueprint = resource("aftersales", "/aftersales", "What buyers ask for after goods were sent")
Json = Mapping[str, object]


def _staff(permission: str) -> UUID | None:
    """Return the merchant whose cases staff may touch; None for the operator's staff. Raise Denied for others."""
    who = principal()
    if who.is_guest:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    if who.realm is Realm.OPERATOR:
        who.require(permission)
        return None
    if who.realm is Realm.MERCHANT and who.merchant_id is not None:
        who.require(permission)
        return who.merchant_id
    raise Denied("orders.not_staff", _("Only the shop or the marketplace may do this"))


def _shop() -> UUID:
    """Return the merchant whose staff handles cases. Raise Denied for others."""
    key = _staff("aftersales.handle") if principal().realm is Realm.MERCHANT else None
    if key is None:
        raise Denied("aftersales.not_shop", _("Only the shop may do this"))
    return key


def _is_staff() -> bool:
    return principal().realm in (Realm.OPERATOR, Realm.MERCHANT) and not principal().is_guest


def _visible(case_id: UUID) -> CaseView:
    """Return a case to its shop, the operator, its buyer or its guest. Raise Missing for others."""
    if _is_staff():
        return queries.case(case_id, merchant_id=_staff("orders.view"))
    return _as_buyer(case_id)


def _as_buyer(case_id: UUID) -> CaseView:
    """Return a case to the buyer or guest whose it is. Raise Missing for others."""
    if principal().realm is not Realm.BUYER:
        raise Missing("aftersales.no_case", _("There is no such case"))
    case = queries.case(case_id)
    visible_order(progress.find(case.order_id).purchase_id, case.order_id)
    return case


def dumped(case: CaseView) -> Json:
    """Return a case as the API shows it; amounts in minor units."""
    return {
        "id": str(case.id), "number": case.number, "kind": case.kind, "reason": case.reason, "state": case.state,
        "needs": case.needs or None, "order_id": str(case.order_id), "merchant_id": str(case.merchant_id),
        "lines": [{"line_id": str(line.id), "title": line.title, "quantity": units} for line, units in case.lines],
        "text": case.text, "answer": case.answer, "asked_minor": case.asked.minor if case.asked else None,
        "difference_minor": case.difference.minor if case.difference else None,
        "offered_minor": case.offered.minor if case.offered else None, "by_law": case.by_law, "payer": case.payer,
        "variant_id": str(case.variant_id) if case.variant_id else None, "is_sealed": case.is_sealed,
        "return_address": dict(case.return_address), "has_label": case.has_label, "carrier": case.carrier,
        "tracking": case.tracking, "condition": case.condition, "why": case.why or None,
        "refund_id": str(case.refund_id) if case.refund_id else None,
        "parcel_id": str(case.parcel_id) if case.parcel_id else None, "opened_at": case.opened_at.isoformat(),
        "due_at": case.due_at.isoformat() if case.due_at else None,
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "moments": [_moment(moment) for moment in case.moments], "photos": [str(key) for key in case.photos],
    }  # fmt: skip


def _moment(moment: CaseMoment) -> Json:
    return {"kind": moment.kind, "text": moment.text, "facts": dict(moment.facts), "by": moment.by_kind,
            "at": moment.at.isoformat()}  # fmt: skip


def _summary(one: CaseSummary) -> Json:
    return {
        "id": str(one.id), "number": one.number, "kind": one.kind, "reason": one.reason, "state": one.state,
        "needs": one.needs or None, "order_id": str(one.order_id), "order_number": one.order_number,
        "buyer": one.buyer, "title": one.title, "units": one.units, "opened_at": one.opened_at.isoformat(),
        "due_at": one.due_at.isoformat() if one.due_at else None,
    }  # fmt: skip


def _article(article: Article) -> Json:
    return {"line_id": str(article.line.id), "title": article.line.title, "units": article.free,
            "left_minor": article.left.minor, "exclusion": article.ground.value if article.ground else None}  # fmt: skip


@blueprint.get("")
@blueprint.arguments(ListQuery, location="query")
@api_edge(Realm.MERCHANT, login=False)
def list_cases(query: dict[str, Any]) -> Json:
    """List cases: a merchant's own, or every one for the operator."""
    wanted = Wanted(_staff("orders.view"), query["tab"], query["q"], query["cursor"], query["limit"])
    found, following = queries.cases(wanted)
    return {"data": [_summary(one) for one in found], "next": str(following) if following else None}


@blueprint.get("/options/<uuid:order_id>")
@api_edge(Realm.BUYER, login=False)
def show_options(order_id: UUID) -> Json:
    """Return what the buyer may still ask for about an order, and until when."""
    order = progress.find(order_id)
    visible_order(order.purchase_id, order_id)
    found = eligible.of_order(order)
    until, fault = found.windows.no_reason_until, found.windows.fault_until
    return {
        "order_id": str(order_id), "is_any": found.is_any, "lines": [_article(one) for one in found.articles],
        "no_reason_until": until.isoformat() if until else None, "no_reason_days": found.windows.no_reason_days,
        "fault_until": fault.isoformat() if fault else None, "fault_days": found.windows.fault_days,
        "reasons": {reason: [kind.value for kind in kinds] for reason, kinds in REASONS.items()},
    }  # fmt: skip


@blueprint.post("")
@blueprint.arguments(AskIn)
@api_edge(Realm.BUYER, login=False)
def create_case(body: dict[str, Any]) -> tuple[Json, int]:
    """Ask for something about an order; once under an Idempotency-Key."""
    order = progress.find(body["order_id"])
    if principal().realm is not Realm.BUYER:
        raise Missing("orders.no_order", _("There is no such order"))
    visible_order(order.purchase_id, order.id)
    units = {part["line_id"]: part["quantity"] for part in body["lines"]}
    if len(units) != len(body["lines"]):
        raise Invalid("orders.line_twice", _("A line is named twice"))
    amount = Money(body["amount_minor"], order.currency) if body["amount_minor"] else None
    key = asking.request(Ask(order.id, body["kind"], body["reason"], units, body["text"], amount, body["variant_id"],
                             is_sealed=body["is_sealed"]))  # fmt: skip
    return dumped(queries.case(key)), 201


@blueprint.get("/<uuid:case_id>")
@api_edge(Realm.MERCHANT, login=False)
def show_case(case_id: UUID) -> Json:
    """Return a case in full."""
    return dumped(_visible(case_id))


@blueprint.get("/<uuid:case_id>/photos/<uuid:media_id>")
@api_edge(Realm.MERCHANT, login=False)
def show_photo(case_id: UUID, media_id: UUID) -> Answer:
    """Return a photograph of a case."""
    _visible(case_id)
    return files.shown(talking.photo(moves.find(case_id), media_id))


@blueprint.post("/<uuid:case_id>/photos")
@api_edge(Realm.MERCHANT, login=False, tx=Tx.OWN)
def add_photos(case_id: UUID) -> tuple[Json, int]:
    """Add photographs, sent as multipart/form-data under the name photos."""
    photos = forms.photos()
    if not photos:
        raise Invalid("media.no_file", _("Send the photographs as multipart/form-data under the name photos"))
    with transaction():
        _visible(case_id)
        if _is_staff():
            _staff("aftersales.handle" if principal().realm is Realm.MERCHANT else "aftersales.decide")
        talking.add_photos(case_id, photos)
    with read_only():
        return dumped(queries.case(case_id)), 201


@blueprint.post("/<uuid:case_id>/messages")
@blueprint.arguments(TextIn)
@api_edge(Realm.MERCHANT, login=False)
def write_message(body: dict[str, Any], case_id: UUID) -> tuple[Json, int]:
    """Write to the others."""
    _visible(case_id)
    if _is_staff():
        _staff("aftersales.handle" if principal().realm is Realm.MERCHANT else "aftersales.decide")
    talking.write(case_id, body["text"])
    return dumped(queries.case(case_id)), 201


@blueprint.post("/<uuid:case_id>/sent-back")
@blueprint.arguments(SentIn)
@api_edge(Realm.BUYER, login=False)
def sent_back(body: dict[str, Any], case_id: UUID) -> Json:
    """Note, as the buyer, with whom the goods go back."""
    _as_buyer(case_id)
    returning.send_back(case_id, body["carrier"], body["tracking"])
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/take-offer")
@api_edge(Realm.BUYER, login=False)
def take_offer(case_id: UUID) -> Json:
    """Take, as the buyer, the amount that the shop offers."""
    _as_buyer(case_id)
    returning.take_offer(case_id)
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/withdraw")
@api_edge(Realm.BUYER, login=False)
def withdraw(case_id: UUID) -> Json:
    """End, as the buyer, one's own case."""
    _as_buyer(case_id)
    returning.withdraw(case_id)
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/escalate")
@blueprint.arguments(TextIn)
@api_edge(Realm.MERCHANT, login=False)
def escalate(body: dict[str, Any], case_id: UUID) -> Json:
    """Ask the operator to decide; the operator takes a case over."""
    if not _is_staff():
        _as_buyer(case_id)
        returning.call_operator(case_id, body["text"])
    elif principal().realm is Realm.OPERATOR:
        _staff("aftersales.decide")
        deciding.take_over(case_id, body["text"])
    else:
        answering.call_operator(case_id, body["text"], merchant_id=_shop())
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/approve")
@blueprint.arguments(TextIn)
@api_edge(Realm.MERCHANT, "aftersales.handle")
def approve(body: dict[str, Any], case_id: UUID) -> Json:
    """Agree, as the shop."""
    answering.approve(case_id, body["text"], merchant_id=_shop())
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/label")
@api_edge(Realm.MERCHANT, "aftersales.handle", tx=Tx.OWN)
def add_label(case_id: UUID) -> Json:
    """Give the buyer a label for the way back: a PDF or picture, as multipart/form-data under the name label."""
    label = files.paper("label")
    with transaction():
        answering.add_label(case_id, files.keep(label, _shop()), merchant_id=_shop())
    with read_only():
        return dumped(queries.case(case_id))


@blueprint.get("/<uuid:case_id>/label")
@api_edge(Realm.MERCHANT, login=False)
def show_label(case_id: UUID) -> Answer:
    """Return the label for the way back."""
    _visible(case_id)
    return files.shown(talking.label(moves.find(case_id)))


@blueprint.post("/<uuid:case_id>/offer")
@blueprint.arguments(OfferIn)
@api_edge(Realm.MERCHANT, "aftersales.handle")
def offer(body: dict[str, Any], case_id: UUID) -> Json:
    """Offer, as the shop, an amount instead."""
    currency = moves.find(case_id, merchant_id=_shop()).currency
    answering.offer(case_id, Money(body["amount_minor"], currency), body["text"], merchant_id=_shop())
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/refuse")
@blueprint.arguments(TextIn)
@api_edge(Realm.MERCHANT, "aftersales.handle")
def refuse(body: dict[str, Any], case_id: UUID) -> Json:
    """Refuse, as the shop, with a reason."""
    answering.refuse(case_id, body["text"], merchant_id=_shop())
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/received")
@api_edge(Realm.MERCHANT, "aftersales.handle")
def received(case_id: UUID) -> Json:
    """Note, as the shop, that the goods are back."""
    answering.receive(case_id, merchant_id=_shop())
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/inspect")
@blueprint.arguments(InspectIn)
@api_edge(Realm.MERCHANT, "aftersales.handle")
def inspect(body: dict[str, Any], case_id: UUID) -> Json:
    """Say, as the shop, what was found."""
    merchant_id = _shop()
    if body["is_ok"]:
        currency = moves.find(case_id, merchant_id=merchant_id).currency
        less = Money(body["less_minor"], currency) if body["less_minor"] else None
        answering.accept_goods(case_id, body["condition"], body["text"], less=less, merchant_id=merchant_id)
    else:
        answering.reject_goods(case_id, body["text"], merchant_id=merchant_id)
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/send")
@blueprint.arguments(SentIn)
@api_edge(Realm.MERCHANT, "aftersales.handle")
def send(body: dict[str, Any], case_id: UUID) -> Json:
    """Send, as the shop, the replacement or what was repaired."""
    answering.send(case_id, Shipment(body["carrier"], body["tracking"], body["tracking_url"]), merchant_id=_shop())
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/refund")
@blueprint.arguments(TextIn)
@api_edge(Realm.MERCHANT, "aftersales.handle")
def refund_instead(body: dict[str, Any], case_id: UUID) -> Json:
    """Refund, as the shop, where nothing can be sent again."""
    answering.refund_instead(case_id, body["text"], merchant_id=_shop())
    return dumped(queries.case(case_id))


@blueprint.post("/<uuid:case_id>/decide")
@blueprint.arguments(DecideIn)
@api_edge(Realm.OPERATOR, "aftersales.decide")
def decide(body: dict[str, Any], case_id: UUID) -> Json:
    """Decide, as the operator."""
    currency = moves.find(case_id).currency
    amount = Money(body["amount_minor"], currency) if body["amount_minor"] else None
    deciding.decide(case_id, body["outcome"], body["text"], amount)
    return dumped(queries.case(case_id))
