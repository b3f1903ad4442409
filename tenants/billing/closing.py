"""The close of a month: measured in the marketplace's books, frozen, drafted as invoices, once.

One marketplace is one job: a failure is tried again by itself and keeps nobody else. The dispatcher asks every hour;
a month is due two hours after its end in the marketplace's time zone. A closed month is never measured again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.kernel import audit, clock, jobs, outbox
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, read_only, transaction
from tenants import values
from tenants.billing import accounts, books, drafting, invoices, metering, subscriptions
from tenants.billing.drafting import Bill, Charged
from tenants.billing.facts import Customer, Draft, Grant, Span, Usage
from tenants.billing.models import PeriodRow, SpanRow
from tenants.billing.rules import Month
from tenants.models import TenantRow
from tenants.values import PLATFORM

_GRACE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the platform knows of a marketplace before it measures."""

    spans: Sequence[Span]
    grant: Grant
    fallback: str
    carried: Mapping[str, int]
    charged: Charged


def ground(customer_id: UUID, month: Month) -> Ground:
    """Return what a month's bill depends on besides the use. On the platform's ground."""
    last = (
        session()
        .scalars(
            select(PeriodRow)
            .where(
                PeriodRow.tenant_id == PLATFORM.id, PeriodRow.customer_id == customer_id, PeriodRow.month < month.start
            )
            .order_by(PeriodRow.month.desc())
            .limit(1)
        )
        .one_or_none()
    )
    charged = {}
    for key, minor in (last.usage.get("charged", {}) if last else {}).items():
        code, _colon, currency = key.partition(":")
        charged[code, currency] = minor
    spans = drafting.merged(subscriptions.spans(customer_id))
    return Ground(spans, accounts.account(customer_id).grant, accounts.company().currency,
                  dict(last.carried) if last else {}, charged)  # fmt: skip


def measured(tenant: Tenant, month: Month, spans: Sequence[Span]) -> Usage:
    """Measure a month in a marketplace's own books. Opens its own transaction."""
    with bind(tenant), read_only():
        return metering.measure(month, spans)


def bill(who: Customer, month: Month, known: Ground, use: Usage, spans: Sequence[Span] | None = None) -> Bill:
    """Put together what a month's lines depend on; `spans` to try others."""
    return Bill(month, known.spans if spans is None else spans, use, known.grant, who.currency, known.fallback,
                known.carried, known.charged)  # fmt: skip


def due_months(first: date, closed: date | None, timezone: str) -> list[date]:
    """Return the months from a first day on that are over and not closed, oldest first."""
    here = (clock.now() - _GRACE).astimezone(ZoneInfo(timezone)).date()
    month, found = Month(closed).end if closed else first.replace(day=1), []
    while Month(month).end <= here:
        found.append(month)
        month = Month(month).end
    return found


@jobs.slow_job("billing.close_due")
def close_due(_payload: jobs.Payload) -> None:
    """Ask for the close of every month that is due, and let arranged changes of plan take effect."""
    with platform_transaction():
        for customer_id, timezone, first, closed in _customers():
            for month in due_months(first, closed, timezone):
                _ask(customer_id, month)
            jobs.soon("billing.apply_plan", {"customer": str(customer_id)})


def _customers() -> Sequence[tuple[UUID, str, date, date | None]]:
    closed = (
        select(PeriodRow.customer_id, func.max(PeriodRow.month).label("month"))
        .where(PeriodRow.tenant_id == PLATFORM.id)
        .group_by(PeriodRow.customer_id)
        .subquery()
    )
    query = (
        select(TenantRow.id, TenantRow.timezone, func.min(SpanRow.from_on), closed.c.month)
        .join(SpanRow, SpanRow.customer_id == TenantRow.id)
        .outerjoin(closed, closed.c.customer_id == TenantRow.id)
        .where(SpanRow.tenant_id == PLATFORM.id, TenantRow.state.in_(["active", "suspended"]))
        .group_by(TenantRow.id, TenantRow.timezone, closed.c.month)
        .order_by(TenantRow.id)
    )
    return [(key, zone, first, month) for key, zone, first, month in session().execute(query)]


