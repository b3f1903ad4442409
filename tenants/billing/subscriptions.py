"""Which plan a marketplace has on which days. More is given at once, less at the end of what is paid for.

The functions that write need a platform transaction with the platform bound: they change the marketplace's own row too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, Phrase, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.tx import after_commit
from tenants import deeds, usage, values
from tenants.billing import accounts, plans, rules
from tenants.billing.facts import Customer, Span
from tenants.billing.models import AccountRow, SpanRow
from tenants.billing.plans import Version
from tenants.billing.rules import Month
from tenants.billing.terms import CYCLES, Terms
from tenants.models import TenantRow
from tenants.values import PLATFORM


@dataclass(frozen=True, slots=True)
class Change:
    """A change of plan as it would be: from which day, and which limits its use exceeds (then it is refused)."""

    version: Version
    cycle: str
    day: date
    is_at_once: bool
    exceeded: tuple[Phrase, ...] = ()


def customer(tenant_id: UUID) -> Customer:
    """Return a marketplace as the platform bills it. Raise Missing. Not inside of a transaction."""
    tenant = values.find(tenant_id) if tenant_id != PLATFORM.id else None
    if tenant is None:
        raise Missing("tenants.missing", _("There is no such marketplace"))
    return Customer(tenant.id, tenant.slug, tenant.name, tenant.country, tenant.currency, tenant.timezone)


def begin(customers: Iterable[tuple[UUID, str, str]]) -> None:
    """Give new marketplaces (key, plan, time zone) their first span and their days of trial. Platform transaction."""
    offers = {version.plan: version for version in plans.offered()}
    first, granted = [], []
    for key, plan, timezone in customers:
        version, day = offers[plan], clock.today(timezone)
        trial = day + timedelta(days=version.terms.trial_days)
        first.append({
            "tenant_id": PLATFORM.id, "id": new_id(), "customer_id": key, "plan_code": plan, "cycle": "monthly",
            "version": version.version, "from_on": day, "until_on": None, "anchor_on": day,
        })  # fmt: skip
        granted.append({"tenant_id": PLATFORM.id, "id": new_id(), "customer_id": key, "card": {},
                         "trial_until": trial if trial > day else None})  # fmt: skip
    session().execute(insert(SpanRow), first)
    session().execute(insert(AccountRow), granted)


def _rows(customer_id: UUID) -> Sequence[SpanRow]:
    query = select(SpanRow).where(SpanRow.tenant_id == PLATFORM.id, SpanRow.customer_id == customer_id)
    return session().scalars(query.order_by(SpanRow.from_on)).all()


def spans(customer_id: UUID) -> list[Span]:
    """Return all days of a marketplace's plans in order, those to come included."""
    rows = _rows(customer_id)
    terms = plans.terms_of((row.plan_code, row.version) for row in rows)
    return [
        Span(row.plan_code, row.version, row.cycle, row.from_on, row.until_on, row.anchor_on,
             terms[row.plan_code, row.version])
        for row in rows
    ]  # fmt: skip


def at(found: Sequence[Span], day: date) -> Span | None:
    """Return the span that holds a day."""
    return next((span for span in found if span.days_of(day, day + timedelta(days=1))), None)


def today(who: Customer) -> date:
    """Return the marketplace's own day."""
    return clock.today(who.timezone)


def considered(who: Customer, found: Sequence[Span], version: Version, cycle: str, counts: Mapping[str, int]) -> Change:
    """Return what a change of plan would be. Raise Conflict if it has it already, Invalid for an unknown cycle."""
    day = today(who)
    now = at(found, day)
    if cycle not in CYCLES or (cycle == "yearly" and version.terms.monthly and not version.terms.yearly):
        wrong = FieldError("cycle", _("This plan is not sold by the year"))
        raise Invalid("plans.cycle", _("Choose to pay by the month or by the year"), fields=(wrong,))
    if now and (now.plan, now.version, now.cycle) == (version.plan, version.version, cycle):
        if any(span.from_on > day for span in found):
            return Change(version, cycle, day, is_at_once=True)
        raise Conflict("plans.same", _("The marketplace has this plan already"))
    if now is None or _is_more(now, version.terms, cycle, who.currency):
        return Change(version, cycle, day, is_at_once=True)
    end = Month(day.replace(day=1)).end
    if now.cycle == "yearly":
        end = rules.year_of(now.anchor_on, day)[1]
    return Change(version, cycle, end, is_at_once=False, exceeded=exceeded(version.terms, counts))


