"""The plans that the platform sells, version by version; a change applies from the next month and moves nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from tenants.billing import terms as offers
from tenants.billing.models import PlanVersionRow, SpanRow
from tenants.billing.rules import Month
from tenants.billing.terms import Terms
from tenants.models import PlanRow
from tenants.values import PLATFORM

FIRST_DAY = date(2026, 1, 1)
_CODE = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a plan; `customers` have it now."""

    plan: str
    version: int
    effective_on: date
    terms: Terms
    customers: int = 0


def today() -> date:
    """Return the platform's own day."""
    return clock.today(PLATFORM.timezone)


def next_month() -> date:
    """Return the first day of the month after the present one."""
    return Month(today().replace(day=1)).end


def _value(row: PlanVersionRow, customers: int = 0) -> Version:
    return Version(row.plan_code, row.version, row.effective_on, offers.stored(row.terms), customers)


def versions(plan: str) -> list[Version]:
    """Return a plan's versions, newest first. Raise Missing."""
    query = select(PlanVersionRow).where(PlanVersionRow.tenant_id == PLATFORM.id, PlanVersionRow.plan_code == plan)
    rows = session().scalars(query.order_by(PlanVersionRow.version.desc())).all()
    if not rows:
        raise Missing("plans.missing", _("There is no such plan"))
    counted = _customers()
    return [_value(row, counted.get((plan, row.version), 0)) for row in rows]


def _customers() -> Mapping[tuple[str, int], int]:
    day = today()
    query = select(SpanRow.plan_code, SpanRow.version, func.count()).where(
        SpanRow.tenant_id == PLATFORM.id, SpanRow.from_on <= day, SpanRow.until_on.is_(None) | (SpanRow.until_on > day)
    )
    rows = session().execute(query.group_by(SpanRow.plan_code, SpanRow.version))
    return {(plan, version): count for plan, version, count in rows}


def offered(day: date | None = None) -> list[Version]:
    """Return the version of each plan that a new customer gets on a day (today), in the plans' order."""
    on, counted = day or today(), _customers()
    query = (
        select(PlanVersionRow)
        .join(PlanRow, PlanRow.code == PlanVersionRow.plan_code)
        .where(PlanVersionRow.tenant_id == PLATFORM.id, PlanVersionRow.effective_on <= on)
        .order_by(PlanRow.position, PlanRow.code, PlanVersionRow.version.desc())
    )
    found: dict[str, Version] = {}
    for row in session().scalars(query):
        found.setdefault(row.plan_code, _value(row, counted.get((row.plan_code, row.version), 0)))
    return list(found.values())


def newest() -> list[Version]:
    """Return the newest version of each plan, be it for the next month, in the plans' order."""
    return offered(date.max)


def current(plan: str, day: date | None = None) -> Version:
    """Return the version of a plan that a new customer gets. Raise Invalid if there is no such plan."""
    for version in offered(day):
        if version.plan == plan:
            return version
    wrong = FieldError("plan", _("Choose a plan"))
    raise Invalid("plans.unknown", _("There is no such plan"), fields=(wrong,))


def terms_of(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Terms]:
    """Return the terms of versions by plan and number."""
    wanted = set(pairs)
    query = select(PlanVersionRow).where(
        PlanVersionRow.tenant_id == PLATFORM.id, PlanVersionRow.plan_code.in_({plan for plan, _v in wanted})
    )
    found = {(row.plan_code, row.version): row for row in session().scalars(query)}
    return {pair: offers.stored(found[pair].terms) for pair in wanted if pair in found}


def publish(plan: str, terms: Terms) -> Version:
    """Write the next version of a plan, for whoever takes it from next month on; customers keep what they have.

    Raise Invalid by field, Missing, or Conflict if nothing would change. On the platform's ground.
    """
    offers.check(terms)
    lock_name(f"plan:{plan}")
    last = versions(plan)[0]
    if last.terms == terms:
        raise Conflict("plans.unchanged", _("Nothing is different from the newest version"))
    row = PlanVersionRow(
        tenant_id=PLATFORM.id, id=new_id(), plan_code=plan, version=last.version + 1, effective_on=next_month(),
        terms=terms.plain(),
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("plan.published", "plan", row.id, plan=plan, version=row.version, effective_on=str(row.effective_on))
    return _value(row)


def create(code: str, terms: Terms) -> Version:
    """Add a plan, offered from today. Raise Invalid by field or Conflict (the code is taken). Platform transaction."""
    if not _CODE.fullmatch(code):
        wrong = FieldError("code", _("Use lower-case letters, digits and hyphens, at most 31, a letter first"))
        raise Invalid("plans.code", _("This code does not work"), fields=(wrong,))
    offers.check(terms)
    lock_name("plans")
    if session().get(PlanRow, code) is not None:
        raise Conflict("plans.code_taken", _("There is a plan with this code already"))
    position = (session().scalar(select(func.max(PlanRow.position))) or 0) + 1
    session().add(PlanRow(code=code, name=terms.name("en"), limits=dict(terms.limits), position=position))
    session().flush()
    row = PlanVersionRow(
        tenant_id=PLATFORM.id, id=new_id(), plan_code=code, version=1, effective_on=today(), terms=terms.plain()
    )
    session().add(row)
    session().flush()
    audit.record("plan.created", "plan", row.id, plan=code)
    return _value(row)