def _ask(customer_id: UUID, month: date) -> None:
    key = f"billing.close:{customer_id}:{month}"
    known = select(outbox.OutboxRow.id).where(
        outbox.OutboxRow.tenant_id == PLATFORM.id, outbox.OutboxRow.key == key, outbox.OutboxRow.done_at.is_(None)
    )
    if session().scalars(known).first() is None:
        outbox.put("billing.close_month", {"customer": str(customer_id), "month": month.isoformat()}, key=key,
                   subject=f"billing:{customer_id}")  # fmt: skip


@jobs.slow_job("billing.apply_plan")
def _apply_plan(payload: jobs.Payload) -> None:
    who = subscriptions.customer(UUID(payload["customer"]))
    with platform_transaction():
        subscriptions.apply_due(who)


@jobs.slow_job("billing.close_month", retries=50)
def _close_month(payload: jobs.Payload) -> None:
    close_month(UUID(payload["customer"]), date.fromisoformat(payload["month"]))


def close_month(customer_id: UUID, day: date) -> tuple[UUID, ...]:
    """Close a marketplace's month and draft its invoices; return them. Again: nothing happens, none is returned.

    Opens its own transactions: one that reads the marketplace, one that writes on the platform's ground.
    """
    who, month = subscriptions.customer(customer_id), Month(day.replace(day=1))
    tenant = values.find(customer_id)
    with bind(PLATFORM), read_only():
        known = ground(customer_id, month)
    if tenant is None or _is_closed_apart(customer_id, month.start):
        return ()
    use = measured(tenant, month, known.spans)
    with bind(PLATFORM), transaction():
        lock_name(f"billing:{customer_id}")
        if _is_closed(customer_id, month.start):
            return ()
        fresh = ground(customer_id, month)
        return _close(who, month, bill(who, month, fresh, use))


def _is_closed_apart(customer_id: UUID, month: date) -> bool:
    with bind(PLATFORM), read_only():
        return _is_closed(customer_id, month)


def _is_closed(customer_id: UUID, month: date) -> bool:
    query = select(PeriodRow.id).where(
        PeriodRow.tenant_id == PLATFORM.id, PeriodRow.customer_id == customer_id, PeriodRow.month == month
    )
    return session().scalars(query).first() is not None


def _close(who: Customer, month: Month, found: Bill) -> tuple[UUID, ...]:
    drafts = drafting.drafts(found)
    carried = {draft.currency: draft.net.minor for draft in drafts if draft.net.minor < 0}
    charged = _charged(found.charged, drafts)
    session().add(PeriodRow(
        tenant_id=PLATFORM.id, id=new_id(), customer_id=who.id, month=month.start, carried=carried,
        usage={**found.usage.plain(), "charged": charged},
    ))  # fmt: skip
    session().flush()
    for draft in drafts:
        if draft.net.minor < 0:
            books.carry(who.id, f"{who.id}:{month.start}:{draft.currency}", draft.lines)
    audit.record("billing.closed", "tenant", who.id, month=f"{month.start:%Y-%m}")
    made = tuple(invoices.draft(who.id, month.start, draft) for draft in drafts if draft.net.minor > 0)
    for invoice_id in made:
        jobs.soon("billing.issue", {"invoice": str(invoice_id), "customer": str(who.id)}, subject="billing.issue")
    return made


def _charged(before: Charged, drafts: Sequence[Draft]) -> dict[str, int]:
    after = dict(before)
    for draft in drafts:
        for line in draft.lines:
            if line.code in ("share", "items"):
                key = (line.code, draft.currency)
                after[key] = after.get(key, 0) + line.amount.minor
    return {f"{code}:{currency}": minor for (code, currency), minor in after.items()}


@jobs.slow_job("billing.issue", retries=50)
def _issue(payload: jobs.Payload) -> None:
    issue(UUID(payload["invoice"]), UUID(payload["customer"]))


def issue(invoice_id: UUID, customer_id: UUID) -> bool:
    """Issue a draft; return False while nobody has said who issues it. Opens its own transaction."""
    who = subscriptions.customer(customer_id)
    with bind(PLATFORM), transaction():
        return invoices.issue(invoice_id, who)


def issue_waiting() -> None:
    """Have the drafts issued that waited for the company. On the platform's ground."""
    for invoice_id, customer_id in invoices.drafts_waiting():
        jobs.soon("billing.issue", {"invoice": str(invoice_id), "customer": str(customer_id)}, subject="billing.issue")
