"""What tests of settlement start from: merchants that can be paid, earnings to the cent, and a provider that may die."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from core.billing import accounts
from core.billing.payouts import claiming, earnings, terms
from core.billing.payouts.terms import Terms
from core.hooks.money import Posting
from core.kernel.db import session
from core.kernel.errors import Conflict, Unavailable
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.ledger import journal
from core.payments import adapters, bank_accounts
from core.payments.adapters import Capabilities, MerchantOfRecord, PayoutOrder, Sent, SentState
from core.payments.bank_accounts import Details
from tests.market import make_shop

_keys = count(1)
IBAN = "IE29AIBK93115212345678"


def euros(minor: int) -> Money:
    """Return an amount in the test market's currency."""
    return Money(minor, current().currency)


def merchant(*, bank: bool = True) -> UUID:
    """Make a merchant; with a bank account it can be paid."""
    key = make_shop().merchant_id
    if bank:
        bank_accounts.write(key, Details("Merchant Ltd", IBAN, country="IE"))
    return key


def earn(merchant_id: UUID, minor: int) -> None:
    """Release so much of a sale to a merchant, or (negative) give so much back to a buyer."""
    psp, payable = accounts.provider("stripe"), accounts.payable(merchant_id)
    if minor > 0:
        posting, kind = Posting(payable, psp, euros(minor), "released"), "order.released"
    else:
        posting, kind = Posting(psp, payable, euros(-minor), "refund to the buyer"), "refund.settled"
    journal.post(f"test:{next(_keys)}", kind, [posting])
    session().flush()


def unpaid(merchant_id: UUID) -> int:
    """Return what no payout has claimed."""
    return sum(row.amount.minor for row in earnings.unpaid(merchant_id, current().currency))


def claim(merchant_id: UUID, minimum: int = 0, **given: object) -> UUID:
    """Make a payout that must come about."""
    made = claiming.claim(merchant_id, minimum=euros(minimum), **given)  # type: ignore[arg-type]
    assert made is not None
    return made


class Died(RuntimeError):
    """The process was killed here."""


_ABLE = Capabilities(
    can_hold=True, hold_days=90, split_parties=None, split_most_bps=10_000,
    merchant_of_record=MerchantOfRecord.PLATFORM, can_take_back=True, can_charge_saved=False, needs_account=False,
    confirms_itself=True,
)  # fmt: skip


@dataclass
class FakeProvider:
    """Keeps transfers under their keys, as a provider does. `dies` names where the process is killed, once."""

    name: str = "fake"
    dies: str = ""
    refuses: str = ""
    away: bool = False
    transfers: dict[UUID, Sent] = field(default_factory=dict)
    moved: int = 0
    taken: dict[str, Sent] = field(default_factory=dict)
    balance: int | None = None
    capabilities: Capabilities = _ABLE

    def _die(self, where: str) -> None:
        if self.dies == where:
            self.dies = ""
            raise Died(where)

    def pay_out(self, order: PayoutOrder) -> Sent:
        """Move money once for a payout."""
        self._die("before")
        if self.away:
            raise Unavailable("fake.away", "The provider is away")
        if self.refuses:
            raise Conflict("fake.refused", self.refuses)
        if order.payout_id not in self.transfers:
            self.moved += order.amount.minor
        sent = self.transfers.setdefault(order.payout_id, Sent(f"tr_{order.number}", SentState.SENT))
        self._die("after")
        return sent

    def find(self, order: PayoutOrder) -> Sent | None:
        """Return a known transfer."""
        self._die("find")
        return self.transfers.get(order.payout_id)

    def take_back(self, order: PayoutOrder, sent: Sent, amount: Money, *, key: str) -> Sent:
        """Take money back once for a key."""
        self._die("take_before")
        if key in self.taken:
            return self.taken[key]
        if self.balance is not None and amount.minor > self.balance:
            raise Conflict("fake.no_balance", "The merchant's balance does not suffice")
        self.moved -= amount.minor
        self.taken[key] = Sent(f"trr_{len(self.taken)}", SentState.SENT)
        self._die("take_after")
        return self.taken[key]


@contextmanager
def provider(**given: object) -> Iterator[FakeProvider]:
    """Register a fake provider and make it the marketplace's way of paying out, in a transaction of the caller's."""
    fake = FakeProvider(**given)  # type: ignore[arg-type]
    adapters.register(fake)
    try:
        yield fake
    finally:
        adapters._adapters.pop(fake.name)


def use(fake: FakeProvider, **more: object) -> None:
    """Pay out by a fake provider from now on."""
    terms.change(Terms(adapter=fake.name, every="manual", **more))  # type: ignore[arg-type]
