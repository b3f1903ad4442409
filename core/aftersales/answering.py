"""The shop's side of a case: answer, offer, receive, inspect, send a replacement."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from core.aftersales import moves, settling
from core.aftersales.reasons import NEEDS_GOODS, Kind
from core.catalogue import reservations
from core.catalogue.reservations import Want
from core.fulfilment import shipping
from core.fulfilment.shipping import Shipment
from core.kernel.audit import Plain
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.money import Money
from core.merchants.models import MerchantRow, ShopRow
from core.orders.aftersale_models import AftersaleRow
from core.orders.models import LineRow, OrderRow

CONDITIONS = ("resell", "scrap")


def approve(case_id: UUID, text: str = "", *, merchant_id: UUID | None = None, label_id: UUID | None = None) -> None:
    """Agree: the buyer sends the goods back first where the kind needs it, and gets the money at once elsewhere.

    Raise Missing or Conflict: answered already, or the shop has no address to send to.
    """
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "requested")
    case.label_id = label_id or case.label_id
    if case.kind not in NEEDS_GOODS:
        settling.give_back(order, case, text=text.strip()[: moves.LONGEST])
        return
    if not await_goods(order, case, text):
        raise Conflict("aftersales.no_address", _("Set the return address of your shop first; the buyer needs it"))


def await_goods(order: OrderRow, case: AftersaleRow, text: str = "") -> bool:
    """Let the buyer of a locked case send the goods back; return False where nobody knows where to."""
    case.return_address = _address(order)
    if not case.return_address:
        return False
    case.answer = text.strip()[: moves.LONGEST]
    moves.advance(order, case, "approved", case.answer)
    return True


def _address(order: OrderRow) -> dict[str, str]:
    query = (
        select(ShopRow.return_address, ShopRow.name, MerchantRow.address)
        .join(MerchantRow, (MerchantRow.tenant_id == ShopRow.tenant_id) & (MerchantRow.id == ShopRow.merchant_id))
        .where(ShopRow.id == order.shop_id)
    )
    row = session().execute(query).one()
    found: Mapping[str, str] = row.return_address or row.address or {}
    return {"name": row.name, **found} if found.get("line1") else {}


def add_label(case_id: UUID, label_id: UUID, *, merchant_id: UUID | None = None) -> None:
    """Give the buyer a label for the way back. Raise Missing, or Conflict unless the goods are awaited."""
    _order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "approved")
    case.label_id = label_id
    moves.remember(case, "label")
    moves.tell(case, "label")


def refuse(case_id: UUID, text: str, *, merchant_id: UUID | None = None) -> None:
    """Refuse with a reason; the buyer may call the operator.

    Raise Missing, Invalid (no reason) or Conflict: answered already, or a right that the law gives.
    """
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "requested")
    if case.by_law:
        message = _("The law gives the buyer this return. Look at the goods when they are back.")
        raise Conflict("aftersales.by_law", message)
    case.answer = moves.said(text)
    moves.advance(order, case, "refused", case.answer)


def offer(case_id: UUID, amount: Money, text: str = "", *, merchant_id: UUID | None = None) -> None:
    """Offer an amount while the goods stay with the buyer, who takes it or not. Raise Missing, Invalid or Conflict."""
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "requested")
    if amount.currency != case.currency or amount.minor <= 0:
        fault = FieldError("amount", _("Give an amount above zero"))
        raise Invalid("aftersales.no_amount", _("Say how much you offer"), fields=(fault,))
    most = settling.left(case)
    if amount > most:
        raise Conflict("aftersales.too_much", _("At most {left} can go back for this"), left=most)
    case.offered_minor, case.answer = amount.minor, text.strip()[: moves.LONGEST]
    facts: dict[str, Plain] = {"amount_minor": amount.minor, "currency": amount.currency}
    moves.advance(order, case, "offered", case.answer, **facts)


def receive(case_id: UUID, *, merchant_id: UUID | None = None) -> None:
    """Note that the goods are back, though the buyer may not have said that they were sent. Raise Missing, Conflict."""
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "approved", "sent_back")
    if case.state == "approved":
        moves.advance(order, case, "sent_back")
    moves.advance(order, case, "received")


def accept_goods(
    case_id: UUID, condition: str, text: str = "", *, less: Money | None = None, merchant_id: UUID | None = None
) -> None:
    """Find the goods in order: refund a return, perhaps `less` an amount for wear; go on with the other kinds.

    `condition` is "resell" (back on the shelf) or "scrap" (written off). Raise Missing, Invalid (no condition; an
    amount kept without a reason) or Conflict.
    """
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "received")
    text = moves.said(text) if less else text.strip()[: moves.LONGEST]
    _take_in(order, case, condition)
    if case.kind == Kind.RETURN:
        amount = settling.lessened(order, case, less) if less else None
        settling.give_back(order, case, amount, text)
    else:
        moves.advance(order, case, "inspected", text, condition=case.condition)


def _take_in(order: OrderRow, case: AftersaleRow, condition: str) -> None:
    if case.kind == Kind.REPAIR:
        return
    if condition not in CONDITIONS:
        fault = FieldError("condition", _("Choose what becomes of the goods"))
        raise Invalid("aftersales.no_condition", _("Say what becomes of the goods"), fields=(fault,))
    case.condition = condition
    units = moves.units_of(case)
    variants = session().execute(select(LineRow.id, LineRow.variant_id).where(LineRow.id.in_(units))).all()
    moved = [(line_id, variant_id, units[line_id]) for line_id, variant_id in variants]
    if condition == "resell":
        reservations.restock(order.id, moved, f"aftersale:{case.id}")
    else:
        reservations.scrap(order.id, moved, f"aftersale:{case.id}")


def reject_goods(case_id: UUID, text: str, *, merchant_id: UUID | None = None) -> None:
    """Find that what came back is not in order; the buyer may call the operator. Raise Missing, Invalid, Conflict."""
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "received")
    case.answer = moves.said(text)
    moves.advance(order, case, "rejected", case.answer)


def send(case_id: UUID, shipment: Shipment, *, merchant_id: UUID | None = None) -> UUID:
    """Send the replacement, which leaves the stock, or what was repaired; return the parcel and end the case.

    Where the replacement costs less, the difference goes back to the buyer, by the rule and not by who sends.
    Raise Missing, Invalid (no carrier), Conflict, or OutOfStock: refund instead.
    """
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "inspected")
    units = moves.units_of(case)
    case.parcel_id = shipping.send_again(order.id, shipment, units)
    if case.kind == Kind.EXCHANGE:
        _take_out(order, case, units)
    facts: dict[str, Plain] = {"carrier": shipment.carrier.strip(), "tracking": shipment.tracking.strip()}
    facts |= settling.give_difference(order, case)
    moves.advance(order, case, "exchanged" if case.kind == Kind.EXCHANGE else "repaired", "", **facts)
    return case.parcel_id


def _take_out(order: OrderRow, case: AftersaleRow, units: Mapping[UUID, int]) -> None:
    lines = session().scalars(select(LineRow).where(LineRow.id.in_(units))).all()
    wants = [
        Want(order.purchase_id, order.id, line.id, case.variant_id or line.variant_id, units[line.id]) for line in lines
    ]
    reservations.reserve(wants, None)
    reservations.ship(order.id, dict(units), f"parcel:{case.parcel_id}")


def refund_instead(case_id: UUID, text: str = "", *, merchant_id: UUID | None = None) -> None:
    """Give the money back where no replacement or repair is possible. Raise Missing or Conflict."""
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "inspected")
    settling.give_back(order, case, text=text.strip()[: moves.LONGEST])


def call_operator(case_id: UUID, text: str, *, merchant_id: UUID | None = None) -> None:
    """Ask the operator to decide. Raise Missing, Invalid (no reason) or Conflict."""
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, "requested", "sent_back", "received")
    moves.advance(order, case, "escalated", moves.said(text))
