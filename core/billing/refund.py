"""Refunds of lines of an order, before or after release, piece by piece or at once (R4, R7).

Each frozen amount of a line is reversed by itself and cumulatively, so the parts of a full refund sum to the whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.billing import accounts
from core.billing.disputed import refuse_if_disputed
from core.billing.models import ChargeRow, RefundLineRow, RefundRow
from core.billing.release import release_key
from core.catalogue import reservations
from core.fulfilment import shipping
from core.hooks.events import RefundEvent
from core.hooks.money import OnRefund, Posting
from core.hooks.runtime import publish
from core.hooks.types import Party
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money, cumulative_part, total
from core.ledger import journal
from core.orders import progress, timeline
from core.orders.models import LineRow, OrderRow
from core.orders.numbers import next_number
from core.orders.snapshot import snapshot
from core.orders.states import UNPAID
from core.payments import payments


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """What to give back: units of lines and perhaps delivery, under the caller's key.

    `restock` puts units that had been sent back on sale; units that were not sent yet always go back on sale.
    """

    order_id: UUID
    quantities: Mapping[UUID, int]
    key: str
    reason: str = ""
    delivery: Money | None = None
    restock: bool = False
    merchant_id: UUID | None = None

    @property
    def digest(self) -> str:
        """A fingerprint of what is asked, to tell a repeat from another request under the same key."""
        asked = [sorted((str(k), q) for k, q in self.quantities.items()), self.delivery.minor if self.delivery else 0]
        return hashlib.sha256(json.dumps([str(self.order_id), asked]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Refund:
    """What was given back: `amount` is what the buyer gets."""

    id: UUID
    number: str
    order_id: UUID
    amount: Money
    delivery: Money
    reason: str


@dataclass(frozen=True, slots=True)
class _Part:
    """What one line gives back of each frozen amount, and of its charges."""

    line: LineRow
    quantity: int
    discounted: Money
    platform: Money
    net: Money
    tax: Money
    value: Money
    fee: Money
    fee_tax: Money
    charges: tuple[tuple[ChargeRow, Money, Money], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a refund would move: to the buyer, of the platform's discount, and fees back to the merchant."""

    amount: Money
    platform: Money
    fee: Money
    fee_tax: Money


def refund(request: RefundRequest) -> Refund:
    """Give money back for lines of an order. The same key again returns the first answer and changes nothing.

    Raise Conflict (key used for another request, not paid, more than is left) or Invalid (nothing asked for).
    """
    order = progress.locked(request.order_id, merchant_id=request.merchant_id)
    known = _known(request)
    if known is not None:
        return known
    lock(LineRow, request.quantities)
    parts, delivery = _worked_out(order, request)
    return _carry_out(order, request, parts, delivery)


def preview(request: RefundRequest) -> Preview:
    """Work out what a refund would move, and move nothing. Raise as `refund` does."""
    order = progress.find(request.order_id, merchant_id=request.merchant_id)
    parts, delivery = _worked_out(order, request)
    return Preview(
        total((part.value - part.platform for part in parts), order.currency) + delivery,
        total((part.platform for part in parts), order.currency),
        total((part.fee for part in parts), order.currency),
        total((part.fee_tax for part in parts), order.currency),
    )


def _worked_out(order: OrderRow, request: RefundRequest) -> tuple[list[_Part], Money]:
    if order.state in UNPAID:
        raise Conflict("orders.not_paid", _("An order that is not paid has nothing to refund"))
    refuse_if_disputed(order.purchase_id)
    rows = session().scalars(select(LineRow).where(LineRow.id.in_(request.quantities), LineRow.order_id == order.id))
    lines = {row.id: row for row in rows}
    parts = [_part(order, _line(lines, key), quantity) for key, quantity in sorted(request.quantities.items())]
    delivery = _delivery(order, request.delivery)
    if not parts and not delivery:
        raise Invalid("refunds.nothing", _("Choose what to refund"))
    return parts, delivery


def _known(request: RefundRequest) -> Refund | None:
    row = session().scalars(select(RefundRow).where(RefundRow.key == request.key)).one_or_none()
    if row is None:
        return None
    if row.request_digest != request.digest:
        raise Conflict("refunds.key_reused", _("This key was used for another refund"))
    return _value(row)


