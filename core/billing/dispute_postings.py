"""What a dispute moves in the journal. Each entry has a key, so any order and repetition of events ends alike (R7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from core.billing import accounts
from core.billing.dispute_models import DisputeRow, DisputeShareRow
from core.billing.models import ChargeRow, RefundLineRow, RefundRow
from core.billing.release import post_release, release_key
from core.hooks.money import OnRefund, Posting
from core.hooks.types import Party
from core.kernel.db import session
from core.kernel.money import Money, cumulative_part, spread, total
from core.kernel.tenancy import current
from core.ledger import journal
from core.orders.models import LineRow, OrderRow


@dataclass(frozen=True, slots=True)
class Left:
    """What of an order the buyer has paid and not got back, and of it the platform's discount and the tax."""

    paid: Money
    promo: Money
    tax: Money


def left_of(order: OrderRow) -> Left:
    """Return what is left of an order after its refunds."""
    back, promo, tax = _given_back(order.id)
    whole_promo = select(func.coalesce(func.sum(LineRow.platform_discount_minor), 0)).where(
        LineRow.order_id == order.id
    )
    whole_tax = select(func.coalesce(func.sum(LineRow.tax_minor), 0)).where(LineRow.order_id == order.id)
    currency = order.currency
    return Left(
        Money(order.total_minor - back, currency),
        Money(int(session().scalar(whole_promo) or 0) - promo, currency),
        Money(int(session().scalar(whole_tax) or 0) - tax, currency),
    )


def _given_back(order_id: UUID) -> tuple[int, int, int]:
    back = session().scalar(
        select(func.coalesce(func.sum(RefundRow.amount_minor), 0)).where(RefundRow.order_id == order_id)
    )
    query = (
        select(
            func.coalesce(func.sum(RefundLineRow.platform_discount_minor), 0),
            func.coalesce(func.sum(RefundLineRow.tax_minor), 0),
        )
        .join(RefundRow, (RefundRow.tenant_id == RefundLineRow.tenant_id) & (RefundRow.id == RefundLineRow.refund_id))
        .where(RefundRow.order_id == order_id)
    )
    promo, tax = session().execute(query).one()
    return int(back or 0), int(promo), int(tax)


def shares(amount: Money, lefts: Sequence[Money]) -> list[Money]:
    """Return each order's share of a disputed amount, by what is left of it (R2), and never more than that."""
    parts = spread(amount, [left.minor for left in lefts])
    return [min(part, left) for part, left in zip(parts, lefts, strict=True)]


def post_opened(row: DisputeRow) -> None:
    """Post what the provider has taken: the disputed amount, and its fee once that is known."""
    psp = accounts.provider(row.provider)
    amount, fee = Money(row.amount_minor, row.currency), Money(row.fee_minor, row.currency)
    taken = [Posting(psp, accounts.DISPUTES, amount, "taken back by the buyer's bank")]
    journal.post(f"dispute:{row.id}:opened", "dispute.opened", taken)
    journal.post(f"dispute:{row.id}:fee", "dispute.opened", [Posting(psp, accounts.PSP_COST, fee, "dispute fee")])


def post_won(row: DisputeRow) -> None:
    """Post that the disputed amount has come back; the fee does not."""
    back = Posting(accounts.DISPUTES, accounts.provider(row.provider), Money(row.amount_minor, row.currency),
                   "dispute won")  # fmt: skip
    journal.post(f"dispute:{row.id}:won", "dispute.won", [back])


