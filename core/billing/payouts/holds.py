"""Why money is kept back: by hand, by the merchant's state, papers or account, and by plugins; the strictest counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from core.billing import payees
from core.billing.payouts import terms as all_terms
from core.billing.payouts.models import HoldRow
from core.billing.payouts.terms import Terms
from core.hooks.money import PayoutDraft, payout_holds
from core.hooks.runtime import plugins
from core.hooks.types import Period
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.merchants.directory import row_of
from core.merchants.documents import of_merchant as documents_of
from core.merchants.models import MerchantRow
from core.merchants.requirements import required_of
from core.payments import adapters


@dataclass(frozen=True, slots=True)
class HoldBack:
    """A reason to keep back all (`amount` None) or an amount, until a moment or until it is lifted.

    `message` is an English template over `facts`, or what a person or a plugin wrote; the merchant reads it. `id`
    is set where a person may lift it.
    """

    code: str
    message: str
    amount: Money | None = None
    until: datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    id: UUID | None = None


def of_merchant(merchant_id: UUID, amount: Money, terms: Terms) -> list[HoldBack]:
    """Return every reason to keep money of a merchant back, were this amount paid out now."""
    row = row_of(merchant_id)
    return [*_of_state(row), *_of_papers(row), *_of_account(row, terms), *_by_hand(row.id), *_of_plugins(row, amount)]


def allowed(amount: Money, holds: list[HoldBack]) -> Money:
    """Return how much of an amount may go: the strictest hold counts."""
    zero = Money.zero(amount.currency)
    if any(hold.amount is None for hold in holds):
        return zero
    kept = max((hold.amount for hold in holds if hold.amount is not None), default=zero)
    return max(amount - kept, zero)


def _of_state(row: MerchantRow) -> list[HoldBack]:
    if row.state in ("approved", "closed"):
        return []
    return [HoldBack("state", _("The merchant is not active; payouts go on when it is"))]


def _of_papers(row: MerchantRow) -> list[HoldBack]:
    """Hold for papers that were refused or not looked at, and for those that nobody asked for before selling."""
    states = {document.requirement: document.state for document in documents_of(row.id)}
    found = []
    for need in required_of(row):
        if "payout" not in need.blocks:
            continue
        state = states.get(need.code, "accepted" if "sell" in need.blocks else "missing")
        if state != "accepted":
            found.append(HoldBack("papers", _("Still to be proved: {paper}"), facts={"paper": need.label}))
    return found


def _of_account(row: MerchantRow, terms: Terms) -> list[HoldBack]:
    adapter = adapters.find(terms.adapter)
    if adapter is None:
        return [HoldBack("no_adapter", _("The way of paying out that was chosen is not available"))]
    if not adapter.capabilities.needs_account:
        return []
    payee = payees.payee_of(row.id, adapter.name)
    if payee is None:
        return [HoldBack("no_account", _("There is no account to pay to yet"))]
    if payee.rests:
        return [HoldBack("account_rests", _("The bank details were changed; for your safety payouts rest for some days"),
                         until=payee.usable_from)]  # fmt: skip
    return []


def _by_hand(merchant_id: UUID) -> list[HoldBack]:
    return [
        HoldBack("by_hand", row.message, _amount(row), row.until, id=row.id)
        for row in session().scalars(
            select(HoldRow)
            .where(
                HoldRow.merchant_id == merchant_id, HoldRow.lifted_at.is_(None),
                or_(HoldRow.until.is_(None), HoldRow.until > clock.now()),
            )
            .order_by(HoldRow.id)
        )
    ]  # fmt: skip


def _amount(row: HoldRow) -> Money | None:
    return None if row.amount_minor is None else Money(row.amount_minor, row.currency)


def _of_plugins(row: MerchantRow, amount: Money) -> list[HoldBack]:
    day = all_terms.today()
    draft = PayoutDraft(row.id, amount, Period(day, day + timedelta(days=1)))
    found = plugins().collect(payout_holds, tenant=current(), payout=draft)
    return [
        HoldBack(hold.code, hold.message, hold.amount, hold.until)
        for hold in found
        if hold.until is None or hold.until > clock.now()
    ]


def place(
    merchant_id: UUID,
    message: str,
    *,
    amount: Money | None = None,
    until: datetime | None = None,
    key: str | None = None,
) -> UUID:
    """Keep money of a merchant back, all of it or an amount; the same key again changes nothing. Raise Invalid."""
    row = row_of(merchant_id)
    if key is not None:
        known = session().scalar(select(HoldRow.id).where(HoldRow.key == key, HoldRow.lifted_at.is_(None)))
        if known is not None:
            return known
    faults = []
    if not message.strip():
        faults.append(FieldError("message", _("Give the reason; the merchant reads it")))
    if amount is not None and amount.minor <= 0:
        faults.append(FieldError("amount", _("Give an amount above zero, or leave it empty to hold everything")))
    if until is not None and until <= clock.now():
        faults.append(FieldError("until", _("Give a day that is still to come")))
    if faults:
        raise Invalid("payouts.hold", _("This hold cannot be placed"), fields=tuple(faults))
    hold = HoldRow(
        id=new_id(), merchant_id=row.id, key=key, message=message.strip()[:500], until=until,
        amount_minor=amount.minor if amount else None, currency=current().currency, by_name=audit.actor().name,
    )  # fmt: skip
    session().add(hold)
    session().flush()
    audit.record("payouts.held", "merchant", row.id, message=hold.message, amount=str(amount or ""))
    return hold.id


def lift(hold_id: UUID) -> UUID:
    """End a hold and return its merchant; ending it again changes nothing. Raise Missing."""
    row = session().scalars(select(HoldRow).where(HoldRow.id == hold_id).with_for_update()).one_or_none()
    if row is None:
        raise Missing("payouts.no_hold", _("There is no such hold"))
    if row.lifted_at is None:
        row.lifted_at = clock.now()
        audit.record("payouts.hold_lifted", "merchant", row.merchant_id, message=row.message)
    return row.merchant_id