def _value(row: RefundRow) -> Refund:
    return Refund(
        row.id, row.number, row.order_id, Money(row.amount_minor, row.currency),
        Money(row.delivery_minor, row.currency), row.reason,
    )  # fmt: skip


def _line(lines: Mapping[UUID, LineRow], key: UUID) -> LineRow:
    if key not in lines:
        raise Invalid("refunds.no_line", _("A line is not part of this order"))
    return lines[key]


def _part(order: OrderRow, line: LineRow, quantity: int) -> _Part:
    if line.order_id != order.id:
        raise Invalid("refunds.no_line", _("A line is not part of this order"))
    left = line.quantity - line.refunded
    if not 1 <= quantity <= left:
        raise Conflict(
            "refunds.too_many", _("Only {left} of {title} can still be refunded"), left=left, title=line.title
        )
    so_far = line.refunded + quantity
    given = _given(line)

    def reversed_of(minor: int, name: str) -> Money:
        return cumulative_part(
            Money(minor, line.currency), so_far, line.quantity, Money(given.get(name, 0), line.currency)
        )

    discounted = reversed_of(line.discounted_minor, "discounted")
    platform = reversed_of(line.platform_discount_minor, "platform")
    tax = reversed_of(line.tax_minor, "tax")
    is_inclusive = line.net_minor + line.tax_minor == line.discounted_minor
    net = discounted - tax if is_inclusive else discounted
    charges = _charges(line, so_far)
    fee, fee_tax = _merchants_share(charges, line.currency)
    return _Part(line, quantity, discounted, platform, net, tax, net + tax, fee, fee_tax, charges)


def _given(line: LineRow) -> dict[str, int]:
    rows = session().scalars(select(RefundLineRow).where(RefundLineRow.line_id == line.id)).all()
    return {
        "discounted": sum(row.discounted_minor for row in rows),
        "platform": sum(row.platform_discount_minor for row in rows),
        "tax": sum(row.tax_minor for row in rows),
    }


def _charges(line: LineRow, so_far: int) -> tuple[tuple[ChargeRow, Money, Money], ...]:
    """Return the line's charges, each with what must have been given back of it and of its tax by its own policy."""
    rows = session().scalars(select(ChargeRow).where(ChargeRow.line_id == line.id).order_by(ChargeRow.id))
    return tuple((row, *_due(row, so_far, line.quantity)) for row in rows)


def _merchants_share(charges: Sequence[tuple[ChargeRow, Money, Money]], currency: str) -> tuple[Money, Money]:
    """Return what this step gives back of the merchant's fee to the platform, and of the tax on it."""
    fee = fee_tax = Money.zero(currency)
    for charge, due, due_tax in charges:
        if (charge.payer, charge.payee) == (Party.MERCHANT, Party.PLATFORM):
            fee += due - Money(charge.reversed_minor, currency)
            fee_tax += due_tax - Money(charge.reversed_tax_minor, currency)
    return fee, fee_tax


def _due(charge: ChargeRow, so_far: int, whole: int) -> tuple[Money, Money]:
    """Return what must have been given back of a charge and of its tax once `so_far` of `whole` units are back."""
    zero = Money.zero(charge.currency)
    amount, tax = Money(charge.amount_minor, charge.currency), Money(charge.tax_minor, charge.currency)
    policy = OnRefund(charge.on_refund)
    if policy is OnRefund.KEEP or not amount:
        return zero, zero
    if policy is OnRefund.PROPORTIONAL:
        return cumulative_part(amount, so_far, whole, zero), cumulative_part(tax, so_far, whole, zero)
    # The fixed part stays until the last unit goes back, then it goes back too.
    variable = amount - Money(charge.fixed_minor, charge.currency)
    due = amount if so_far == whole else cumulative_part(variable, so_far, whole, zero)
    return due, cumulative_part(tax, due.minor, amount.minor, zero)


def _delivery(order: OrderRow, asked: Money | None) -> Money:
    zero = Money.zero(order.currency)
    if asked is None or not asked:
        return zero
    rows = session().scalars(select(RefundRow.delivery_minor).where(RefundRow.order_id == order.id)).all()
    left = Money(order.delivery_minor - sum(rows), order.currency)
    if not zero < asked <= left:
        raise Conflict("refunds.delivery", _("Only {left} of the delivery price can still be refunded"), left=left)
    return asked


