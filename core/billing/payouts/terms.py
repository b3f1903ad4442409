"""Terms of payouts: when, from which amount, by which way, with what reserve; the marketplace's, and a merchant's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from core.billing.payouts.models import TermsRow
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.payments import adapters, bank_transfer

EVERY = ("daily", "weekly", "monthly", "manual")
HOUR = 6
"""The hour of the tenant's day at which the schedule is worked through."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a merchant is paid. `weekday` 0 is Monday; `month_day` is 1 to 28; `minimum` is the least that is paid.

    `reserve_bps` of each release is kept back for `reserve_days`. A payout above `approval_above` needs a second
    person, None for none. `takes_back` fetches what a merchant owes from its paid payouts where the way can.
    """

    every: str = "weekly"
    weekday: int = 0
    month_day: int = 1
    minimum_minor: int = 0
    reserve_bps: int = 0
    reserve_days: int = 30
    adapter: str = bank_transfer.NAME
    approval_above_minor: int | None = None
    takes_back: bool = False
    is_own: bool = False

    @property
    def minimum(self) -> Money:
        """The least that is paid out, in the marketplace's currency."""
        return Money(self.minimum_minor, current().currency)

    def is_due(self, day: date) -> bool:
        """Tell whether the schedule pays on a day of the tenant's calendar."""
        return {
            "daily": True, "weekly": day.weekday() == self.weekday, "monthly": day.day == self.month_day,
        }.get(self.every, False)  # fmt: skip

    def next_day(self, after: date) -> date | None:
        """Return the next day after this one on which the schedule pays; None if it never does by itself."""
        if self.every == "manual":
            return None
        return next(day for day in (after + timedelta(days=n) for n in range(1, 33)) if self.is_due(day))


def of_marketplace() -> Terms:
    """Return the marketplace's terms, the usual ones where it never chose."""
    row = session().scalars(select(TermsRow).where(TermsRow.merchant_id.is_(None))).one_or_none()
    return _value(row) if row else Terms()


def of_merchant(merchant_id: UUID) -> Terms:
    """Return a merchant's terms: its own if it has some, else the marketplace's. The second person's limit is common."""
    query = select(TermsRow).where(or_(TermsRow.merchant_id == merchant_id, TermsRow.merchant_id.is_(None)))
    rows = {row.merchant_id: row for row in session().scalars(query)}
    common = _value(rows[None]) if None in rows else Terms()
    if merchant_id not in rows:
        return common
    return replace(_value(rows[merchant_id]), approval_above_minor=common.approval_above_minor, is_own=True)


def of_all() -> tuple[Terms, dict[UUID, Terms]]:
    """Return the marketplace's terms, and the merchants that have their own."""
    rows = {row.merchant_id: _value(row) for row in session().scalars(select(TermsRow))}
    common = rows.pop(None, Terms())
    return common, {key: replace(terms, is_own=True) for key, terms in rows.items() if key is not None}


def change(wanted: Terms, merchant_id: UUID | None = None) -> Terms:
    """Set the marketplace's terms, or a merchant's own. Raise Invalid by field."""
    faults = tuple(_faults(wanted))
    if faults:
        raise Invalid("payouts.terms", _("These terms do not hold together"), fields=faults)
    lock_name(f"payout_terms:{merchant_id}")
    row = (
        session().scalars(select(TermsRow).where(TermsRow.merchant_id.is_not_distinct_from(merchant_id))).one_or_none()
    )
    before = _value(row) if row else Terms()
    if row is None:
        row = TermsRow(id=new_id(), merchant_id=merchant_id)
        session().add(row)
    for name in _NAMES:
        setattr(row, name, getattr(wanted, name))
    session().flush()
    changed = {name: str(getattr(wanted, name)) for name in _NAMES if getattr(before, name) != getattr(wanted, name)}
    audit.record("payout_terms.changed", "merchant", merchant_id, **changed)
    return _value(row)


def forget(merchant_id: UUID) -> None:
    """Let a merchant have the marketplace's terms again."""
    row = session().scalars(select(TermsRow).where(TermsRow.merchant_id == merchant_id)).one_or_none()
    if row is not None:
        session().delete(row)
        audit.record("payout_terms.own_ended", "merchant", merchant_id)


_NAMES = (
    "every", "weekday", "month_day", "minimum_minor", "reserve_bps", "reserve_days", "adapter",
    "approval_above_minor", "takes_back",
)  # fmt: skip


def _value(row: TermsRow) -> Terms:
    return Terms(**{name: getattr(row, name) for name in _NAMES})


def _faults(wanted: Terms) -> list[FieldError]:
    checks = (
        ("every", wanted.every in EVERY, _("Choose one of the options.")),
        ("weekday", 0 <= wanted.weekday <= 6, _("Choose one of the options.")),
        ("month_day", 1 <= wanted.month_day <= 28, _("Choose a day from 1 to 28, which every month has")),
        ("minimum", wanted.minimum_minor >= 0, _("An amount is not negative")),
        ("reserve_bps", 0 <= wanted.reserve_bps <= 10_000, _("A share is between 0 and 100 %")),
        ("reserve_days", 0 <= wanted.reserve_days <= 365, _("Give a number of days from 0 to 365")),
        ("adapter", adapters.find(wanted.adapter) is not None, _("This way of paying out is not available")),
        ("approval_above", (wanted.approval_above_minor or 0) >= 0, _("An amount is not negative")),
    )
    return [FieldError(name, message) for name, is_right, message in checks if not is_right]


def today() -> date:
    """Return the tenant's business date."""
    return clock.today(current().timezone)
