"""Says what a coupon does in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from flask_babel import format_currency, format_date, format_decimal, format_time, gettext, ngettext

from core.kernel import clock
from core.kernel.money import Money
from plugins.coupons.rules import Coupon


def money(amount: Money) -> str:
    """Write an amount."""
    return str(format_currency(amount.decimal, amount.currency))


def percent(bps: int) -> str:
    """Write basis points as per cent."""
    return f"{format_decimal((Decimal(bps) / 100).normalize())}%"


def _moment(at: datetime) -> str:
    return f"{format_date(at, 'medium')} {format_time(at, 'short')}"


def value(coupon: Coupon) -> str:
    """Return what it takes off, short: "10%" or an amount."""
    return money(coupon.amount) if coupon.amount is not None else percent(coupon.percent_bps or 0)


def sentence(coupon: Coupon, shop: str) -> str:
    """Say the whole rule."""
    return " ".join(_parts(coupon, shop))


def _parts(coupon: Coupon, shop: str) -> Iterator[str]:
    off = value(coupon)
    if shop:
        yield gettext("%(code)s takes %(off)s off goods of %(shop)s.", code=coupon.code, off=off, shop=shop)
    else:
        yield gettext("%(code)s takes %(off)s off the goods in a cart.", code=coupon.code, off=off)
    if coupon.minimum:
        yield gettext("These goods cost at least %(least)s.", least=money(coupon.minimum))
    yield funding(coupon)
    if coupon.starts_at:
        yield gettext("It counts from %(start)s.", start=_moment(coupon.starts_at))
    if coupon.ends_at:
        yield gettext("It ends at %(end)s.", end=_moment(coupon.ends_at))
    if coupon.total_uses is not None:
        yield ngettext("It can be used once in all.", "It can be used %(num)s times in all.", coupon.total_uses)
    if coupon.uses_per_customer is not None:
        yield ngettext(
            "Each buyer can use it once, signed in.",
            "Each buyer can use it %(num)s times, signed in.",
            coupon.uses_per_customer,
        )
    if not coupon.is_active:
        yield gettext("It is stopped.")


def funding(coupon: Coupon) -> str:
    """Say who pays for it."""
    if coupon.platform_bps == 10_000:
        return gettext("The marketplace pays for it.")
    if not coupon.platform_bps:
        return gettext("The shops pay for it.")
    return gettext(
        "The marketplace pays %(platform)s of it, the shops %(shops)s.",
        platform=percent(coupon.platform_bps),
        shops=percent(10_000 - coupon.platform_bps),
    )


def state(coupon: Coupon) -> str:
    """Say in a word whether it counts now."""
    now = clock.now()
    if not coupon.is_active:
        return gettext("stopped")
    if coupon.ends_at is not None and now >= coupon.ends_at:
        return gettext("ended")
    if coupon.starts_at is not None and now < coupon.starts_at:
        return gettext("planned")
    if coupon.total_uses is not None and coupon.used >= coupon.total_uses:
        return gettext("used up")
    return gettext("counts now")
