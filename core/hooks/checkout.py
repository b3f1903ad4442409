"""From a basket to a purchase: questions, refusals, ways to pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.hooks.markers import OnFailure, Phase, Scope, hook
from core.hooks.types import Adjustment, Basket, OrderSnapshot, Violation
from core.kernel.money import Money
from core.kernel.tenancy import Tenant


class PurchaseStage(StrEnum):
    """How serious the question is."""

    BASKET = "basket"  # a hint to the buyer; cheap checks only
    PLACE = "place"  # final, rows locked, inside the transaction that creates the orders


@dataclass(frozen=True, slots=True)
class PurchaseDraft:
    """A purchase that may come about; `total` is what the buyer would pay.

    At PLACE `purchase_id` is the coming purchase's id, to tie a hold or a claim to it, `orders` are its
    orders with their frozen amounts, and `adjustments` those that counted after the contests. At BASKET the
    id is None and both are empty. A line's id is kept from basket to order.
    """

    stage: PurchaseStage
    basket: Basket
    total: Money
    purchase_id: UUID | None = None
    orders: tuple[OrderSnapshot, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()


class FieldKind(StrEnum):
    """What an answer is, as text: a value of `choices` for CHOICE and SLOT, ISO 8601 for DATE, a media id
    for FILE.
    """

    TEXT = "text"
    CHOICE = "choice"
    SLOT = "slot"
    DATE = "date"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class CheckoutField:
    """A question at checkout, about the basket or about one line; the answer is stored under `name` with
    the order.

    `name` is "<plugin>.<field>". `choices` are (value, label); long ones come from `source`, the path of a
    fragment that renders them. Read answers with `Basket.answer(name, line_id)`.
    """

    name: str
    label: str
    kind: FieldKind
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    line_id: UUID | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """`code` is "<plugin>.<method>"; `limit` caps the part of the total that it may pay.

    A mandatory method is not the buyer's choice: it pays its limit before any other.
    """

    code: str
    label: str
    limit: Money
    mandatory: bool = False


class TenderKind(StrEnum):
    """Which way the money goes."""

    CHARGE = "charge"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class TenderOperation:
    """One movement by a plugin's payment method. `amount` is positive; `key` makes a repeat harmless."""

    kind: TenderKind
    method: str
    order_id: UUID
    customer_id: UUID | None
    amount: Money
    key: str


@dataclass(frozen=True, slots=True)
class TenderResult:
    """`settled` False pays later, such as cash on delivery, by `due_at` (aware, UTC; None: when handed over).

    Later money comes in by core.payments.settle_tender_later(reference, amount, key), in parts if need be.
    """

    reference: str
    settled: bool
    due_at: datetime | None = None


@hook(Phase.READ, Scope.ENABLED)
def checkout_fields(tenant: Tenant, basket: Basket) -> Sequence[CheckoutField]:
    """Return extra questions that this basket raises, such as a pickup slot.

    Runs for each view of the checkout and again at placing: a required field without an answer refuses.
    """
    raise NotImplementedError


@hook(Phase.TX, Scope.ENABLED)
def check_purchase(tenant: Tenant, draft: PurchaseDraft) -> Sequence[Violation]:
    """Return reasons against the purchase; any refuses it.

    At BASKET runs for each view of the cart: write nothing. At PLACE runs in the transaction that creates the
    orders and is the last word, under lock: holds and claims are written here, under the draft's purchase id.
    """
    raise NotImplementedError


@hook(Phase.READ, Scope.ENABLED, on_failure=OnFailure.OMIT)
def payment_methods(tenant: Tenant, basket: Basket) -> Sequence[PaymentMethod]:
    """Return ways to pay besides the card, which core offers itself.

    Runs for each view of the checkout and again at placing; a method that is no longer offered refuses.
    """
    raise NotImplementedError


@hook(Phase.TX, Scope.SERVING, first=True)
def settle_tender(tenant: Tenant, operation: TenderOperation) -> TenderResult | None:
    """Charge or refund an own payment method; None for anyone else's.

    Runs in the transaction that places or refunds. Repeats of a key return the same result; raise Conflict
    if the method cannot pay.
    """
