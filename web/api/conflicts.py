"""Disputes between buyers and merchants in the API: each side takes its steps, the operator mediates and decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import request

from core.http.answers import Answer
from core.http.edge import Tx, principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, _
from core.kernel.ids import new_id
from core.kernel.tx import read_only
from core.orders import progress
from core.processes.conflicts import deciding, opening, reading, talking
from core.processes.conflicts.deciding import Decision
from core.processes.conflicts.reading import Dispute
from web import conflict_pages, signing
from web.api.surface import api_edge, resource
from web.merchant.complaints import own_complaint
from web.merchant.compliance import mine
from web.operator.compliance_findings import by
from web.purchases import customer_ids, visible_order
from web.schemas import conflicts as shape
from web.store.complaints import visible_complaint
from web.store.conflicts import visible_conflict

blueprint = resource("conflicts", "/conflicts", "Disputes between buyers and merchants, with offers and evidence")
LIMIT = 50
Body = Mapping[str, Any]
_STAFF = ("take", "decide", "conclude", "close")


def _side() -> str:
    """Return whose side the caller is on, having checked what its role needs to read."""
    who = principal()
    if who.realm is Realm.OPERATOR:
        who.require("aftersales.decide")
        return "operator"
    if who.realm is Realm.MERCHANT:
        who.require("orders.view")
        return "merchant"
    return "buyer"


def _visible(conflict_id: UUID) -> Dispute:
    side = _side()
    if side == "buyer":
        return visible_conflict(conflict_id)
    return reading.find(conflict_id, merchant_id=mine() if side == "merchant" else None)


def _dumped(one: Dispute, *, whole: bool = True) -> dict[str, object]:
    made = ("currency", "asked_minor", "awarded_minor", "extra_minor", "messages", "bundles", "sig")
    plain = {name: getattr(one, name) for name in shape.ConflictOut().fields if name not in made}
    plain |= {"currency": one.asked.currency, "asked_minor": one.asked.minor, "awarded_minor": one.awarded.minor,
              "extra_minor": one.extra.minor}  # fmt: skip
    if not whole:
        return plain
    said = [{"id": m.id, "side": m.side, "text": m.text, "offer_minor": m.offer.minor if m.offer is not None else None,
             "offer_state": m.offer_state, "at": m.at} for m in reading.messages(one)]  # fmt: skip
    made_of = [{"id": b.id, "digest": b.digest, "size": b.size, "at": b.at} for b in reading.bundles(one.id)]
    return {**plain, "messages": said, "bundles": made_of}


@blueprint.get("")
@blueprint.response(200, shape.ConflictsOut)
@api_edge(Realm.BUYER, login=False)
def conflicts() -> Answer:
    """List disputes newest first: all to the staff, one's own to merchants and buyers (`before` goes on)."""
    side, buyers = _side(), customer_ids()
    if side == "buyer" and not buyers:
        return {"data": [], "next": None}
    found = reading.listed(
        request.args.get("state", ""), merchant_id=mine() if side == "merchant" else None,
        customer_ids=buyers if side == "buyer" else (), before=request.args.get("before", type=UUID), limit=LIMIT + 1,
    )  # fmt: skip
    return {"data": [_dumped(one, whole=False) for one in found[:LIMIT]],
            "next": found[LIMIT - 1].id if len(found) > LIMIT else None}  # fmt: skip


@blueprint.post("")
@blueprint.arguments(shape.ConflictIn)
@blueprint.response(201, shape.ConflictOut)
@api_edge(Realm.BUYER, login=False)
def open_(body: Body) -> Answer:
    """Open a dispute over an order, or take a complaint on; `sig` of the answer opens it to a guest."""
    key = _opened(body, _side())
    return {**_dumped(reading.find(key)), "sig": signing.case_signature(key)}


def _opened(body: Body, side: str) -> UUID:
    who = principal()
    if side == "merchant":
        who.require("aftersales.handle")
    if body["complaint_id"]:
        if side != "operator":
            (own_complaint if side == "merchant" else visible_complaint)(body["complaint_id"])
        return opening.escalate(body["complaint_id"], side, body["text"])
    if side == "buyer":
        visible_order(body["purchase_id"] or new_id(), body["order_id"])
    else:
        progress.find(body["order_id"], merchant_id=mine() if side == "merchant" else None)
    return opening.open_(body["order_id"], side, body["text"], body["amount_minor"])


@blueprint.get("/<uuid:conflict_id>")
@blueprint.response(200, shape.ConflictOut)
@api_edge(Realm.BUYER, login=False)
def conflict(conflict_id: UUID) -> Answer:
    """Show a dispute with what was said; a guest adds `sig` to the address."""
    return _dumped(_visible(conflict_id))


@blueprint.post("/<uuid:conflict_id>/steps")
@blueprint.arguments(shape.ConflictStepIn)
@blueprint.response(200, shape.ConflictOut)
@api_edge(Realm.BUYER, login=False)
def step(body: Body, conflict_id: UUID) -> Answer:
    """Take the next step that falls to one's side."""
    _visible(conflict_id)
    side, name = _side(), body["step"]
    if side == "merchant":
        principal().require("aftersales.handle")
    is_staffs = name in _STAFF
    if name not in ("write", "elsewhere") and is_staffs is not (side == "operator"):
        raise Denied("conflicts.not_yours", _("This step falls to another side"))
    _steps(conflict_id, side, body)[name]()
    return _dumped(_visible(conflict_id))


def _steps(key: UUID, side: str, body: Body) -> Mapping[str, Callable[[], None]]:
    text = body["text"]
    decision = Decision(text, body["clause"], body["amount_minor"], body["extra_minor"], body["is_fraud"])
    return {
        "write": lambda: talking.write(key, side, text),
        "offer": lambda: talking.offer(key, side, body["amount_minor"], text),
        "accept": lambda: talking.accept(key, body["offer_id"] or new_id(), side),
        "mediate": lambda: talking.want_mediation(key, side),
        "elsewhere": lambda: talking.take_elsewhere(key, body["stage"], body["where"], body["agreement"]),
        "withdraw": lambda: opening.withdraw(key, side),
        "take": lambda: deciding.take(key, by=by(), name=principal().name),
        "decide": lambda: deciding.decide(key, decision, by=by()),
        "conclude": lambda: talking.conclude(key, text),
        "close": lambda: opening.close(key, text),
    }


@blueprint.post("/<uuid:conflict_id>/bundles")
@blueprint.response(201, shape.ConflictOut)
@api_edge(Realm.BUYER, login=False, tx=Tx.OWN)
def make_bundle(conflict_id: UUID) -> Answer:
    """Make a bundle of evidence."""
    with read_only():
        _visible(conflict_id)
    conflict_pages.make_bundle(conflict_id)
    with read_only():
        return _dumped(_visible(conflict_id))


@blueprint.get("/<uuid:conflict_id>/bundles/<uuid:bundle_id>")
@blueprint.response(200, content_type="application/zip")
@api_edge(Realm.BUYER, login=False)
def bundle(conflict_id: UUID, bundle_id: UUID) -> Answer:
    """Send a bundle of evidence."""
    _visible(conflict_id)
    return conflict_pages.bundle(conflict_id, bundle_id)
