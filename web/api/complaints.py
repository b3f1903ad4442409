"""Complaints in the API: anybody files and follows, the merchant answers, the operator decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from core.http.answers import Answer
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, Invalid, _
from core.processes.complaints import answering, deciding, filing, reading
from core.processes.complaints.deciding import Decision
from core.processes.complaints.filing import Filed
from core.processes.complaints.kinds import BUSINESS
from core.processes.complaints.reading import Complaint
from web import signing
from web.api.surface import api_edge, resource
from web.complaint_forms import listing_of, merchant_of, order_of
from web.languages import language
from web.merchant.complaints import own_complaint
from web.merchant.compliance import mine
from web.operator.compliance_findings import by
from web.purchases import customer_ids, visible_order
from web.schemas import complaints as shape
from web.store.complaints import carry_out, visible_complaint

blueprint = resource("complaints", "/complaints", "Complaints and reports of every class, with their clocks")
LIMIT = 50
Body = Mapping[str, Any]
_STAFF, _SHOP = ("take", "call_in", "decide", "block", "report", "prove", "close"), ("answer", "prove")
_COMPLAINANT = ("settle", "refuse", "withdraw", "confirm")


def _is_staff() -> bool:
    return principal().realm is Realm.OPERATOR


def _visible(complaint_id: UUID) -> Complaint:
    """Return a case to the staff, its merchant, or whoever filed it. Raise Missing for anyone else."""
    who = principal()
    if _is_staff():
        who.require("aftersales.decide")
        return reading.find(complaint_id)
    if who.realm is Realm.MERCHANT:
        who.require("orders.view")
        return own_complaint(complaint_id)
    return visible_complaint(complaint_id)


def _dumped(case: Complaint, *, whole: bool = True) -> dict[str, object]:
    plain = {name: getattr(case, name) for name in shape.ComplaintOut().fields if name not in ("messages", "sig")}
    if principal().realm is Realm.MERCHANT and case.kind != BUSINESS:
        plain |= {"name": "", "email": ""}
    if not whole:
        return plain
    said = reading.messages(case.id, with_internal=_is_staff())
    return {
        **plain,
        "messages": [{name: getattr(one, name) for name in ("side", "text", "is_internal", "at")} for one in said],
    }


@blueprint.get("")
@blueprint.arguments(shape.ComplaintListIn, location="query")
@blueprint.response(200, shape.ComplaintsOut)
@api_edge(Realm.BUYER, login=False)
def listed(query: Body) -> Answer:
    """List cases newest first: all to the staff, a merchant's to itself, a buyer's to the buyer."""
    who, merchant_id = principal(), None
    if _is_staff():
        who.require("aftersales.decide")
    elif who.realm is Realm.MERCHANT:
        who.require("orders.view")
        merchant_id = who.merchant_id
    mine = () if _is_staff() or merchant_id else customer_ids()
    if not (_is_staff() or merchant_id or mine):
        return {"data": [], "next": None}
    found = reading.listed(query["view"], kind=query["kind"], merchant_id=merchant_id, customer_ids=mine,
                           before=query["before"], limit=LIMIT + 1)  # fmt: skip
    shown = [one for one in found[:LIMIT] if merchant_id is None or one.kind in ("consumer", BUSINESS)]
    return {"data": [_dumped(one, whole=False) for one in shown],
            "next": found[LIMIT - 1].id if len(found) > LIMIT else None}  # fmt: skip


@blueprint.post("")
@blueprint.arguments(shape.ComplaintIn)
@blueprint.response(201, shape.ComplaintOut)
@api_edge(Realm.BUYER, login=False)
def file(body: Body) -> Answer:
    """File a complaint or report; `sig` of the answer opens it to whoever has no account."""
    key = filing.file(_filed(body))
    return {**_dumped(reading.find(key)), "sig": signing.case_signature(key)}


def _filed(body: Body) -> Filed:
    who = principal()
    plain = {name: body[name] for name in ("kind", "topic", "text", "wish", "name", "email", "about_on")}
    listing_id = listing_of(body["listing"]) if body["kind"] == "illegal" else None
    if _is_staff():
        who.require("aftersales.decide")
        order_id = order_of(body["order_number"])
        return Filed(**plain, channel=body["channel"], order_id=order_id, listing_id=listing_id, locale=language(),
                     merchant_id=None if order_id else merchant_of(body["shop"]))  # fmt: skip
    if (who.realm is Realm.MERCHANT) is not (body["kind"] == BUSINESS):
        raise Invalid("complaints.class", _("Merchants complain about the marketplace, buyers about shops"))
    if who.realm is Realm.MERCHANT:
        who.require("compliance.answer")
        return Filed(**{**plain, "name": who.name, "email": who.email}, merchant_id=who.merchant_id, locale=language())
    if body["order_id"]:
        visible_order(body["purchase_id"] or body["order_id"], body["order_id"])
    mine = customer_ids()
    shop = merchant_of(body["shop"]) if body["kind"] == "consumer" and not body["order_id"] else None
    return Filed(**plain, order_id=body["order_id"], listing_id=listing_id, merchant_id=shop, locale=language(),
                 customer_id=mine[0] if mine else None)  # fmt: skip


@blueprint.get("/<uuid:complaint_id>")
@blueprint.response(200, shape.ComplaintOut)
@api_edge(Realm.BUYER, login=False)
def case(complaint_id: UUID) -> Answer:
    """Show a case with what was said; a guest adds `sig` to the address."""
    return _dumped(_visible(complaint_id))


@blueprint.post("/<uuid:complaint_id>/messages")
@blueprint.arguments(shape.MessageIn)
@blueprint.response(201, shape.ComplaintOut)
@api_edge(Realm.BUYER, login=False)
def write(body: Body, complaint_id: UUID) -> Answer:
    """Write a message; staff may keep an internal note."""
    found, who = _visible(complaint_id), principal()
    if who.realm is Realm.MERCHANT:
        who.require("aftersales.handle")
    is_shop = who.realm is Realm.MERCHANT and found.kind != BUSINESS
    side = "operator" if _is_staff() else "merchant" if is_shop else "complainant"
    answering.write(complaint_id, side, body["text"], is_internal=body["is_internal"] and _is_staff())
    return _dumped(_visible(complaint_id))


@blueprint.post("/<uuid:complaint_id>/steps")
@blueprint.arguments(shape.ComplaintStepIn)
@blueprint.response(200, shape.ComplaintOut)
@api_edge(Realm.BUYER, login=False)
def step(body: Body, complaint_id: UUID) -> Answer:
    """Take the next step that falls to one's side."""
    found, who, name = _visible(complaint_id), principal(), body["step"]
    allowed = (
        _STAFF if _is_staff() else _SHOP if who.realm is Realm.MERCHANT and found.kind != BUSINESS else _COMPLAINANT
    )
    if name not in allowed:
        raise Denied("complaints.not_yours", _("This step falls to another side"))
    if who.realm is Realm.MERCHANT:
        who.require("aftersales.handle")
    if name in _COMPLAINANT:
        carry_out(complaint_id, name, body["text"])
    else:
        _steps(body, complaint_id, found)[name]()
    return _dumped(_visible(complaint_id))


def _steps(body: Body, key: UUID, case: Complaint) -> Mapping[str, Callable[[], None]]:
    text = body["text"]
    shop = None if _is_staff() else case.merchant_id
    decision = Decision(body["outcome"], text, body["clause"], body["remedy"], body["cause"])
    return {
        "answer": lambda: answering.answer(key, mine(), body["offer"], text),
        "prove": lambda: answering.prove(key, text, merchant_id=shop),
        "take": lambda: deciding.take(key, by=by(), name=principal().name),
        "call_in": lambda: deciding.call_in(key),
        "decide": lambda: deciding.decide(key, decision),
        "block": lambda: deciding.block(key, text),
        "report": lambda: deciding.report(key, text),
        "close": lambda: answering.close(key),
    }
