"""The accountant's view: a chart of accounts of the tenant's own, and the journal as double entry under its codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, text

from core.accounting.models import ChartAccountRow
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current_id

DEFAULTS: Mapping[str, tuple[str, str]] = {
    "psp": ("1360", "Money in transit at payment providers"),
    "in_transit": ("1361", "Payouts on their way"),
    "dispute_receivable": ("1370", "Disputed payments"),
    "world": ("1200", "Bank"),
    "payable": ("1600", "Payable to merchants"),
    "held": ("1601", "Buyers' money held for merchants"),
    "reserve": ("1602", "Reserves of merchants"),
    "liability": ("1700", "Other liabilities"),
    "fee_tax": ("1776", "Tax on fees"),
    "own_tax": ("1777", "Tax on own goods"),
    "promo_expense": ("4600", "Discounts paid by the marketplace"),
    "psp_cost": ("4970", "Costs of payment providers"),
    "write_off": ("2400", "Debts written off"),
    "fee": ("8400", "Commissions and fees"),
    "own_sales": ("8401", "Own goods sold"),
}
"""Codes and names by account without its owner; a tenant changes them to its accountant's."""
OTHER = ("9999", "Other accounts")
_CODE = 12


@dataclass(frozen=True, slots=True)
class ChartAccount:
    """What the accountant calls an account of the journal."""

    account: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A posting as an accountant reads it: an amount from the credit account to the debit account."""

    day: date
    key: str
    kind: str
    order: str
    debit: ChartAccount
    credit: ChartAccount
    debit_address: str
    credit_address: str
    amount: Money
    memo: str


def chart() -> list[ChartAccount]:
    """Return the chart: the tenant's own codes over the usual ones."""
    own = {row.account: (row.code, row.name) for row in session().scalars(select(ChartAccountRow))}
    both = {**DEFAULTS, **own}
    return [ChartAccount(account, *both[account]) for account in both]


def change(codes: Mapping[str, tuple[str, str]]) -> None:
    """Set codes and names by account. Raise Invalid for an unknown account or a code that is none."""
    for account, (code, name) in codes.items():
        if account not in DEFAULTS:
            raise _wrong(account, _("There is no such account"))
        if not code.isalnum() or len(code) > _CODE or not 0 < len(name) <= 80:
            raise _wrong(account, _("Give a code of letters and digits, and a name"))
    changed = {key: pair for key, pair in codes.items() if pair != DEFAULTS[key]}
    session().execute(delete(ChartAccountRow).where(ChartAccountRow.account.in_(list(codes))))
    session().add_all(ChartAccountRow(id=new_id(), account=key, code=c, name=n) for key, (c, n) in changed.items())
    audit.record("chart.changed", "chart", current_id(), accounts=", ".join(sorted(changed)))


def _wrong(account: str, message: str) -> Invalid:
    return Invalid("accounting.wrong_code", message, fields=(FieldError(account, message),))


_POSTINGS = text("""
    select e.effective_on, e.key, e.kind, coalesce(o.number, '') as number, p.source, p.destination, p.amount_minor,
           p.currency, p.memo
      from ledger_entries e join ledger_postings p on p.tenant_id = e.tenant_id and p.entry_id = e.id
      left join orders o on o.tenant_id = e.tenant_id and o.id = e.order_id
     where e.tenant_id = :tenant and e.effective_on >= :start and e.effective_on < :end
     order by e.effective_on, e.id, p.number""")


def booked(start: date, end: date) -> Iterator[Booked]:
    """Return the postings of a half-open period by day, under the codes of the chart."""
    known = {one.account: one for one in chart()}
    session().execute(text("set local statement_timeout = '60s'"))
    for row in session().execute(_POSTINGS, {"tenant": current_id(), "start": start, "end": end}):
        yield Booked(
            row.effective_on, row.key, row.kind, row.number, _of(known, row.destination), _of(known, row.source),
            row.destination, row.source, Money(row.amount_minor, row.currency), row.memo,
        )  # fmt: skip


def _of(known: Mapping[str, ChartAccount], address: str) -> ChartAccount:
    return known.get(address.partition(":")[0]) or ChartAccount(address, *OTHER)
