"""Which rate a sale falls under and what it costs, with every step written down. Pure.

Rates are tried in order and the first that fits counts (money.md). A fee is the rate's percentage of the base, rounded
half up once, plus its fixed parts, then at least the floor, then at most the cap. Values in another currency than the
order's do not apply (R8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core.hooks.money import Charge
from core.hooks.types import Json, Line, OrderSnapshot, Party
from plugins.commission import formula
from plugins.commission.conditions import failing, trial, unreachable
from plugins.commission.values import (
    ORDINARY,
    Base,
    Condition,
    Fee,
    Lineage,
    Rate,
    RateList,
    Sale,
    Verdict,
    Volume,
)

__all__ = ["Base", "Condition", "Lineage", "Rate", "RateList", "Sale", "Verdict", "failing", "unreachable"]


def judge(rates: RateList, sale: Sale, lineage: Lineage, fee_tax_bps: int) -> Verdict:
    """Find the rate that a sale falls under and work out its fee and the tax on it, with the explanation."""
    tried: list[Json] = []
    for rate in rates.rates:
        failed = failing(rate, sale, lineage)
        tried.append(trial(rate, failed, sale))
        if failed is None:
            return _charged(rates.version, rate, sale, fee_tax_bps, {"tried": tried, "facts": _facts(sale, lineage)})
    return Verdict(None, {"version": rates.version, "tried": tried, "currency": sale.net.currency})


def fee_of(rates: RateList, sale: Sale, lineage: Lineage, fee_tax_bps: int) -> Fee | None:
    """Return the same fee without its explanation, for many sales at once."""
    for rate in rates.rates:
        if failing(rate, sale, lineage) is None:
            return formula.worked_out(rate, sale, fee_tax_bps)[0]
    return None


def _facts(sale: Sale, lineage: Lineage) -> Mapping[str, Json]:
    """Return what was known of the sale, so that the charge can be worked out again when the world has moved on."""
    before = sale.before
    return {
        "categories": sorted(str(key) for key in lineage.get(sale.category_id, frozenset({sale.category_id}))),
        "on": sale.on.isoformat() if sale.on else None,
        "unit_price_minor": sale.unit_price.minor if sale.unit_price else None,
        "models": sorted(sale.models),
        "before": {"net_minor": before.net, "gross_minor": before.gross, "delivery_minor": before.delivery},
    }


def _charged(version: int, rate: Rate, sale: Sale, fee_tax_bps: int, told: Mapping[str, Json]) -> Verdict:
    fee, steps = formula.worked_out(rate, sale, fee_tax_bps)
    currency = fee.basis.currency
    explanation: dict[str, Json] = {
        "version": version,
        "tried": told["tried"],
        "currency": currency,
        "rate": {"id": str(rate.id), "name": rate.name},
        "base": rate.base.value,
        "with_delivery": rate.with_delivery,
        "basis_minor": fee.basis.minor,
        "quantity": sale.quantity,
        "formula": formula.as_data(rate, currency),
        "steps": steps,
        "not_applied": formula.foreign(rate, currency),
        "fee_minor": fee.amount.minor,
        "tax_minor": fee.tax.minor,
        "facts": told["facts"],
    }
    return Verdict(fee, explanation)


def sales(order: OrderSnapshot, before: Volume, timezone: str) -> Iterator[tuple[UUID, Sale]]:
    """Yield an order's lines as sales, each after the volume of those before it."""
    day = day_of(order.placed_at, timezone)
    for line in order.lines:
        sale = _sale(order, line, day, before)
        yield line.id, sale
        before = before.plus(sale)


def day_of(moment: datetime, timezone: str) -> date:
    """Return the day of a moment in a marketplace's calendar."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def _sale(order: OrderSnapshot, line: Line, day: date, before: Volume) -> Sale:
    amounts = order.amounts[line.id]
    return Sale(
        category_id=line.category_id,
        shop_id=line.shop_id,
        merchant_id=order.merchant_id,
        quantity=line.quantity,
        net=amounts.net,
        discounted=amounts.discounted,
        product_id=line.listing_id,
        unit_price=line.unit_price,
        on=day,
        models=models({**order.labels, **line.labels}, line.plugin),
        delivery=amounts.delivery,
        before=before,
    )


def models(labels: Mapping[str, str], plugin: str | None = None) -> frozenset[str]:
    """Return the operating models of a line: each label's plugin, alone and with its value; else the ordinary one."""
    named = {*labels, *(f"{name}:{value}" for name, value in labels.items()), *([plugin] if plugin else [])}
    return frozenset(named or {ORDINARY})


def charges(
    rates: RateList,
    order: OrderSnapshot,
    lineage: Lineage,
    fee_tax_bps: int,
    *,
    before: Volume | None = None,
    timezone: str = "UTC",
) -> tuple[Charge, ...]:
    """Return the commission of each line of an order; nothing for the house's own and where no rate fits.

    `before` is what the merchant has sold in the order's month before it.
    """
    if order.is_house:
        return ()
    found = []
    for line_id, sale in sales(order, before or Volume(), timezone):
        verdict = judge(rates, sale, lineage, fee_tax_bps)
        if verdict.fee is not None:
            found.append(_charge(verdict.fee, rates.version, line_id, verdict.explanation))
    return tuple(found)


def _charge(fee: Fee, version: int, line_id: UUID, explanation: Mapping[str, Json]) -> Charge:
    return Charge(
        kind="commission.sale",
        payer=Party.MERCHANT,
        payee=Party.PLATFORM,
        amount=fee.amount,
        tax=fee.tax,
        basis=fee.basis,
        rate_bps=fee.rate_bps,
        on_refund=fee.rate.on_refund,
        reason=f"commission:{version}/{fee.rate.id}",
        line_id=line_id,
        exclusive="commission",
        fixed=fee.fixed,
        explanation=explanation,
    )