def _is_more(now: Span, terms: Terms, cycle: str, currency: str) -> bool:
    """Tell whether a plan is more than the present one: dearer by the month, else larger, or the same by the year."""
    priced = currency if currency in {*terms.currencies, *now.terms.currencies} else PLATFORM.currency
    old, new = now.terms.price("monthly", priced), terms.price("monthly", priced)
    if old != new:
        return new > old
    if (now.cycle, cycle) == ("yearly", "monthly"):
        return False
    return all(terms.limits.get(name, most) >= most for name, most in now.terms.limits.items()) and not (
        set(terms.limits) - set(now.terms.limits)
    )


def exceeded(terms: Terms, counts: Mapping[str, int]) -> tuple[Phrase, ...]:
    """Return which limits of a plan the use exceeds, each said whole."""
    return tuple(
        Phrase(
            _("{what}: {count}, the plan allows {limit}"), what=(usage.LABELS[name],), count=counts[name], limit=most
        )
        for name, most in terms.limits.items()
        if counts.get(name, 0) > most
    )


def foreseen(found: Sequence[Span], change: Change, trial_until: date | None = None) -> list[Span]:
    """Return the spans as they would be after a change; years begin when a trial has ended."""
    kept = [span for span in found if span.from_on < change.day]
    if kept:
        kept[-1] = replace(kept[-1], until_on=change.day)
    now = at(found, change.day)
    keeps_years = now is not None and now.cycle == change.cycle == "yearly" and now.plan == change.version.plan
    anchor = now.anchor_on if now is not None and keeps_years else max(change.day, trial_until or change.day)
    fresh = Span(change.version.plan, change.version.version, change.cycle, change.day, None, anchor,
                 change.version.terms)  # fmt: skip
    return [*kept, fresh]


def change_plan(who: Customer, plan: str, cycle: str, *, version: Version | None = None) -> Change:
    """Give a marketplace another plan: at once if it is more, else from the end of what is paid for.

    What was arranged before for a later day is dropped. Raise Invalid, or Conflict "plans.exceeded" which names each
    limit that the present use exceeds.
    """
    lock_name(f"billing:{who.id}")
    wanted = version or plans.current(plan, today(who))
    found = spans(who.id)
    counts = usage.counts([who.id], usage.month_start(who.timezone)).get(who.id, {})
    change = considered(who, found, wanted, cycle, counts)
    if change.exceeded:
        raise Conflict(
            "plans.exceeded", _("This plan is too small for the marketplace. {exceeded}"), exceeded=change.exceeded
        )
    _write(who, foreseen(found, change, accounts.account(who.id).grant.trial_until))
    deeds.record("tenant.plan", who.id, before=_name(at(found, today(who))), after=f"{wanted.plan} {cycle}",
                 day=str(change.day), version=wanted.version)  # fmt: skip
    if change.is_at_once:
        _apply(who.id, wanted.plan, wanted.terms)
    return change


def put_on(who: Customer, plan: str) -> None:
    """Put a marketplace on a plan at once, be it smaller than its use: what it has beyond the limits stays.

    For the platform's staff. Raise Invalid if there is no such plan.
    """
    lock_name(f"billing:{who.id}")
    wanted, found, day = plans.current(plan), spans(who.id), today(who)
    now = at(found, day)
    cycle = "yearly" if now and now.cycle == "yearly" and wanted.terms.yearly else "monthly"
    _write(who, foreseen(found, Change(wanted, cycle, day, is_at_once=True)))
    _apply(who.id, plan, wanted.terms)


