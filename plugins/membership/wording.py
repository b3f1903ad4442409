"""Says what points do in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import format_currency, format_date, format_decimal, gettext, ngettext

from core.kernel.money import Money, exponent
from core.kernel.tenancy import current
from plugins.membership import rules
from plugins.membership.reading import Entry
from plugins.membership.settings import Settings


def money(minor: int) -> str:
    """Write an amount of the marketplace's currency."""
    amount = Money(minor, current().currency)
    return str(format_currency(amount.decimal, amount.currency))


def number(points: int) -> str:
    """Write a number of points."""
    return str(format_decimal(points))


def percent(bps: int) -> str:
    """Write basis points as per cent."""
    return f"{format_decimal((Decimal(bps) / 100).normalize())}%"


def preview(minor: int, settings: Settings) -> str:
    """Say what an order of so much would earn, be worth and cost."""
    points = rules.earned(minor, 10 ** exponent(current().currency), 0, settings)
    worth = rules.worth(points, settings)
    cost = format_decimal((Decimal(worth * 100) / Decimal(max(minor, 1))).quantize(Decimal("0.01")))
    return gettext(
        "An order of %(amount)s earns %(points)s points, worth %(worth)s: it costs you %(cost)s%% of the order.",
        amount=money(minor), points=number(points), worth=money(worth), cost=cost,
    )  # fmt: skip


def sentences(settings: Settings) -> list[str]:
    """Return the rules, one sentence each, as every buyer may read them."""
    worth = money(rules.worth(settings.step, settings))
    found = [
        ngettext("Each whole %(unit)s that you pay for goods earns a point, once the order is completed.",
                 "Each whole %(unit)s that you pay for goods earns %(points)s points, once the order is completed.",
                 settings.per_unit, unit=money(10 ** exponent(current().currency)), points=number(settings.per_unit)),
        ngettext("A point is worth %(worth)s. You can use them at checkout from %(least)s points on.",
                 "%(points)s points are worth %(worth)s. You can use them at checkout from %(least)s points on.",
                 settings.step, points=number(settings.step), worth=worth, least=number(settings.least)),
        gettext("Points pay at most %(cap)s of the goods' price after coupons.", cap=percent(settings.cap_bps)),
    ]  # fmt: skip
    if settings.cap_order:
        found.append(gettext("One order earns at most %(points)s points.", points=number(settings.cap_order)))
    if settings.cap_day:
        found.append(gettext("One day earns at most %(points)s points.", points=number(settings.cap_day)))
    if not settings.with_coupons:
        found.append(gettext("Points cannot be used together with a coupon."))
    found.append(expiry(settings))
    found.append(gettext("If you send goods back, the points that you used come back, and those earned go again."))
    if settings.closes_on:
        found.append(gettext("The programme ends: use your points until %(day)s. Nothing is earned any more.",
                             day=format_date(settings.closes_on, "long")))  # fmt: skip
    return found


def expiry(settings: Settings) -> str:
    """Say how long points live."""
    return {
        "never": gettext("Points do not expire."),
        "6_months": gettext("Points expire 6 months after they came."),
        "12_months": gettext("Points expire 12 months after they came."),
        "24_months": gettext("Points expire 24 months after they came."),
        "end_of_next_year": gettext("Points expire at the end of the year after they came."),
    }[settings.expire]


def entry(one: Entry) -> str:
    """Say what a change was."""
    order = one.number
    if one.kind == "adjust":
        return gettext("Changed by the marketplace: %(reason)s", reason=one.reason)
    return {
        "earn": gettext("Earned with order %(order)s", order=order),
        "hold": gettext("Used for order %(order)s", order=order),
        "return": gettext("Back from order %(order)s", order=order),
        "withdraw": gettext("Taken back with a refund of order %(order)s", order=order),
        "expire": gettext("Expired"),
    }.get(one.kind, one.kind)
