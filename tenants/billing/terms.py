"""What a version of a plan offers and costs: a frozen value, read from a form or JSON and checked in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money

Prices = Mapping[str, int]
"""Minor units by currency. R8: without a price in a currency nothing is due in it, and nothing is converted."""
UNITS = ("listings", "merchants", "staff", "orders")
CYCLES = ("monthly", "yearly")
_MOST = 10**15
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Terms:
    """A plan's version. `names` by language; a name of `included` that has a unit price may be exceeded and is paid for.

    `share_bps` is the platform's share of completed orders net of refunds, beyond `free_volume` and up to `share_cap`
    a month; `items_bps` of what plugins bill to merchants. `plugin_fees` are monthly, by plugin.
    """

    names: Mapping[str, str]
    monthly: Prices = field(default_factory=dict)
    yearly: Prices = field(default_factory=dict)
    included: Mapping[str, int] = field(default_factory=dict)
    unit_prices: Mapping[str, Prices] = field(default_factory=dict)
    share_bps: int = 0
    free_volume: Prices = field(default_factory=dict)
    share_cap: Prices = field(default_factory=dict)
    items_bps: int = 0
    plugins_included: tuple[str, ...] = ()
    plugin_fees: Mapping[str, Prices] = field(default_factory=dict)
    trial_days: int = 0

    @property
    def limits(self) -> Mapping[str, int]:
        """What may not be exceeded, because no price allows it."""
        return {name: most for name, most in self.included.items() if not self.unit_prices.get(name)}

    def name(self, language: str) -> str:
        """Return the plan's name in a language, else in English."""
        return self.names.get(language) or self.names.get("en", "")

    def price(self, cycle: str, currency: str) -> Money:
        """Return what a month or a year costs; nothing where there is no price in the currency."""
        return Money((self.yearly if cycle == "yearly" else self.monthly).get(currency, 0), currency)

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies in which the plan itself has a price."""
        return tuple(sorted({*self.monthly, *self.yearly}))

    def plain(self) -> dict[str, object]:
        """Return the version as JSON keeps it."""
        return {
            "names": dict(self.names), "monthly": dict(self.monthly), "yearly": dict(self.yearly),
            "included": dict(self.included), "share_bps": self.share_bps, "items_bps": self.items_bps,
            "unit_prices": {name: dict(prices) for name, prices in self.unit_prices.items()},
            "free_volume": dict(self.free_volume), "share_cap": dict(self.share_cap),
            "plugins_included": list(self.plugins_included), "trial_days": self.trial_days,
            "plugin_fees": {name: dict(prices) for name, prices in self.plugin_fees.items()},
        }  # fmt: skip


def stored(value: Mapping[str, object]) -> Terms:
    """Return a version as it was kept, or as a caller wrote it; what is missing is nought. No checks: see `check`."""
    return Terms(
        names=_texts(value.get("names")), monthly=_numbers(value.get("monthly")), yearly=_numbers(value.get("yearly")),
        included=_numbers(value.get("included")), unit_prices=_nested(value.get("unit_prices")),
        share_bps=_whole(value.get("share_bps")), free_volume=_numbers(value.get("free_volume")),
        share_cap=_numbers(value.get("share_cap")), items_bps=_whole(value.get("items_bps")),
        plugins_included=_words(value.get("plugins_included")), plugin_fees=_nested(value.get("plugin_fees")),
        trial_days=_whole(value.get("trial_days")),
    )  # fmt: skip


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _texts(value: object) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, Mapping) else {}


def _numbers(value: object) -> dict[str, int]:
    return {str(key): _whole(number) for key, number in value.items()} if isinstance(value, Mapping) else {}


def _nested(value: object) -> dict[str, dict[str, int]]:
    return {str(key): _numbers(below) for key, below in value.items()} if isinstance(value, Mapping) else {}


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def check(terms: Terms) -> None:
    """Raise Invalid with an error for each field at fault."""
    wrong = [FieldError(path, message) for path, message, holds in _rules(terms) if not holds]
    if wrong:
        raise Invalid("plans.invalid", _("The plan cannot be offered like this"), fields=tuple(wrong))


def _rules(terms: Terms) -> list[tuple[str, str, bool]]:
    amount = _("Give amounts that are not negative, by a currency's three letters")
    pairs = [("monthly", terms.monthly), ("yearly", terms.yearly), ("free_volume", terms.free_volume),
             ("share_cap", terms.share_cap)]  # fmt: skip
    pairs += [(f"unit_prices.{name}", prices) for name, prices in terms.unit_prices.items()]
    pairs += [(f"plugin_fees.{name}", prices) for name, prices in terms.plugin_fees.items()]
    return [
        *((path, amount, _are_prices(prices)) for path, prices in pairs),
        ("names", _("Give the plan a name of at most 60 characters in English and Chinese"), _is_named(terms)),
        ("included", _("Say how many as whole numbers"), _are_counts(terms.included)),
        ("unit_prices", _("There is no such limit"), set(terms.unit_prices) <= set(UNITS)),
        ("share_bps", _("A share lies between 0 and 100 per cent"), 0 <= terms.share_bps <= 10_000),
        ("items_bps", _("A share lies between 0 and 100 per cent"), 0 <= terms.items_bps <= 10_000),
        ("trial_days", _("A trial lasts at most 365 days"), 0 <= terms.trial_days <= 365),
        ("yearly", _("Give the yearly price in the currencies of the monthly one"),
         set(terms.yearly) <= set(terms.monthly)),
    ]  # fmt: skip


def _are_prices(prices: Prices) -> bool:
    return all(_CURRENCY.fullmatch(code) and 0 <= minor < _MOST for code, minor in prices.items())


def _are_counts(counts: Mapping[str, int]) -> bool:
    return set(counts) <= set(UNITS) and all(0 <= number < _MOST for number in counts.values())


def _is_named(terms: Terms) -> bool:
    return all(0 < len(terms.names.get(language, "").strip()) <= 60 for language in ("en", "zh"))
