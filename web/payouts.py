"""Payouts in words for both consoles and the API: reasons, schedules, what a row is, who may decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import flask_babel
from flask_babel import lazy_gettext as _l

from core.billing.payouts.holds import HoldBack
from core.billing.payouts.reading import Item
from core.billing.payouts.standing import HeldOrder, Standing
from core.billing.payouts.terms import Terms
from core.http.edge import principal
from core.kernel.errors import Denied, _
from core.kernel.money import Money
from core.orders import queries
from core.orders.queries import LineView
from core.payments import adapters
from web.rendering import money, percent, write_date


def gettext(text: str, /, **facts: object) -> str:
    """Say a text in the reader's language."""
    return str(flask_babel.gettext(text, **facts))


WEEKDAYS = (
    _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"),
)  # fmt: skip
SCHEDULES = {
    "daily": _l("Every day"), "weekly": _l("Every week"), "monthly": _l("Every month"), "manual": _l("Only by hand"),
}  # fmt: skip
_WAYS = {"bank": _l("Bank transfer by hand"), "stripe": _l("Stripe")}
_PLACES = {"bank": _l("Your bank account"), "stripe": _l("Stripe")}


def person() -> UUID:
    """Return the person who decides. Raise Denied for an API key: where two persons are needed, a key is none."""
    key = principal().user_id
    if key is None:
        raise Denied("payouts.no_person", _("A person must decide this; an API key cannot"))
    return key


def way(adapter: str) -> str:
    """Return what a way of paying out is called."""
    return str(_WAYS.get(adapter, adapter.title()))


def place(provider: str) -> str:
    """Return what the operator calls a place where money lies."""
    return str(_PLACES.get(provider, provider.title()))


def ways() -> list[tuple[str, str]]:
    """Return the ways of paying out that there are, for a form."""
    return [(name, way(name)) for name in adapters.names()]


def schedule(terms: Terms) -> str:
    """Say when the schedule pays."""
    if terms.every == "weekly":
        return gettext("Every week, on %(day)s", day=str(WEEKDAYS[terms.weekday]))
    if terms.every == "monthly":
        return gettext("Every month, on day %(day)s", day=terms.month_day)
    return gettext("Every day") if terms.every == "daily" else gettext("When the marketplace decides")


def hold(one: HoldBack) -> str:
    """Say why money is kept back, and until when; what a person or a plugin wrote is said as it was written."""
    facts = {name: gettext(text) for name, text in one.facts.items()}
    text = gettext(one.message).format(**facts) if one.facts else gettext(one.message)
    if one.until is not None:
        text = gettext("%(reason)s, until %(day)s", reason=text, day=write_date(one.until))
    return text


def waits_for(order: HeldOrder, return_days: int) -> str:
    """Say what has to happen before an order's money is released."""
    if order.free_on is not None:
        return gettext("Free on %(day)s, when the time for returns is over", day=write_date(order.free_on))
    if order.state == "delivered":
        return gettext("Delivered; free when the order is completed")
    if order.state == "shipped":
        return gettext("On its way; free %(days)s days after delivery", days=return_days)
    return gettext("Not sent yet; free %(days)s days after delivery", days=return_days)


def next_sentence(standing: Standing) -> str:
    """Say to the merchant what is paid next and when, or why nothing is."""
    terms, amount = standing.terms, standing.next_amount
    if standing.debt:
        return gettext("You owe %(amount)s. It is taken off your next sales.", amount=money(standing.debt))
    if amount and standing.next_day:
        return gettext("%(amount)s on %(day)s", amount=money(amount), day=write_date(standing.next_day))
    if amount:
        return gettext("%(amount)s, when the marketplace pays out", amount=money(amount))
    if standing.is_below_minimum:
        return gettext(
            "%(amount)s is ready, but payouts begin at %(minimum)s.",
            amount=money(standing.outlook.amount), minimum=money(terms.minimum),
        )  # fmt: skip
    if standing.outlook.holds and standing.outlook.available.minor > 0:
        return gettext("%(amount)s is kept back; the reasons are below.", amount=money(standing.outlook.available))
    return gettext("Nothing is ready to be paid out yet.")


def reserve_sentence(terms: Terms) -> str:
    """Say how the reserve works."""
    return gettext(
        "%(share)s of each completed order is kept for %(days)s days, in case of refunds. Then it is yours.",
        share=percent(terms.reserve_bps), days=terms.reserve_days,
    )  # fmt: skip


_SUMS = {
    "released": _l("Completed orders"),
    "fees": _l("Fees"),
    "tax on fees": _l("Tax on fees"),
    "refund to the buyer": _l("Refunds to buyers"),
    "platform's discount taken back": _l("Discounts of the marketplace taken back"),
    "fees given back": _l("Fees given back"),
    "tax on fees given back": _l("Tax on fees given back"),
    "reserve kept back": _l("Kept in reserve"),
    "reserve freed": _l("Freed from the reserve"),
    "debt invoiced": _l("Debt paid by invoice"),
    "debt written off": _l("Debt written off"),
    "taken back from a payout": _l("Taken back from an earlier payout"),
    "was taken back before": _l("Was taken back before"),
}


def part(memo: str) -> str:
    """Say what a part of a payout is; a plugin's memo as it was written."""
    return str(_SUMS.get(memo, memo))


@dataclass(frozen=True, slots=True)
class OrdersOf:
    """What rows say of their orders: numbers, lines, and the prices of delivery, by order."""

    numbers: Mapping[UUID, str]
    lines: Mapping[UUID, Sequence[LineView]]
    deliveries: Mapping[UUID, Money]


def orders_of(items: Iterable[Item]) -> OrdersOf:
    """Return what there is to say of the orders that rows are about."""
    keys = list(dict.fromkeys(item.order_id for item in items if item.order_id))
    return OrdersOf(queries.numbers(keys), queries.lines(keys), queries.deliveries(keys))


def as_day(value: date | None) -> str | None:
    """Write a day for the API."""
    return value.isoformat() if value else None


def minor(value: Money | None) -> int | None:
    """Write an amount for the API."""
    return value.minor if value else None
