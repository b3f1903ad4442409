"""What a payment provider must do to pay merchants out, and what it can do; the core of settlement knows no more.

Every call carries a key: the same key again returns the first answer and moves nothing a second time. Calls are made
by slow jobs, with no transaction open. News that a provider brings later reaches settlement by `tell`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.kernel.money import Money


class MerchantOfRecord(StrEnum):
    """Who sells in the eyes of the buyer's bank."""

    PLATFORM = "platform"
    MERCHANT = "merchant"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an adapter can do. Checkout and settlement refuse what it cannot settle.

    `hold_days` is how long the provider keeps money for merchants, 0 if it cannot. `split_parties` is the most
    merchants of one payment, None for any number; `split_most_bps` the most of a payment that may go to others.
    `needs_account` says that a merchant must be known to the provider before it is paid, `tells_movements` that the
    provider lists what moved on its account, so that the journal can be compared with it.
    """

    can_hold: bool
    hold_days: int
    split_parties: int | None
    split_most_bps: int
    merchant_of_record: MerchantOfRecord
    can_take_back: bool
    can_charge_saved: bool
    needs_account: bool
    confirms_itself: bool
    tells_movements: bool = False


class SentState(StrEnum):
    """How far a payout is: taken on by a person, on its way, confirmed by the bank, refused, or brought back by it.

    TAKEN is said only by adapters that do not confirm themselves: somebody will make the transfer, nothing has left.
    """

    TAKEN = "taken"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class PayoutOrder:
    """Money to be sent to a merchant. `account` is the provider's reference of the merchant, "" where none is needed."""

    payout_id: UUID
    merchant_id: UUID
    account: str
    amount: Money
    number: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider says of a payout: its reference of the transfer and, once there is one, of the bank payment."""

    ref: str
    state: SentState
    bank_ref: str = ""
    failure: str = ""


class PayoutAdapter(Protocol):
    """A way to send money to merchants."""

    name: str
    capabilities: Capabilities

    def pay_out(self, order: PayoutOrder) -> Sent:
        """Send money under the key of the payout. Raise Conflict (refused) or Unavailable (try again)."""
        ...

    def find(self, order: PayoutOrder) -> Sent | None:
        """Return what the provider knows of a payout, None if it never came there; asked before sending again."""
        ...

    def take_back(self, order: PayoutOrder, sent: Sent, amount: Money, *, key: str) -> Sent:
        """Take money of a payout back. Raise Conflict if the merchant's balance there does not suffice."""
        ...


Listener = Callable[[UUID, Sent], None]
_adapters: dict[str, PayoutAdapter] = {}
_listeners: list[Listener] = []


def register(adapter: PayoutAdapter) -> PayoutAdapter:
    """Make a way of paying out known by its name."""
    _adapters[adapter.name] = adapter
    return adapter


def find(name: str) -> PayoutAdapter | None:
    """Return the adapter of this name."""
    return _adapters.get(name)


def names() -> tuple[str, ...]:
    """Return the names of all ways of paying out, in their order of registration."""
    return tuple(_adapters)


def when_payout_changed(listener: Listener) -> Listener:
    """Call back with (payout id, what the provider says now), in the transaction that works on the provider's event."""
    _listeners.append(listener)
    return listener


def tell(payout_id: UUID, sent: Sent) -> None:
    """Pass on what a provider says later about a payout."""
    for listener in _listeners:
        listener(payout_id, sent)
