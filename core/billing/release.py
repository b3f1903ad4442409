"""Release: an order is complete, so what is held becomes the merchant's, less what it owes; own goods become sales."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from core.billing import accounts
from core.billing.capture import record_event
from core.billing.charges import owed_by_merchant, stated_by_merchant
from core.billing.models import ChargeRow, RefundLineRow, RefundRow
from core.billing.payouts import reserves
from core.hooks.money import Charge, MoneyEvent, MoneyFact, Posting
from core.hooks.types import OrderSnapshot
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, _
from core.kernel.money import Money, total
from core.ledger import journal
from core.ledger.journal import Draft
from core.orders import progress
from core.orders.models import LineRow, OrderRow
from core.orders.open_cases import has_open_case
from core.orders.snapshot import snapshot


def release_key(order_id: UUID) -> str:
    """Return the journal's key of an order's release."""
    return f"order:{order_id}:released"


def complete(order_id: UUID, *, at: datetime | None = None) -> None:
    """Complete an order and release its money. Raise Missing or Conflict; completing again changes nothing."""
    order = progress.locked(order_id)
    if order.state == "completed":
        return
    if order.state in ("pending_payment", "cancelled"):
        raise Conflict("orders.not_paid", _("An order that is not paid cannot be completed"))
    if has_open_case(order_id):
        raise Conflict("orders.case_open", _("The buyer has asked for something about this order; settle that first"))
    progress.advance(order, "completed", at=at)
    jobs.cancel(f"order.complete:{order_id}")
    post_release(order, effective_on=at.date() if at else None)


def post_release(order: OrderRow, *, effective_on: date | None = None) -> None:
    """Post what is left of an order's held money to its merchant, or to own sales."""
    lines = session().scalars(select(LineRow).where(LineRow.order_id == order.id)).all()
    refunded = _refunded(order.id, order.currency)
    value, tax = _sums(lines, order)
    left = value + Money(order.delivery_minor, order.currency) - refunded["value"]
    charges = session().scalars(select(ChargeRow).where(ChargeRow.order_id == order.id)).all()
    fee, fee_tax = owed_by_merchant(charges, order.currency)
    frozen = snapshot(order.id)
    postings = _postings(frozen, left, tax - refunded["tax"], fee, fee_tax)
    journal.post(release_key(order.id), "order.released", postings, order_id=order.id, effective_on=effective_on)
    if not order.is_house:
        reserves.keep_back(order.merchant_id, order.id, left - fee - fee_tax)
    tell_released(frozen, left)


def first_release_draft(order: OrderSnapshot, charges: Sequence[Charge], effective_on: date) -> Draft:
    """Return the entry of a release of which nothing was refunded, for many to be posted at once."""
    fee, fee_tax = stated_by_merchant(charges, order.total.currency)
    postings = _postings(order, whole(order), order.tax, fee, fee_tax)
    return Draft(release_key(order.id), "order.released", postings, order.id, effective_on)


def whole(order: OrderSnapshot) -> Money:
    """Return what is held of an order of which nothing was refunded: goods with tax, and delivery."""
    currency = order.total.currency
    return total((amounts.net + amounts.tax for amounts in order.amounts.values()), currency) + order.delivery


def tell_released(order: OrderSnapshot, left: Money) -> None:
    """Let the plugins post what is theirs of a release."""
    record_event(MoneyEvent(order.id, MoneyFact.ORDER_RELEASED, order, left, merchant_id=order.merchant_id))


def _postings(order: OrderSnapshot, left: Money, tax_left: Money, fee: Money, fee_tax: Money) -> list[Posting]:
    held = accounts.held(order.merchant_id)
    if order.is_house:
        return [
            Posting(accounts.OWN_SALES, held, left - tax_left, "own goods sold"),
            Posting(accounts.OWN_TAX, held, tax_left, "tax on own goods"),
        ]
    payable = accounts.payable(order.merchant_id)
    return [
        Posting(payable, held, left, "released"),
        *_signed(accounts.FEE, payable, fee, "fees"),
        *_signed(accounts.FEE_TAX, payable, fee_tax, "tax on fees"),
    ]


def _signed(source: str, destination: str, amount: Money, memo: str) -> list[Posting]:
    """Return a posting whichever way a signed amount goes."""
    if amount.minor < 0:
        return [Posting(destination, source, -amount, memo)]
    return [Posting(source, destination, amount, memo)]


def _sums(lines: Sequence[LineRow], order: OrderRow) -> tuple[Money, Money]:
    net = Money(sum(line.net_minor for line in lines), order.currency)
    tax = Money(sum(line.tax_minor for line in lines), order.currency)
    return net + tax, tax


def _refunded(order_id: UUID, currency: str) -> dict[str, Money]:
    """Return what refunds have taken of an order's value (goods with tax, and delivery) and of its tax."""
    query = (
        select(RefundLineRow.net_minor, RefundLineRow.tax_minor)
        .join(RefundRow, (RefundRow.tenant_id == RefundLineRow.tenant_id) & (RefundRow.id == RefundLineRow.refund_id))
        .where(RefundRow.order_id == order_id)
    )
    rows = session().execute(query).all()
    delivery = session().scalars(select(RefundRow.delivery_minor).where(RefundRow.order_id == order_id)).all()
    tax = Money(sum(row.tax_minor for row in rows), currency)
    net = Money(sum(row.net_minor for row in rows), currency)
    return {"value": net + tax + Money(sum(delivery), currency), "tax": tax}


@jobs.job("billing.complete")
def _complete(payload: jobs.Payload) -> None:
    """Complete an order when its return window is over; one that has moved elsewhere meanwhile is left alone.

    One with an open case waits for it: the end of the case sets the timer again.
    """
    order = progress.locked(UUID(payload["order"]))
    if order.state == "delivered" and not has_open_case(order.id):
        complete(order.id)
