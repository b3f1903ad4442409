"""What a marketplace used in a month, measured in its own books: a few statements over sets, never row by row.

Needs a transaction bound to the marketplace. Days are those of its time zone. What a volume is: orders completed in the
days, less what was refunded of them before; and what was refunded in the days of orders completed earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import current
from tenants import usage
from tenants.billing.facts import Span, Stretch, Usage, Volume
from tenants.billing.rules import Month

_VOLUMES = text("""
    with days as (
      select * from unnest(cast(:starts as timestamptz[]), cast(:ends as timestamptz[])) with ordinality
        d(start, "end", place)),
    moved as (
      select d.place, o.currency, o.total_minor - coalesce((
               select sum(r.amount_minor) from refunds r where r.tenant_id = o.tenant_id and r.order_id = o.id
                  and r.at < o.completed_at), 0) as sales, 0::numeric as refunds
        from days d join orders o on o.tenant_id = :tenant and o.completed_at >= d.start and o.completed_at < d."end"
      union all
      select d.place, r.currency, 0, r.amount_minor
        from days d join refunds r on r.tenant_id = :tenant and r.at >= d.start and r.at < d."end"
        join orders o on o.tenant_id = r.tenant_id and o.id = r.order_id and o.completed_at <= r.at)
    select place, currency, sum(sales)::bigint as sales, sum(refunds)::bigint as refunds
      from moved group by 1, 2 having sum(sales) <> 0 or sum(refunds) <> 0 order by 1, 2""")

_ITEMS = text("""
    with days as (
      select * from unnest(cast(:starts as timestamptz[]), cast(:ends as timestamptz[])) with ordinality
        d(start, "end", place))
    select d.place, p.currency,
           sum(case when p.source = 'fee' then p.amount_minor else -p.amount_minor end)::bigint as amount
      from days d join ledger_entries e on e.tenant_id = :tenant and e.kind = 'billing.item'
           and e.posted_at >= d.start and e.posted_at < d."end"
      join ledger_postings p on p.tenant_id = e.tenant_id and p.entry_id = e.id and 'fee' in (p.source, p.destination)
     group by 1, 2 having sum(case when p.source = 'fee' then p.amount_minor else -p.amount_minor end) <> 0
     order by 1, 2""")

_SWITCHES = text("""
    select at, action = 'plugin.enabled' as is_on, facts ->> 'plugin' as plugin from audit_log
     where tenant_id = :tenant and subject_kind = 'plugin' and at < :until
       and action in ('plugin.enabled', 'plugin.draining', 'plugin.disabled') order by at, id""")
_NOW_ON = text("select plugin, changed_at from tenant_plugins where tenant_id = :tenant and state = 'enabled'")


def moment(day: date) -> datetime:
    """Return when a day begins in the bound marketplace's time zone."""
    return datetime.combine(day, time.min, ZoneInfo(current().timezone))


def measure(month: Month, spans: Sequence[Span]) -> Usage:
    """Return what the bound marketplace used in a month, cut where its plan changed; of a running month, so far."""
    cuts = _stretches(month, spans)
    start, end = moment(month.start), moment(month.end)
    found = usage.counts([current().id], start, end).get(current().id, {})
    return Usage(month.start, _filled(cuts), dict(found), plugin_days(month))


def _stretches(month: Month, spans: Sequence[Span]) -> list[tuple[date, date]]:
    found = (span.days_of(month.start, month.end) for span in spans)
    return [days for days in found if days is not None]


def _filled(cuts: Sequence[tuple[date, date]]) -> tuple[Stretch, ...]:
    if not cuts:
        return ()
    given = {"tenant": current().id, "starts": [moment(s) for s, _e in cuts], "ends": [moment(e) for _s, e in cuts]}
    volumes = session().execute(_VOLUMES, given).all()
    items = session().execute(_ITEMS, given).all()
    return tuple(
        Stretch(
            start, end,
            tuple(Volume(Money(r.sales, r.currency), Money(r.refunds, r.currency)) for r in volumes if r.place == place),
            tuple(Money(r.amount, r.currency) for r in items if r.place == place),
        )
        for place, (start, end) in enumerate(cuts, start=1)
    )  # fmt: skip


def plugin_days(month: Month) -> dict[str, tuple[int, ...]]:
    """Return for each plugin the days of a month on which it was switched on, were it for an hour; up to today."""
    zone, tenant_id = ZoneInfo(current().timezone), current().id
    rows = session().execute(_SWITCHES, {"tenant": tenant_id, "until": moment(month.end)}).all()
    switches: dict[str, list[tuple[date, bool]]] = {}
    for row in rows:
        switches.setdefault(row.plugin, []).append((row.at.astimezone(zone).date(), row.is_on))
    for row in session().execute(_NOW_ON, {"tenant": tenant_id}):
        switches.setdefault(row.plugin, [(row.changed_at.astimezone(zone).date(), True)])
    last = min(month.end, clock.today(current().timezone) + timedelta(days=1))
    return {name: days for name in sorted(switches) if (days := days_on(switches[name], month, last))}


def days_on(switches: Iterable[tuple[date, bool]], month: Month, end: date) -> tuple[int, ...]:
    """Return the days of a month, 1 the first, before `end` on which something was on, by its switches in order."""
    days: set[int] = set()
    since: date | None = None
    for day, is_on in [*switches, (end, False)]:
        if is_on:
            since = since or day
        elif since is not None:
            low, high = max(since, month.start), min(day + timedelta(days=1), end)
            days |= {month.place(low) + 1 + step for step in range((high - low).days)}
            since = None
    return tuple(sorted(days))
