"""The mark of own goods, who may write it, and what own orders are charged. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.hooks.money import Charge, OnRefund
from core.hooks.types import OrderSnapshot, Party
from core.kernel.money import Money

REASON = "self_operated:own"


@dataclass(frozen=True, slots=True)
class Mark:
    """The words that stand on own goods, in each language."""

    en: str = "Sold by us"
    zh: str = "自营"

    def word(self, locale: str) -> str:
        """Return the mark in a language; in English for one that it lacks."""
        return self.zh if locale.startswith("zh") else self.en

    def is_in(self, title: str) -> bool:
        """Tell whether a title holds the mark in any language, however it is spaced or written."""
        return any(_pattern(word).search(title.casefold()) for word in (self.en, self.zh))


def _pattern(word: str) -> re.Pattern[str]:
    """Match a mark's letters with anything but letters between them; in Latin script not inside longer words."""
    letters = [char for char in word.casefold() if char.isalnum()]
    before = r"(?<![a-z0-9])" if letters[0].isascii() else ""
    after = r"(?![a-z0-9])" if letters[-1].isascii() else ""
    return re.compile(before + r"[\W_]*".join(map(re.escape, letters)) + after)


def own_charges(order: OrderSnapshot) -> Iterable[Charge]:
    """Return a charge of nothing on an own order, which holds the place of any commission."""
    if order.is_house:
        zero = Money.zero(order.goods.currency)
        yield Charge(
            kind="self_operated.own_goods",
            payer=Party.MERCHANT,
            payee=Party.PLATFORM,
            amount=zero,
            tax=zero,
            basis=order.goods,
            rate_bps=0,
            on_refund=OnRefund.PROPORTIONAL,
            reason=REASON,
            exclusive="commission",
            explanation={"house": True},
        )
