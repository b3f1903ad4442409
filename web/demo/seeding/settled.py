"""The demo's payouts: some weeks of them, and today one in each state that a person meets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text

from core.billing.payouts import banking, claiming, holds, settling, terms
from core.billing.payouts.models import PayoutRow
from core.billing.payouts.terms import Terms
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import current, current_id
from core.merchants.models import MerchantRow
from core.payments import bank_accounts
from core.payments.adapters import Sent, SentState
from core.payments.bank_accounts import Details
from core.payments.bank_models import TransferRow
from web.demo.content import Marketplace
from web.demo.seeding.past import PROVIDER

_BANKS = {
    "IE": ("IE29 AIBK 9311 5212 3456 78", "", "AIB"),
    "CN": ("6222 0210 0112 2345 678", "102290000012", "工商银行"),
}
_SAID = {
    "IE": ("Beneficiary account closed", "A parcel of this week is disputed"),
    "CN": ("收款账户已销户", "本周有一单包裹存在争议"),
}
_WEEKS = (28, 21, 14)
"""Before how many days the payouts of the past were made."""


def agree(_market: Marketplace) -> None:
    """Set the terms, and give every shop but the last a bank account."""
    least = Money.parse("20", current().currency).minor
    limit = Money.parse("2500", current().currency).minor
    terms.change(Terms(minimum_minor=least, reserve_bps=500, approval_above_minor=limit))
    number, code, bank = _BANKS.get(current().country, _BANKS["IE"])
    shops = _merchants()
    for merchant in shops[:-1]:
        ending = f"{merchant.id.int % 10_000:04d}"
        digits = number if bank_accounts.is_iban(number.replace(" ", "")) else f"{number[:-4]}{ending}"
        bank_accounts.write(merchant.id, Details(merchant.name, digits, code, bank, current().country))
    bank_accounts.write(None, Details(current().name, number, code, bank, current().country))


def _merchants() -> list[MerchantRow]:
    query = select(MerchantRow).where(MerchantRow.is_house.is_(False), MerchantRow.state == "approved")
    return list(session().scalars(query.order_by(MerchantRow.id)))


def add_payouts(market: Marketplace) -> None:
    """Pay three weeks of the past, then leave one payout in each state; the last shops are still due."""
    at_provider = dict(banking.purses()).get(PROVIDER)
    if at_provider is not None and at_provider.minor > 0:
        banking.withdraw(PROVIDER, at_provider.share(6000), key="demo")
    shops = _merchants()[:-1]
    for number, days in enumerate(_WEEKS):
        for merchant in shops:
            payout = _claim(merchant.id, keep=(85, 75, 60)[number])
            if payout is not None:
                _say(payout, SentState.PAID)
                _date_back(payout, days)
    said = _SAID.get(current().country, _SAID["IE"])
    todays: tuple[Callable[[UUID], None], ...] = (
        _put_on_desk, _put_on_desk, lambda key: _say(key, SentState.SENT),
        lambda key: _say(key, SentState.RETURNED, said[0]),
    )  # fmt: skip
    for merchant, finish in zip(shops, todays, strict=False):
        payout = _claim(merchant.id, keep=0)
        if payout is not None:
            finish(payout)
    _leave_some_open(shops[len(todays) :], said[1])
    _hush()


def _claim(merchant_id: UUID, *, keep: int) -> UUID | None:
    """Pay a merchant all but so many per cent of what is open, the oldest first and that in any case."""
    outlook = claiming.outlook(merchant_id)
    open_now = outlook.available
    if open_now.minor <= 0:
        return None
    oldest = next(row.amount for row in outlook.unpaid if row.amount.minor > 0)
    kept = min(open_now.share(keep * 100), max(open_now - oldest, Money.zero(open_now.currency)))
    hold = holds.place(merchant_id, "demo", amount=kept) if kept else None
    payout = claiming.claim(merchant_id, minimum=Money.zero(open_now.currency))
    if hold is not None:
        holds.lift(hold)
    row = session().get(PayoutRow, (current_id(), payout)) if payout else None
    return payout if row is not None and row.state == "claimed" else None


def _say(payout_id: UUID, state: SentState, failure: str = "") -> None:
    settling.note(payout_id, Sent(_row(payout_id).number, state, failure=failure))
    session().flush()


def _row(payout_id: UUID) -> PayoutRow:
    return session().scalars(select(PayoutRow).where(PayoutRow.id == payout_id)).one()


def _put_on_desk(payout_id: UUID) -> None:
    row = _row(payout_id)
    row.asked_at = clock.now()
    session().add(TransferRow(
        id=new_id(), payout_id=row.id, merchant_id=row.merchant_id, account_id=UUID(row.account), number=row.number,
        amount_minor=row.amount_minor, currency=row.currency, state="to_do", created_at=clock.now(),
    ))  # fmt: skip
    _say(payout_id, SentState.TAKEN)


def _leave_some_open(shops: list[MerchantRow], dispute: str) -> None:
    """One above the limit waits for a second person, one is held back by hand; the others are due."""
    if not shops:
        return
    usual = terms.of_marketplace()
    terms.change(Terms(minimum_minor=0, reserve_bps=usual.reserve_bps, approval_above_minor=0))
    claiming.claim(shops[0].id)
    terms.change(usual)
    for merchant in shops[1:2]:
        open_now = claiming.outlook(merchant.id).available
        if open_now.minor > 1:
            holds.place(merchant.id, dispute, amount=open_now.share(4000), until=clock.now() + timedelta(days=12))


_BACK = text("""
    update payouts set created_at = created_at - :back, asked_at = created_at - :back, sent_at = sent_at - :back,
           ended_at = ended_at - :back + interval '2 days'
     where tenant_id = :tenant and id = :payout""")


def _date_back(payout_id: UUID, days: int) -> None:
    session().flush()
    session().execute(_BACK, {"tenant": current_id(), "payout": payout_id, "back": timedelta(days=days)})
    session().expire_all()


def _hush() -> None:
    """Send no mail about the past, and ask nobody about what is settled here."""
    session().flush()
    for row in session().scalars(select(OutboxRow).where(OutboxRow.handler.in_(["mail.compose", "payouts.send"]))):
        session().delete(row)