def renew(who: Customer) -> Change:
    """Move a marketplace to the newest version of its plan, from next month or its next year on. Raise Conflict."""
    lock_name(f"billing:{who.id}")
    found = spans(who.id)
    now = found[-1]
    newest = next(one for one in plans.newest() if one.plan == now.plan)
    if newest.version == now.version:
        raise Conflict("plans.newest", _("The marketplace has the newest version of its plan"))
    day = today(who)
    end = rules.year_of(now.anchor_on, day)[1] if now.cycle == "yearly" else Month(day.replace(day=1)).end
    change = Change(newest, now.cycle, max(end, now.from_on, newest.effective_on), is_at_once=False)
    _write(who, foreseen(found, change))
    deeds.record("tenant.plan_renewed", who.id, after=now.plan, day=str(change.day), version=newest.version)
    return change


def keep_plan(who: Customer) -> None:
    """Drop a change that was arranged for a later day. Raise Conflict if there is none."""
    lock_name(f"billing:{who.id}")
    day = today(who)
    found = [span for span in spans(who.id) if span.from_on <= day]
    if not found or found[-1].until_on is None:
        raise Conflict("plans.nothing_arranged", _("No change is arranged"))
    _write(who, [*found[:-1], replace(found[-1], until_on=None)])
    deeds.record("tenant.plan_kept", who.id, after=found[-1].plan)


def _name(span: Span | None) -> str:
    return f"{span.plan} {span.cycle}" if span else ""


def _write(who: Customer, wanted: Sequence[Span]) -> None:
    """Make the rows say what the spans say; rows of days that are past stay as they are."""
    known = {row.from_on: row for row in _rows(who.id)}
    gone = [day for day in known if day not in {span.from_on for span in wanted}]
    session().execute(
        delete(SpanRow).where(
            SpanRow.tenant_id == PLATFORM.id, SpanRow.customer_id == who.id, SpanRow.from_on.in_(gone)
        )
    )
    for span in wanted:
        row = known.get(span.from_on)
        if row is None:
            row = SpanRow(tenant_id=PLATFORM.id, id=new_id(), customer_id=who.id, from_on=span.from_on)
            session().add(row)
        row.plan_code, row.version, row.cycle = span.plan, span.version, span.cycle
        row.until_on, row.anchor_on = span.until_on, span.anchor_on
    session().flush()


def _apply(tenant_id: UUID, plan: str, terms: Terms) -> None:
    session().execute(
        update(TenantRow)
        .where(TenantRow.id == tenant_id)
        .values(plan_code=plan, limits=dict(terms.limits), version=TenantRow.version + 1)
    )
    after_commit(lambda: values.forget(tenant_id))


def apply_due(who: Customer) -> str:
    """Make the limits of the day's plan hold; a smaller plan that has become too small meanwhile is dropped.

    Return "applied", "dropped" or "" if there was nothing to do.
    """
    lock_name(f"billing:{who.id}")
    found, day = spans(who.id), today(who)
    now = at(found, day)
    row = session().get(TenantRow, who.id)
    if now is None or row is None or (row.plan_code, row.limits) == (now.plan, dict(now.terms.limits)):
        return ""
    counts = usage.counts([who.id], usage.month_start(who.timezone)).get(who.id, {})
    before = [span for span in found if span.until_on == now.from_on]
    is_smaller = bool(exceeded(now.terms, counts)) and row.plan_code != now.plan
    if is_smaller and before:
        kept = [replace(one, until_on=None) if one is before[-1] else one for one in found if one.from_on < now.from_on]
        _write(who, kept)
        deeds.record("tenant.plan_dropped", who.id, before=row.plan_code, after=now.plan)
        return "dropped"
    _apply(who.id, now.plan, now.terms)
    deeds.record("tenant.plan_applied", who.id, before=row.plan_code, after=now.plan, version=now.version)
    return "applied"
