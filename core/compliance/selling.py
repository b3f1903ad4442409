"""What merchants have sold, as the rules about turnover and numbers of sales read it; counted in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from sqlalchemy import func, select

from core.catalogue.models import ListingRow
from core.compliance.facts import Tree
from core.compliance.profiles import profiles
from core.kernel import clock
from core.kernel.db import session
from core.kernel.tenancy import current
from core.orders.models import OrderRow

NOTHING: Mapping[str, Tree] = {"orders": [], "lines": [], "s": {"sales": 0, "amount": 0, "missing": []}, "gross": 0}
"""What is known of a merchant that has sold nothing."""


def by_merchant(merchant_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Tree]]:
    """Return completed sales of the last 24 months by merchant, a row for each day, in the marketplace's currency."""
    zone = current().timezone
    day = func.date(func.timezone(zone, OrderRow.completed_at))
    query = (
        select(OrderRow.merchant_id, day.label("day"), func.count().label("n"),
               func.sum(OrderRow.goods_minor - OrderRow.discount_minor).label("minor"))
        .where(OrderRow.merchant_id.in_(merchant_ids), OrderRow.state == "completed",
               OrderRow.completed_at >= clock.now() - timedelta(days=732))
        .group_by(OrderRow.merchant_id, day)
    )  # fmt: skip
    found: dict[UUID, list[tuple[str, int, Decimal]]] = {}
    unit = Decimal(10) ** get_currency_precision(current().currency)
    for row in session().execute(query):
        found.setdefault(row.merchant_id, []).append((row.day.isoformat(), row.n, Decimal(int(row.minor)) / unit))
    return {key: _facts(days) for key, days in found.items()}


def _facts(days: list[tuple[str, int, Decimal]]) -> Mapping[str, Tree]:
    """A law counts in its own currency: of sales in another one the amount is not known, which the rule then says."""
    year = str(clock.now().astimezone(ZoneInfo(current().timezone)).year)
    this_year = [(n, amount) for day, n, amount in days if day.startswith(year)]
    gross = str(sum((amount for _n, amount in this_year), Decimal(0)))
    sales: dict[str, Tree] = {"sales": sum(n for n, _amount in this_year), "missing": []}
    facts: dict[str, Tree] = {"orders": [{}], "s": sales}
    if current().currency == "CNY":
        facts["orders"] = [{"completed_at": day, "amount": str(amount)} for day, _n, amount in days]
    elif current().currency == "EUR":
        sales["amount"] = gross
    elif current().currency == "USD":
        facts |= {"lines": [{"at": day, "n": n, "usd": str(amount / n)} for day, n, amount in days], "gross": gross}
    return facts


def food_sellers(merchant_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return which merchants have something in a category of food that is not put away."""
    food = [key for key, profile in profiles().items() if profile.food_kind]
    if not food:
        return frozenset()
    query = select(ListingRow.merchant_id).where(
        ListingRow.merchant_id.in_(merchant_ids), ListingRow.category_id.in_(food), ListingRow.state != "archived"
    )
    return frozenset(session().scalars(query.distinct()))
