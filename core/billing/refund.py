"""Refunds of lines of an order, before or after release, piece by piece or at once (R4, R7).

Each frozen amount of a line is reversed by itself and cumulatively, so the parts of a full refund sum to the whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from core.billing import accounts, refund_limit
from core.billing.disputed import refuse_if_disputed
from core.billing.models import RefundLineRow, RefundRow
from core.billing.parts import Part, of_amount, of_units
from core.billing.release import release_key
from core.catalogue import reservations
from core.fulfilment import shipping
from core.hooks.events import RefundEvent
from core.hooks.money import Posting
from core.hooks.runtime import publish
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money, total
from core.ledger import journal
from core.orders import progress, timeline
from core.orders.models import LineRow, OrderRow
from core.orders.numbers import next_number
from core.orders.snapshot import snapshot
from core.orders.states import UNPAID
from core.payments import payments


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """What to give back: units of lines, amounts for lines, and perhaps delivery, under the caller's key.

    `amounts` is what the buyer gets for a line while its goods stay where they are. `restock` puts units that had been
    sent back on sale; units that were not sent yet always go back on sale.
    """

    order_id: UUID
    quantities: Mapping[UUID, int]
    key: str
    reason: str = ""
    delivery: Money | None = None
    restock: bool = False
    merchant_id: UUID | None = None
    amounts: Mapping[UUID, Money] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A fingerprint of what is asked, to tell a repeat from another request under the same key."""
        asked: list[object] = [
            sorted((str(k), q) for k, q in self.quantities.items()),
            self.delivery.minor if self.delivery else 0,
        ]
        if self.amounts:
            asked.append(sorted((str(k), amount.minor) for k, amount in self.amounts.items()))
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
class Preview:
    """What a refund would move: to the buyer, of the platform's discount, and fees back to the merchant."""

    amount: Money
    platform: Money
    fee: Money
    fee_tax: Money


def refund(request: RefundRequest) -> Refund:
    """Give money back for lines of an order. The same key again returns the first answer and changes nothing.

    Raise Conflict (key used for another request, not paid, more than is left, a second person needed) or Invalid
    (nothing asked for). People ask through `refund_decisions`, which turns the need of a second person into a question.
    """
    order = progress.locked(request.order_id, merchant_id=request.merchant_id)
    done = known(request)
    if done is not None:
        return done
    lock(LineRow, {*request.quantities, *request.amounts})
    found, delivery = _worked_out(order, request)
    refund_limit.require(order.id, request.key, request.digest, _to_buyer(order, found, delivery))
    return _carry_out(order, request, found, delivery)


def preview(request: RefundRequest) -> Preview:
    """Work out what a refund would move, and move nothing. Raise as `refund` does."""
    order = progress.find(request.order_id, merchant_id=request.merchant_id)
    found, delivery = _worked_out(order, request)
    return Preview(
        _to_buyer(order, found, delivery),
        total((part.platform for part in found), order.currency),
        total((part.fee for part in found), order.currency),
        total((part.fee_tax for part in found), order.currency),
    )


def _to_buyer(order: OrderRow, parts: Sequence[Part], delivery: Money) -> Money:
    return total((part.buyer for part in parts), order.currency) + delivery


def _worked_out(order: OrderRow, request: RefundRequest) -> tuple[list[Part], Money]:
    if order.state in UNPAID:
        raise Conflict("orders.not_paid", _("An order that is not paid has nothing to refund"))
    refuse_if_disputed(order.purchase_id)
    wanted = {*request.quantities, *request.amounts}
    if len(wanted) < len(request.quantities) + len(request.amounts):
        raise Invalid("refunds.line_twice", _("A line is refunded by units or by an amount, not both at once"))
    rows = session().scalars(select(LineRow).where(LineRow.id.in_(wanted), LineRow.order_id == order.id))
    lines = {row.id: row for row in rows}
    found = [of_units(_line(lines, key), quantity) for key, quantity in sorted(request.quantities.items())]
    found += [of_amount(_line(lines, key), amount) for key, amount in sorted(request.amounts.items())]
    delivery = _delivery(order, request.delivery)
    if not found and not delivery:
        raise Invalid("refunds.nothing", _("Choose what to refund"))
    return found, delivery


def known(request: RefundRequest) -> Refund | None:
    """Return the refund that was made under this key. Raise Conflict if the key was used for another request."""
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


def delivery_left(order: OrderRow) -> Money:
    """Return what can still be refunded of the delivery price."""
    rows = session().scalars(select(RefundRow.delivery_minor).where(RefundRow.order_id == order.id)).all()
    return Money(order.delivery_minor - sum(rows), order.currency)


def _delivery(order: OrderRow, asked: Money | None) -> Money:
    zero = Money.zero(order.currency)
    if asked is None or not asked:
        return zero
    left = delivery_left(order)
    if not zero < asked <= left:
        raise Conflict("refunds.delivery", _("Only {left} of the delivery price can still be refunded"), left=left)
    return asked


def _carry_out(order: OrderRow, request: RefundRequest, parts: Sequence[Part], delivery: Money) -> Refund:
    currency = order.currency
    buyer = _to_buyer(order, parts, delivery)
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
    order: OrderRow, row: RefundRow, parts: Sequence[Part], request: RefundRequest, unsent: Mapping[UUID, int]
) -> None:
    session().flush()
    reservations.give_back(order.id, unsent)
    if request.restock:
        units = [(part.line.id, part.line.variant_id, part.quantity - unsent[part.line.id]) for part in parts]
        reservations.restock(order.id, units, f"refund:{row.id}")


def _line_row(row: RefundRow, part: Part) -> RefundLineRow:
    return RefundLineRow(
        id=new_id(), refund_id=row.id, line_id=part.line.id, quantity=part.quantity,
        discounted_minor=part.discounted.minor, platform_discount_minor=part.platform.minor,
        net_minor=part.net.minor, tax_minor=part.tax.minor,
    )  # fmt: skip


def _postings(order: OrderRow, parts: Sequence[Part], delivery: Money, psp: str) -> list[Posting]:
    """Move the money back the way it came: from what is held, or after release from the merchant or own sales."""
    currency = order.currency
    buyer = _to_buyer(order, parts, delivery)
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


def _tell(order: OrderRow, row: RefundRow, parts: Sequence[Part]) -> None:
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
