"""Issues a month's statements: periodic fees first, then all merchants in one statement of SQL, then papers and mails.

Each step is a quick job, so its effect and the next step's order commit together; a second run changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, text

from core.accounting import fee_documents, months, parties
from core.accounting.models import StatementRow, StatementRunRow
from core.accounting.sections import CASES, SIDES
from core.accounting.states import STATEMENT_RUN
from core.billing import accounts
from core.billing.capture import record_event
from core.hooks.money import BillingItem, MoneyEvent, MoneyFact, Posting, billing_items
from core.hooks.runtime import move, plugins
from core.hooks.types import Period
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.money import Money
from core.kernel.tenancy import current, current_id
from core.ledger import books, journal
from core.orders.numbers import next_numbers

_TOLD_FOR = timedelta(days=62)
"""Statements of months that ended longer ago are issued without a mail: nobody wants a year of them at once."""
_AT_ONCE = 200
SERIES = "statement"
_FIRST = text("select min(coalesce(stated_on, effective_on)) from ledger_entries where tenant_id = :tenant")


def next_month() -> date | None:
    """Return the first month without statements, even if it is not over; None while there is no entry at all."""
    done = books.books().stated_until
    if done is not None:
        return done
    day: date | None = session().execute(_FIRST, {"tenant": current_id()}).scalar_one()
    return months.first(day) if day else None


def start(month: date) -> UUID:
    """Begin to issue a month's statements and return the run's key; begun already: that run's.

    Raise Conflict while the month is not over, or while an earlier one waits.
    """
    lock_name("accounting.statements")
    known = session().scalars(select(StatementRunRow.id).where(StatementRunRow.month == month)).one_or_none()
    if known is not None:
        return known
    if month >= months.this():
        raise Conflict("accounting.month_not_over", _("A month's statements are issued when the month is over"))
    first = next_month()
    if first is None:
        raise Conflict("accounting.no_entries", _("No money has moved yet, so there is nothing to state"))
    if month != first:
        raise Conflict("accounting.not_next", _("Issue the statements of {month} first"), month=f"{first:%Y-%m}")
    row = StatementRunRow(id=new_id(), month=month)
    session().add(row)
    session().flush()
    audit.record("statements.started", "statement_run", row.id, month=f"{month:%Y-%m}")
    jobs.soon("accounting.post_items", {"run": str(row.id)}, subject=str(row.id))
    return row.id


def post_items(run_id: UUID) -> None:
    """Post what the plugins bill for the month, once by key, and let no further entry into its statements."""
    run = _run(run_id)
    books.hold()
    end = months.following(run.month)
    done = books.books().stated_until
    if done is not None and done >= end:
        return
    for plugin, item in plugins().attributed(billing_items, tenant=current(), period=Period(run.month, end)):
        _post_item(plugin, item, months.last_day(run.month))
    books.state_until(end)


def _post_item(plugin: str, item: BillingItem, day: date) -> None:
    payable, is_credit = accounts.payable(item.merchant_id), item.amount.minor < 0
    amount = -item.amount if is_credit else item.amount
    rate = current().setting("item_tax_bps")
    parts = {accounts.FEE: amount, accounts.FEE_TAX: amount.share(rate if isinstance(rate, int) else 0)}
    postings = [
        Posting(payable, account, part, item.label) if is_credit else Posting(account, payable, part, item.label)
        for account, part in parts.items()
    ]
    journal.post(f"item:{plugin}:{item.key}", "billing.item", postings, effective_on=day)


_SUMS = f"""
    sides as materialized ({SIDES}),
    sums as (
      select m.id as merchant_id, s.currency, s.pot, s.section, sum(s.amount)::bigint as amount, count(*)::int as rows
        from (select sides.*, {CASES} as section from sides where pot in ('payable', 'reserve', 'held')) s
        join merchants m on m.tenant_id = :tenant and m.id::text = s.owner and not m.is_house
       group by 1, 2, 3, 4),
    moved as (
      select merchant_id, currency, coalesce(sum(amount) filter (where pot = 'payable'), 0)::bigint as payable,
             coalesce(sum(amount) filter (where pot = 'held'), 0)::bigint as held,
             coalesce(sum(amount) filter (where pot = 'reserve'), 0)::bigint as reserve
        from sums group by 1, 2),
    before as (
      select distinct on (merchant_id, currency) merchant_id, currency, closing_minor as payable,
             held_closing_minor as held, reserve_closing_minor as reserve
        from statements where tenant_id = :tenant and month < :start order by merchant_id, currency, month desc),
    ordered as (
      select distinct o.merchant_id, o.currency
        from orders o join merchants m on m.tenant_id = o.tenant_id and m.id = o.merchant_id and not m.is_house
       where o.tenant_id = :tenant and o.placed_at >= cast(:start as timestamp) at time zone :zone
         and o.placed_at < cast(:end as timestamp) at time zone :zone),
    who as (
      select merchant_id, currency, coalesce(b.payable, 0) as payable, coalesce(b.held, 0) as held,
             coalesce(b.reserve, 0) as reserve, coalesce(m.payable, 0) as payable_moved,
             coalesce(m.held, 0) as held_moved, coalesce(m.reserve, 0) as reserve_moved
        from moved m full join before b using (merchant_id, currency) full join ordered o using (merchant_id, currency)
       where m.merchant_id is not null or o.merchant_id is not null or b.payable <> 0 or b.held <> 0 or b.reserve <> 0)"""  # noqa: S608

_COUNT = text(f"with {_SUMS} select count(*) from who")  # noqa: S608
_INSERT = """
    numbered as (select who.*, row_number() over (order by merchant_id, currency) as place from who),
    stated as (
      select n.*, :prefix || (:first + n.place - 1) as number,
             encode(sha256(convert_to(concat_ws('|', :prefix || (:first + n.place - 1), n.merchant_id, :start,
               n.currency, n.payable, n.payable + n.payable_moved, n.held, n.held + n.held_moved, n.reserve,
               n.reserve + n.reserve_moved,
               (select string_agg(concat_ws(',', s.pot, s.section, s.amount, s.rows), ';' order by s.pot, s.section)
                  from sums s where s.merchant_id = n.merchant_id and s.currency = n.currency)), 'UTF8')), 'hex') as hash
        from numbered n),
    made as (
      insert into statements (tenant_id, id, run_id, merchant_id, month, currency, number, opening_minor,
             closing_minor, held_opening_minor, held_closing_minor, reserve_opening_minor, reserve_closing_minor,
             seller, buyer, issued_at, hash)
      select :tenant, gen_random_uuid(), :run, s.merchant_id, :start, s.currency, s.number, s.payable,
             s.payable + s.payable_moved, s.held, s.held + s.held_moved, s.reserve, s.reserve + s.reserve_moved,
             cast(:seller as json), MERCHANT_AS_PARTY, :at, s.hash
        from stated s join merchants m on m.tenant_id = :tenant and m.id = s.merchant_id
      returning id, merchant_id, currency)
    insert into statement_lines (tenant_id, id, statement_id, pot, section, amount_minor, rows)
    select :tenant, gen_random_uuid(), made.id, sums.pot, sums.section, sums.amount, sums.rows
      from sums join made using (merchant_id, currency)"""
_WRITE = text(f"with {_SUMS}, {_INSERT}".replace("MERCHANT_AS_PARTY", parties.MERCHANT_SQL))


def write(run_id: UUID) -> int:
    """Write statements for all merchants whose accounts moved or hold money, or who had an order; return how many."""
    run = _run(run_id)
    if run.total or session().scalars(select(StatementRow.id).where(StatementRow.run_id == run_id).limit(1)).first():
        return run.total
    session().execute(text("set local statement_timeout = '120s'"))
    given = {"tenant": current_id(), "start": run.month, "end": months.following(run.month), "zone": current().timezone}
    run.total = session().execute(_COUNT, given).scalar_one()
    numbers = next_numbers(SERIES, run.total) if run.total else range(0)
    values = {
        "prefix": "ST-", "first": numbers.start, "run": run_id, "at": clock.now(),
        "seller": json.dumps(parties.platform().plain()),
    }  # fmt: skip
    if run.total:
        session().execute(_WRITE, given | values)
    session().flush()
    return run.total


def follow_up(run_id: UUID) -> bool:
    """Issue the papers of some more statements and tell their merchants; return whether the month is issued."""
    run = _run(run_id)
    if run.state == "issued":
        return True
    query = select(StatementRow).where(StatementRow.run_id == run_id).order_by(StatementRow.id)
    some = session().scalars(query.offset(run.done).limit(_AT_ONCE)).all()
    fee_documents.issue(some)
    for row in some:
        _tell(row)
    run.done += len(some)
    if run.done < run.total:
        return False
    run.issued_at = clock.now()
    session().flush()
    move(STATEMENT_RUN, run, "issued", statements=run.total)
    return True


def _tell(row: StatementRow) -> None:
    closing = Money(row.closing_minor, row.currency)
    record_event(MoneyEvent(row.id, MoneyFact.STATEMENT_CLOSED, None, closing, merchant_id=row.merchant_id))
    if clock.today(current().timezone) - months.following(row.month) <= _TOLD_FOR:
        jobs.soon("messages.statement_issued", {"statement": str(row.id)})


def _run(run_id: UUID) -> StatementRunRow:
    query = select(StatementRunRow).where(StatementRunRow.id == run_id).with_for_update()
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("accounting.no_run", _("There are no statements of this month"))
    return row


@jobs.job("accounting.post_items")
def _post_items(payload: jobs.Payload) -> None:
    post_items(UUID(payload["run"]))
    jobs.soon("accounting.write", payload, subject=payload["run"])


@jobs.job("accounting.write")
def _write(payload: jobs.Payload) -> None:
    write(UUID(payload["run"]))
    jobs.soon("accounting.follow_up", payload, subject=payload["run"])


@jobs.job("accounting.follow_up")
def _follow_up(payload: jobs.Payload) -> None:
    if not follow_up(UUID(payload["run"])):
        jobs.soon("accounting.follow_up", payload, subject=payload["run"])


STEPS: Sequence[str] = ("accounting.post_items", "accounting.write", "accounting.follow_up")
"""The jobs of a run, in order."""
