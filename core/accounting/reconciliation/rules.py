"""What a difference is, when it is none yet, and which entry would end it: pure decisions over both sides' figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.billing import accounts
from core.hooks.money import Posting
from core.kernel.money import Money


class Kind(StrEnum):
    """Why both sides of a subject do not agree."""

    TIMING = "timing"
    MISSING_IN_LEDGER = "missing_in_ledger"
    MISSING_AT_PROVIDER = "missing_at_provider"
    AMOUNT = "amount"
    FEE = "fee"
    CURRENCY = "currency"
    DUPLICATE = "duplicate"
    UNKNOWN_SOURCE = "unknown_source"


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement at the provider: `amount` less `fee` came in."""

    category: str
    amount: Money
    fee: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """What an entry of the journal moved on the provider's account; `fee` is what of it went to the provider's costs."""

    kind: str
    amount: Money
    fee: Money
    at: datetime

    @property
    def gross(self) -> Money:
        """What the entry moved besides fees."""
        return self.amount + self.fee


@dataclass(frozen=True, slots=True)
class Amounts:
    """Both sides in one currency: what came in at the provider, in the journal, and the provider's fees without entry."""

    provider: Money
    ledger: Money
    fee: Money

    @property
    def difference(self) -> Money:
        """What the provider has more than the journal."""
        return self.provider - self.ledger

    @property
    def gross(self) -> Money:
        """The difference without the fees that have no entry."""
        return self.difference + self.fee


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a subject; `clue` is the provider's or the journal's word for what decides it.

    `waits_until` is until when it may still be on its way, None if it may not.
    """

    kind: Kind
    clue: str
    amounts: tuple[Amounts, ...]
    waits_until: datetime | None = None


COSTS = frozenset({"fee", "network_cost", "tax", "risk_reserved_fee", "stripe_fee", "tax_fee"})
"""The provider's categories of what it takes for itself, by itself."""
TO_BANK = frozenset({"payout", "payout_reversal", "payout_failure", "payout_cancel", "topup", "topup_reversal"})
"""The provider's categories of what goes to our own bank, or comes from there."""


def is_known(subject: str) -> bool:
    """Tell whether a subject is something of ours rather than a movement that nothing here explains."""
    return not subject.startswith("movement:")


def sums(moved: Sequence[Moved], sides: Sequence[Side]) -> tuple[Amounts, ...]:
    """Return both sides by currency, the provider's currencies first."""
    currencies = dict.fromkeys([*(one.amount.currency for one in moved), *(one.amount.currency for one in sides)])
    found = []
    for currency in currencies:
        there = [one for one in moved if one.amount.currency == currency]
        here = [one for one in sides if one.amount.currency == currency]
        fee = sum(one.fee.minor for one in there)
        found.append(Amounts(
            Money(sum(one.amount.minor for one in there) - fee, currency),
            Money(sum(one.amount.minor for one in here), currency),
            Money(fee - sum(one.fee.minor for one in here), currency),
        ))  # fmt: skip
    return tuple(found)


def judge(
    subject: str, moved: Sequence[Moved], sides: Sequence[Side], now: datetime, wait: timedelta
) -> Verdict | None:
    """Say what is wrong with a subject, None if both sides agree. What is younger than `wait` may be on its way."""
    amounts = sums(moved, sides)
    if not any(one.difference for one in amounts):
        return None
    if not sides:
        return _only_there(subject, moved, amounts, now, wait)
    if not any(one.gross for one in sides):
        return _only_there(subject, moved, amounts, now, wait) if moved else Verdict(Kind.FEE, sides[-1].kind, amounts)
    if not moved:
        newest = max(sides, key=lambda one: one.at)
        return _late(Kind.MISSING_AT_PROVIDER, newest.kind, amounts, newest.at + wait, now)
    if {one.amount.currency for one in moved}.isdisjoint(one.amount.currency for one in sides if one.gross):
        return Verdict(Kind.CURRENCY, moved[-1].category, amounts)
    return _both(moved, sides, amounts, now, wait)