def _carry_out(order: OrderRow, request: RefundRequest, parts: Sequence[_Part], delivery: Money) -> Refund:
    currency = order.currency
    buyer = total((part.value - part.platform for part in parts), currency) + delivery
    row = RefundRow(
        id=new_id(), order_id=order.id, key=request.key, request_digest=request.digest,
        number=f"R{next_number('refund')}", amount_minor=buyer.minor, delivery_minor=delivery.minor,
        currency=currency, reason=request.reason, by_kind=audit.actor().kind, at=clock.now(),
    )  # fmt: skip
    session().add(row)
    unsent = {part.line.id: min(part.quantity, _unsent(part.line)) for part in parts}
    for part in parts:
        part.line.refunded += part.quantity
        for charge, due, due_tax in part.charges:
            charge.reversed_minor, charge.reversed_tax_minor = due.minor, due_tax.minor
        session().add(_line_row(row, part))
    payment = payments.of_purchase(order.purchase_id)
    postings = _postings(order, parts, delivery, accounts.provider(payment.provider))
    journal.post(f"refund:{row.id}", "refund.settled", postings, order_id=order.id)
    payments.send_back(payment.id, buyer, key=f"refund:{row.id}", order_id=order.id)
    _tell(order, row, parts)
    _move_stock(order, row, parts, request, unsent)
    shipping.close_if_all_sent(order)
    return _value(row)


def _unsent(line: LineRow) -> int:
    return max(line.quantity - line.shipped - line.refunded, 0)


def _move_stock(
    order: OrderRow, row: RefundRow, parts: Sequence[_Part], request: RefundRequest, unsent: Mapping[UUID, int]
) -> None:
    session().flush()
    reservations.give_back(order.id, unsent)
    if request.restock:
        units = [(part.line.id, part.line.variant_id, part.quantity - unsent[part.line.id]) for part in parts]
        reservations.restock(order.id, units, f"refund:{row.id}")


def _line_row(row: RefundRow, part: _Part) -> RefundLineRow:
    return RefundLineRow(
        id=new_id(), refund_id=row.id, line_id=part.line.id, quantity=part.quantity,
        discounted_minor=part.discounted.minor, platform_discount_minor=part.platform.minor,
        net_minor=part.net.minor, tax_minor=part.tax.minor,
    )  # fmt: skip


def _postings(order: OrderRow, parts: Sequence[_Part], delivery: Money, psp: str) -> list[Posting]:
    """Move the money back the way it came: from what is held, or after release from the merchant or own sales."""
    currency = order.currency
    buyer = total((part.value - part.platform for part in parts), currency) + delivery
    promo = total((part.platform for part in parts), currency)
    is_released = journal.is_posted(release_key(order.id))
    held, payable = accounts.held(order.merchant_id), accounts.payable(order.merchant_id)
    owner = payable if is_released and not order.is_house else held
    postings = [
        Posting(psp, owner, buyer, "refund to the buyer"),
        Posting(accounts.PROMO, owner, promo, "platform's discount taken back"),
    ]
    if is_released and order.is_house:
        tax = total((part.tax for part in parts), currency)
        postings += [
            Posting(held, accounts.OWN_SALES, buyer + promo - tax, "own goods taken back"),
            Posting(held, accounts.OWN_TAX, tax, "tax on own goods taken back"),
        ]
    elif is_released:
        fee = total((part.fee for part in parts), currency)
        fee_tax = total((part.fee_tax for part in parts), currency)
        postings += [
            Posting(payable, accounts.FEE, fee, "fees given back"),
            Posting(payable, accounts.FEE_TAX, fee_tax, "tax on fees given back"),
        ]
    return postings


def _tell(order: OrderRow, row: RefundRow, parts: Sequence[_Part]) -> None:
    amount = Money(row.amount_minor, row.currency)
    facts: dict[str, audit.Plain] = {
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "number": row.number,
        "reason": row.reason,
    }
    timeline.note(order.id, "refunded", facts)
    audit.record("order.refunded", "order", order.id, refund=row.number, amount=str(amount))
    session().flush()
    jobs.soon("messages.order_changed", {"order": str(order.id), "kind": "refunded", "refund": str(row.id)})
    event = RefundEvent(
        row.id, row.at, snapshot(order.id), amount,
        {part.line.id: part.quantity for part in parts}, {part.line.id: part.value for part in parts},
    )  # fmt: skip
    publish(event, subject=order.id)
