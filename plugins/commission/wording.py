"""Says rates in the reader's language, amounts and days in the reader's way of writing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from babel import Locale
from babel.numbers import parse_pattern
from flask_babel import format_date, format_decimal, get_locale, gettext

from core.hooks.money import OnRefund
from core.kernel.money import Money, exponent
from plugins.commission.values import ORDINARY, Band, Base, Condition, Rate, Tier, TierMode, Window


def percent(bps: int) -> str:
    """Write basis points as per cent."""
    return f"{format_decimal((Decimal(bps) / 100).normalize())}%"


def money(minor: int, currency: str) -> str:
    """Write minor units of a currency with all its decimals."""
    locale = get_locale() or Locale("en")
    digits = exponent(currency)
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    return str(pattern.apply(Money(minor, currency).decimal, locale, currency=currency, currency_digits=False))


def _several(amounts: Mapping[str, int]) -> str:
    return " / ".join(money(minor, currency) for currency, minor in sorted(amounts.items()))


def formula(rate: Rate) -> str:
    """Say what a rate costs: "8% of the net price, at least €0.50"."""
    return gettext(", ").join(_formula_parts(rate))


def _formula_parts(rate: Rate) -> Iterator[str]:
    if rate.tiers:
        yield _tiers(rate)
    elif rate.percent_bps or not (rate.per_unit or rate.per_line):
        yield gettext(
            "%(share)s of %(base)s", share=percent(rate.percent_bps), base=base(rate.base, rate.with_delivery)
        )
    if rate.per_unit:
        yield gettext("%(amount)s for each unit", amount=_several(rate.per_unit))
    if rate.per_line:
        yield gettext("%(amount)s for each order line", amount=_several(rate.per_line))
    if rate.floor:
        yield gettext("at least %(amount)s", amount=_several(rate.floor))
    if rate.cap:
        yield gettext("at most %(amount)s", amount=_several(rate.cap))


def base(of: Base, with_delivery: bool) -> str:
    """Say what a percentage is of."""
    if with_delivery:
        return gettext("the net price and delivery") if of is Base.NET else gettext("the price with tax and delivery")
    return gettext("the net price") if of is Base.NET else gettext("the price with tax")


def _tiers(rate: Rate) -> str:
    told = gettext("; ").join(_steps(tiers, currency) for currency, tiers in sorted(rate.tiers.items()))
    of = base(rate.base, rate.with_delivery)
    if rate.tier_mode is TierMode.MARGINAL:
        return gettext("a share of %(base)s, each part by the month's sales: %(tiers)s", base=of, tiers=told)
    return gettext("a share of %(base)s, all of it by the month's sales: %(tiers)s", base=of, tiers=told)


def _steps(tiers: Sequence[Tier], currency: str) -> str:
    parts = [
        gettext("%(share)s up to %(amount)s", share=percent(tier.percent_bps), amount=money(tier.up_to, currency))
        if tier.up_to is not None
        else gettext("%(share)s above", share=percent(tier.percent_bps))
        for tier in tiers
    ]
    return gettext(", ").join(parts)


def policy(rate: Rate) -> str:
    """Say what a refund gives back of a rate's fee."""
    return {
        OnRefund.PROPORTIONAL: gettext("A refund gives it back in proportion."),
        OnRefund.KEEP: gettext("A refund does not give it back."),
        OnRefund.KEEP_FIXED: gettext("A refund gives the percentage back; the fixed part only with the last unit."),
    }[rate.on_refund]


def tax(rate: Rate) -> str:
    """Say which tax is added to a rate's fee, where it is not the marketplace's usual one."""
    return "" if rate.tax_bps is None else gettext("Tax of %(tax)s is added to it.", tax=percent(rate.tax_bps))


def condition(kind: Condition, names: Sequence[str]) -> str:
    """Say one condition that names things: "in Books or Music and below"."""
    listed = gettext(" or ").join(names)
    return {
        Condition.CATEGORY: gettext("in %(names)s and below", names=listed),
        Condition.PRODUCT: gettext("for %(names)s", names=listed),
        Condition.SHOP: gettext("in the shop %(names)s", names=listed),
        Condition.MERCHANT: gettext("sold by %(names)s", names=listed),
        Condition.MODEL: gettext("sold as %(names)s", names=listed),
    }[kind]


def ranges(rate: Rate) -> Iterator[str]:
    """Say a rate's price bands, its period and its operating models."""
    for currency, band in sorted(rate.bands.items()):
        yield price_band(band, currency)
    if rate.period is not None:
        yield period(rate.period)
    if rate.models:
        yield condition(Condition.MODEL, [model(name) for name in sorted(rate.models)])


def price_band(band: Band, currency: str) -> str:
    """Say a price band: "priced from €10.00 to below €50.00"."""
    low = money(band.low, currency) if band.low is not None else ""
    high = money(band.high, currency) if band.high is not None else ""
    if low and high:
        return gettext("priced from %(low)s to below %(high)s", low=low, high=high)
    return gettext("priced from %(low)s on", low=low) if low else gettext("priced below %(high)s", high=high)


def period(window: Window) -> str:
    """Say a period of days: "from 1 May 2026 to before 1 June 2026"."""
    start = str(format_date(window.start)) if window.start else ""
    end = str(format_date(window.end)) if window.end else ""
    if start and end:
        return gettext("from %(start)s to before %(end)s", start=start, end=end)
    return gettext("from %(start)s on", start=start) if start else gettext("before %(end)s", end=end)


def model(name: str) -> str:
    """Say an operating model: the ordinary one in words, one of a plugin by its own name."""
    return gettext("ordinary goods") if name == ORDINARY else name.replace("_", " ").replace(":", ": ")
