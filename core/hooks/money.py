"""Who owes what to whom. Charges and items are stored by core, so history needs no plugin to be read or
reversed.

A posting moves money from its source to its destination: it credits (-) the source and debits (+) the
destination, so a balance is what came in less what went out, and "Dr X / Cr Y" is Posting(source=Y,
destination=X).

Addresses: "world", "psp:<provider>", "held:<merchant>", "payable:<merchant>", "reserve:<merchant>",
"in_transit:<payout>", "fee", "fee_tax", "promo_expense", "own_sales", "own_tax", "psp_cost",
"dispute_receivable", "write_off" (the platform's own, without a prefix), "liability:points",
"liability:gift_card"; a plugin's own are "<plugin>:<account>".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.hooks.markers import Phase, Scope, hook
from core.hooks.types import Json, OrderSnapshot, Party, Period
from core.kernel.money import Money
from core.kernel.tenancy import Tenant


class OnRefund(StrEnum):
    """What a refund gives back of a charge; each part is cumulative by rule R4."""

    PROPORTIONAL = "proportional"
    KEEP = "keep"
    KEEP_FIXED = "keep_fixed"  # in proportion, but for the fixed part


@dataclass(frozen=True, slots=True)
class Charge:
    """One party's debt to another from one order, or from one of its lines.

    `amount` is before tax and not negative; `tax` is the tax on it, owed besides. `basis` is what the rate
    was applied to; `rate_bps` in basis points, None without a rate. `fixed` is the part of `amount` that
    KEEP_FIXED keeps, None for none. `explanation` is how the amount came about, as data: kept with the
    charge and shown. Of one `exclusive` group the first in plugin order counts
    (core.hooks.contest.counted).
    """

    kind: str  # "<plugin>.<kind>"
    payer: Party
    payee: Party
    amount: Money
    tax: Money
    basis: Money
    rate_bps: int | None
    on_refund: OnRefund
    reason: str  # "<plugin>:<rule id>"
    line_id: UUID | None = None
    exclusive: str | None = None
    fixed: Money | None = None
    explanation: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BillingItem:
    """A line of a merchant's periodic statement. Positive: the merchant owes it; negative: a credit.

    `key` makes a second run of the period harmless. A promoter is a merchant without a shop, paid the same
    way.
    """

    merchant_id: UUID
    kind: str
    amount: Money
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class PayoutDraft:
    """What would be paid out to a merchant."""

    merchant_id: UUID
    amount: Money
    period: Period


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason to keep money back:

    `amount` None holds all; `until` (aware, UTC) None holds until it is lifted.
    """

    code: str
    message: str
    amount: Money | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Posting:
    """Moves money (a positive amount) from one account to another, so a set of postings balances by
    construction.
    """

    source: str
    destination: str
    amount: Money
    memo: str


class MoneyFact(StrEnum):
    """Core's names of money events; a plugin's are "<plugin>.<event>"."""

    PAYMENT_CAPTURED = "payment.captured"
    TENDER_SETTLED = "tender.settled"  # later money of a plugin's payment method came in
    ORDER_RELEASED = "order.released"  # held money became the merchant's, wholly or for the parts named
    REFUND_SETTLED = "refund.settled"
    DISPUTE_LOST = "dispute.lost"
    STATEMENT_CLOSED = "statement.closed"
    PAYOUT_PAID = "payout.paid"


@dataclass(frozen=True, slots=True)
class MoneyEvent:
    """Money moved. `parts` says how much of `amount` belongs to which line; empty when the event is about
    none.

    `order` carries the amounts as frozen at placing; `merchant_id` is whose money it is, where it is one's.
    """

    id: UUID
    name: str
    order: OrderSnapshot | None
    amount: Money
    parts: Mapping[UUID, Money] = field(default_factory=dict)
    merchant_id: UUID | None = None


@hook(Phase.TX, Scope.ENABLED)
def order_charges(tenant: Tenant, order: OrderSnapshot) -> Sequence[Charge]:
    """Return charges of a placed order, such as commission, listing fee or subsidy.

    Runs once per order in the transaction that places it, a purchase's orders sorted by merchant and id: lock
    in that order. Core stores them with the plugin's name, and refunds reverse what was stored. Bases come from
    `order.amounts`, never from today's prices.
    """
    raise NotImplementedError


@hook(Phase.TX, Scope.SERVING, budget_ms=5_000)
def billing_items(tenant: Tenant, period: Period) -> Sequence[BillingItem]:
    """Return charges that arise from time rather than orders: membership fees, advertising, storage.

    Runs when a period's statements close, again if that is repeated: an item whose key is known is skipped.
    """
    raise NotImplementedError


@hook(Phase.TX, Scope.SERVING)
def payout_holds(tenant: Tenant, payout: PayoutDraft) -> Sequence[Hold]:
    """Return reasons to pay out less or later.

    Runs in the transaction that claims a payout; the strictest hold counts, and the merchant reads its
    message.
    """
    raise NotImplementedError


@hook(Phase.TX, Scope.SERVING)
def ledger_postings(tenant: Tenant, event: MoneyEvent) -> Sequence[Posting]:
    """Return postings beyond core's own for a money event.

    Runs in the transaction that records the event; stored once per event and plugin. Ignore unknown names.
    """
    raise NotImplementedError
