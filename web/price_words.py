"""Says how a line's price came about, in the reader's language, one sentence for each step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.billing.explaining import PriceStep, PriceStory, prices
from core.billing.views import OrderView
from core.kernel.money import Money
from web.order_words import PARTIES, gettext
from web.rendering import money, percent


@dataclass(frozen=True, slots=True)
class PriceTold:
    """A line's price as data and in words."""

    story: PriceStory
    sentences: tuple[str, ...]


def told_prices(order: OrderView) -> tuple[PriceTold, ...]:
    """Return how the price of each line of an order came about."""
    return tuple(PriceTold(story, tuple(_sentences(story))) for story in prices(order))


def _sentences(story: PriceStory) -> Iterator[str]:
    line = story.line
    yield gettext(
        "List price: %(count)s × %(each)s = %(listed)s.", count=line.quantity, each=money(line.unit_price),
        listed=money(story.listed),
    )  # fmt: skip
    for step in story.steps:
        yield _step(step)
    if not story.is_tax_inside:
        share = percent(line.tax_bps)
        yield gettext("Tax of %(share)s is added: %(tax)s.", share=share, tax=money(line.tax))
    yield gettext("The buyer paid %(paid)s.", paid=money(line.paid))
    if line.platform_discount:
        yield gettext(
            "With the %(part)s that the marketplace paid, the line is worth %(value)s to the shop.",
            part=money(line.platform_discount), value=money(line.net + line.tax),
        )  # fmt: skip
    if story.is_tax_inside:
        yield gettext(
            "In it are %(tax)s of tax (%(share)s); %(net)s is the net price.", tax=money(line.tax),
            share=percent(line.tax_bps), net=money(line.net),
        )  # fmt: skip


def _step(step: PriceStep) -> str:
    amount = money(Money(abs(step.amount.minor), step.amount.currency))
    label = step.label or gettext("Limits and rounding")
    if not step.funded_by:
        return gettext("%(label)s: %(amount)s.", label=label, amount=money(step.amount))
    funder = PARTIES[step.funded_by]
    if step.amount.minor > 0:
        return gettext("%(label)s: %(amount)s more.", label=label, amount=amount)
    return gettext("%(label)s: %(amount)s off, funded by: %(funder)s.", label=label, amount=amount, funder=funder)
