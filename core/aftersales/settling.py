"""The money of a case: what goes back, by units or by amount, and the delivery price where it goes back too."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from core.aftersales import eligible, law, moves
from core.aftersales.reasons import is_fault
from core.billing import refund_limit
from core.billing.parts import left_of
from core.billing.refund import RefundRequest, delivery_left, preview, refund
from core.kernel import audit
from core.kernel.audit import Plain
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, _
from core.kernel.money import Money, spread, total
from core.orders.aftersale_models import AftersaleRow
from core.orders.models import LineRow, OrderRow


def left(case: AftersaleRow) -> Money:
    """Return what the buyer can still get back for the goods of a case, delivery left aside."""
    return total(left_of(_lines(case)).values(), case.currency)


def expected(case: AftersaleRow, order: OrderRow) -> Money:
    """Return what the buyer gets if the case ends with the money back as it was asked for; nothing moves."""
    request = _request(order, case, None)
    return preview(request).amount if request is not None else Money.zero(case.currency)


def give_back(order: OrderRow, case: AftersaleRow, amount: Money | None = None, text: str = "") -> None:
    """Refund a locked case and end it: the given amount, or else what was asked for, or the units' whole price.

    Where the shop has given everything back already, the case ends without a refund. Raise Conflict for a person where
    the amount needs a second one: it is refunded at the order then, and the case ends when it is answered once more.
    """
    request = _request(order, case, amount)
    if request is None:
        moves.advance(order, case, "closed", text, why="settled")
        return
    _require_one_person(order, request)
    done = refund(request)
    case.refund_id = done.id
    case.is_lessened = bool(request.amounts) and moves.came_back(case)
    facts: dict[str, Plain] = {
        "amount_minor": done.amount.minor, "currency": done.amount.currency, "refund": done.number,
    }  # fmt: skip
    moves.advance(order, case, "refunded", text, **facts)


def give_difference(order: OrderRow, case: AftersaleRow) -> dict[str, Plain]:
    """Refund what a replacement costs less, at most what is left; return what to say of it, nothing where it is nothing."""
    amounts = _amounts(case, Money(case.difference_minor, case.currency)) if case.difference_minor else {}
    if not amounts:
        return {}
    with audit.acting(audit.SYSTEM):
        done = refund(RefundRequest(order.id, {}, f"aftersale:{case.id}:difference", case.number, amounts=amounts))
    case.refund_id = done.id
    return {"amount_minor": done.amount.minor, "currency": done.amount.currency, "refund": done.number}


def _require_one_person(order: OrderRow, request: RefundRequest) -> None:
    is_person = audit.actor().kind != audit.SYSTEM.kind
    if is_person and refund_limit.is_above(order.id, preview(request).amount):
        raise Conflict(
            "aftersales.second_person",
            _("This is more than one person may give back. Refund it at the order, where another person can agree, "
              "then answer here once more."),
        )  # fmt: skip


def lessened(order: OrderRow, case: AftersaleRow, less: Money) -> Money:
    """Return what goes back when so much is kept for wear. Raise Invalid or Conflict if nothing would be left."""
    if less.currency != case.currency or less.minor < 0:
        raise Invalid("refunds.amount", _("An amount to give back is not negative"))
    whole = expected(case, order)
    if less >= whole:
        raise Conflict("aftersales.nothing_left", _("Keep less than {whole}, or refuse what came back"), whole=whole)
    return whole - less


def _request(order: OrderRow, case: AftersaleRow, amount: Money | None) -> RefundRequest | None:
    key, reason = f"aftersale:{case.id}", case.number
    asked = amount or (Money(case.asked_minor, case.currency) if case.asked_minor else None)
    if asked is not None:
        amounts = _amounts(case, asked)
        return RefundRequest(order.id, {}, key, reason, amounts=amounts) if amounts else None
    units = _units(case)
    if not units:
        return None
    return RefundRequest(order.id, units, key, reason, _delivery(order, case, units))


def _lines(case: AftersaleRow) -> list[LineRow]:
    query = select(LineRow).where(LineRow.id.in_(moves.units_of(case))).order_by(LineRow.position)
    return list(session().scalars(query))


def _units(case: AftersaleRow) -> dict[UUID, int]:
    """Return the case's units that nobody has refunded meanwhile."""
    units = moves.units_of(case)
    found = {line.id: min(units[line.id], line.quantity - line.refunded) for line in _lines(case)}
    return {key: quantity for key, quantity in found.items() if quantity}


def _amounts(case: AftersaleRow, asked: Money) -> dict[UUID, Money]:
    """Spread an amount over the case's lines by what is left of each, at most all of it."""
    rest = {key: amount for key, amount in left_of(_lines(case)).items() if amount}
    most = total(rest.values(), case.currency)
    parts = spread(min(asked, most), [amount.minor for amount in rest.values()])
    return {key: part for key, part in zip(rest, parts, strict=True) if part}


def _delivery(order: OrderRow, case: AftersaleRow, units: Mapping[UUID, int]) -> Money | None:
    """Return the delivery price where all goods go back by the seller's fault, or where the buyer's law says so."""
    lines = session().scalars(select(LineRow).where(LineRow.order_id == order.id)).all()
    if any(line.quantity - line.refunded - units.get(line.id, 0) for line in lines):
        return None
    by_law = case.by_law and law.of(eligible.country_of(order)).returns_delivery
    return (delivery_left(order) or None) if is_fault(case.reason) or by_law else None
