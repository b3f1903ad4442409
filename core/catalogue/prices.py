"""The history of prices, and the reference price that the law wants beside a price cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from core.catalogue.models import PriceRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import Money

WINDOWS = {"eu": timedelta(days=30), "cn": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Span:
    """What a variant cost from a moment on, until another; None is still so."""

    price: Money
    since: datetime
    until: datetime | None


def note(prices: Iterable[tuple[UUID, Money]]) -> None:
    """Write new prices of variants into the history: the former one ends where the new one begins."""
    now, fresh = clock.now(), list(prices)
    if not fresh:
        return
    session().flush()
    running = update(PriceRow).where(PriceRow.variant_id.in_([key for key, _ in fresh]), PriceRow.until.is_(None))
    session().execute(running.values(until=now).execution_options(synchronize_session=False))
    session().add_all(
        PriceRow(variant_id=key, price_minor=price.minor, currency=price.currency, since=now) for key, price in fresh
    )


def history(variant_id: UUID, limit: int = 100) -> tuple[Span, ...]:
    """Return what a variant cost, newest first."""
    query = select(PriceRow).where(PriceRow.variant_id == variant_id).order_by(PriceRow.since.desc()).limit(limit)
    return tuple(Span(Money(r.price_minor, r.currency), r.since, r.until) for r in session().scalars(query))


def reference_price(variant_id: UUID, on: datetime, pack: str) -> Money | None:
    """Return the lowest price that was in force in the window before `on`, the moment at which a cut begins.

    `pack` is "eu" (30 days, Directive 98/6/EC article 6a) or "cn" (7 days); another one counts as "eu". The price
    that begins at `on` does not count. None where the variant had no price before.
    """
    begin = on - WINDOWS.get(pack, WINDOWS["eu"])
    query = select(func.min(PriceRow.price_minor), func.min(PriceRow.currency)).where(
        PriceRow.variant_id == variant_id, PriceRow.since < on, (PriceRow.until > begin) | PriceRow.until.is_(None)
    )
    minor, currency = session().execute(query).one()
    return None if minor is None else Money(minor, currency)