def _only_there(
    subject: str, moved: Sequence[Moved], amounts: tuple[Amounts, ...], now: datetime, wait: timedelta
) -> Verdict:
    newest = max(moved, key=lambda one: one.at)
    if newest.category in COSTS:
        return Verdict(Kind.FEE, newest.category, amounts)
    if newest.category in TO_BANK and not subject.startswith("payout:"):
        return Verdict(Kind.MISSING_IN_LEDGER, newest.category, amounts)
    if not is_known(subject):
        return Verdict(Kind.UNKNOWN_SOURCE, newest.category, amounts)
    return _late(Kind.MISSING_IN_LEDGER, newest.category, amounts, newest.at + wait, now)


def _both(
    moved: Sequence[Moved], sides: Sequence[Side], amounts: tuple[Amounts, ...], now: datetime, wait: timedelta
) -> Verdict:
    """Find what on one side has no other: a fee, a movement made twice, a single movement or entry, or just an amount."""
    (one, *others) = [found for found in amounts if found.difference]
    gross = one.gross
    if not gross and not others:
        return Verdict(Kind.FEE, moved[-1].category, amounts)
    lonely = [each for each in moved if each.amount == gross]
    for each in lonely if not others else ():
        if sum(1 for other in moved if (other.category, other.amount) == (each.category, each.amount)) > 1:
            return Verdict(Kind.DUPLICATE, each.category, amounts)
    if lonely and not others:
        newest = max(lonely, key=lambda each: each.at)
        return _late(Kind.MISSING_IN_LEDGER, newest.category, amounts, newest.at + wait, now)
    unmet = [each for each in sides if each.gross == -gross]
    if unmet and not others:
        latest = max(unmet, key=lambda each: each.at)
        return _late(Kind.MISSING_AT_PROVIDER, latest.kind, amounts, latest.at + wait, now)
    return Verdict(Kind.AMOUNT, moved[-1].category, amounts)


def _late(kind: Kind, clue: str, amounts: tuple[Amounts, ...], until: datetime, now: datetime) -> Verdict:
    return Verdict(Kind.TIMING, clue, amounts, until) if now < until else Verdict(kind, clue, amounts)


def suggestion(provider: str, subject: str, verdict: Verdict) -> tuple[Posting, ...]:
    """Return the entry after which the journal has of the subject what the provider has."""
    psp, other = accounts.provider(provider), counterpart(subject, verdict)
    postings: list[Posting] = []
    for one in verdict.amounts:
        postings += _moving(psp, other, one.gross, "adjusted to the provider")
        postings += _moving(psp, accounts.PSP_COST, -one.fee, "provider's fee")
    return tuple(postings)


def _moving(psp: str, other: str, into: Money, memo: str) -> list[Posting]:
    """Return the posting that moves so much into the provider's account, out of it if negative."""
    if not into:
        return []
    source, destination = (other, psp) if into.minor > 0 else (psp, other)
    return [Posting(source, destination, Money(abs(into.minor), into.currency), memo)]


_BY_AREA = {"payment": accounts.LATE, "back": accounts.LATE, "dispute": accounts.DISPUTES, "withdrawal": accounts.BANK}


def counterpart(subject: str, verdict: Verdict) -> str:
    """Return the account that the other end of the suggested entry moves.

    Buyers' money stands as owed to them, payouts on their way, bank movements at the bank; what is just another
    amount, or sent twice, is written off, and what nothing explains stands as unexplained.
    """
    area, _colon, owner = subject.partition(":")
    if verdict.kind is Kind.CURRENCY:
        return accounts.UNEXPLAINED
    if verdict.clue in COSTS:
        return accounts.PSP_COST
    if area == "payout":
        return f"in_transit:{owner}"
    if verdict.clue in TO_BANK:
        return accounts.BANK
    if verdict.kind is Kind.AMOUNT or (verdict.kind is Kind.DUPLICATE and area == "back"):
        return accounts.WRITTEN_OFF
    return _BY_AREA.get(area, accounts.UNEXPLAINED)