def post_lost(row: DisputeRow, parts: Sequence[tuple[DisputeShareRow, OrderRow]]) -> None:
    """Charge each order's share to its merchant, as a refund would have; what no order owes is written off.

    What is held of an order is released first, so that its merchant is charged in one place whenever it is lost.
    """
    amounts = [Money(share.amount_minor, share.currency) for share, _order in parts]
    fees = _fees(row, amounts)
    for (_share, order), amount, fee in zip(parts, amounts, fees, strict=True):
        if not journal.is_posted(release_key(order.id)):
            post_release(order)
        postings = [*_reversal(order, amount), *_fee(order, fee)]
        journal.post(f"dispute:{row.id}:lost:{order.id}", "dispute.lost", postings, order_id=order.id)
    rest = Money(row.amount_minor, row.currency) - total(amounts, row.currency)
    written_off = [Posting(accounts.DISPUTES, accounts.WRITTEN_OFF, rest, "owed by no order")]
    journal.post(f"dispute:{row.id}:lost", "dispute.lost", written_off)


def _fees(row: DisputeRow, amounts: Sequence[Money]) -> list[Money]:
    """Return each order's part of the provider's fee: nothing, unless the marketplace has its merchants pay it."""
    if current().setting("dispute_fee", "platform") != "merchants" or not any(amounts):
        return [Money.zero(row.currency)] * len(amounts)
    return spread(Money(row.fee_minor, row.currency), [amount.minor for amount in amounts])


def _fee(order: OrderRow, fee: Money) -> list[Posting]:
    if order.is_house or not fee:
        return []
    return [Posting(accounts.PSP_COST, accounts.payable(order.merchant_id), fee, "dispute fee")]


def _reversal(order: OrderRow, amount: Money) -> list[Posting]:
    """Return what a refund of that amount would have moved after the release, but for the buyer's own money."""
    left = left_of(order)
    if not amount:
        return []
    zero = Money.zero(order.currency)
    promo = cumulative_part(left.promo, amount.minor, left.paid.minor, zero)
    owner = accounts.held(order.merchant_id) if order.is_house else accounts.payable(order.merchant_id)
    postings = [
        Posting(accounts.DISPUTES, owner, amount, "dispute lost"),
        Posting(accounts.PROMO, owner, promo, "platform's discount taken back"),
    ]
    if order.is_house:
        tax = cumulative_part(left.tax, amount.minor, left.paid.minor, zero)
        sales = amount + promo - tax
        return [*postings, Posting(owner, accounts.OWN_SALES, sales, "own goods taken back"),
                Posting(owner, accounts.OWN_TAX, tax, "tax on own goods taken back")]  # fmt: skip
    fee, fee_tax = _charges_back(order, amount, left.paid)
    return [*postings, Posting(owner, accounts.FEE, fee, "fees given back"),
            Posting(owner, accounts.FEE_TAX, fee_tax, "tax on fees given back")]  # fmt: skip


def _charges_back(order: OrderRow, amount: Money, paid: Money) -> tuple[Money, Money]:
    """Give back of each charge what its policy says for this share of the order; return the sums of fee and tax."""
    fee = fee_tax = Money.zero(order.currency)
    rows = session().scalars(select(ChargeRow).where(ChargeRow.order_id == order.id).order_by(ChargeRow.id))
    for row in rows:
        if (row.payer, row.payee) != (Party.MERCHANT, Party.PLATFORM):
            continue
        part, tax = _due(row, amount, paid)
        row.reversed_minor, row.reversed_tax_minor = row.reversed_minor + part.minor, row.reversed_tax_minor + tax.minor
        fee, fee_tax = fee + part, fee_tax + tax
    return fee, fee_tax


def _due(row: ChargeRow, amount: Money, paid: Money) -> tuple[Money, Money]:
    zero = Money.zero(row.currency)
    left, tax_left = row.amount_minor - row.reversed_minor, row.tax_minor - row.reversed_tax_minor
    policy = OnRefund(row.on_refund)
    if policy is OnRefund.KEEP or left <= 0:
        return zero, zero
    if policy is OnRefund.KEEP_FIXED and amount != paid:
        left = max(left - row.fixed_minor, 0)
    part = cumulative_part(Money(left, row.currency), amount.minor, paid.minor, zero)
    whole = row.amount_minor - row.reversed_minor
    return part, cumulative_part(Money(tax_left, row.currency), part.minor, whole, zero)
