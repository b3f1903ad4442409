"""Key figures on the consoles' first pages: values for operator/_kpis.html and merchant/_kpis.html."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from babel.dates import format_skeleton
from flask_babel import get_locale

from core.billing import accounts
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.ledger import balances
from core.orders import figures, queries
from core.orders.figures import Figures
from web.charts import Series


@dataclass(frozen=True, slots=True)
class Kpis:
    """What the templates draw: the figures of 30 days, orders that wait by tab, and one balance (credit positive)."""

    figures: Figures
    waiting: Mapping[str, int]
    balance: Money
    labels: tuple[str, ...]
    sales: tuple[Decimal, ...]

    def series(self, name: str) -> list[Series]:
        """Return the sales by day for charts.line."""
        return [Series(name, self.sales)]


def operator() -> Kpis:
    """Return the marketplace's figures; the balance is what it has earned in fees."""
    return _kpis(None, accounts.FEE)


def merchant(merchant_id: UUID) -> Kpis:
    """Return a merchant's figures; the balance is what is to be paid out."""
    return _kpis(merchant_id, accounts.payable(merchant_id))


def _kpis(merchant_id: UUID | None, account: str) -> Kpis:
    found = figures.figures(merchant_id=merchant_id)
    return Kpis(
        found,
        queries.counts(merchant_id),
        -balances.balance(account, current().currency),
        tuple(format_skeleton("MMMd", day.on, locale=get_locale()) for day in found.days),
        tuple(day.sales.decimal for day in found.days),
    )
