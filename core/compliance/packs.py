"""Packs: rules of one jurisdiction or trade, with who read their laws and until when that reading may be relied on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.compliance.rules import cn_consumers, cn_food, cn_platform, cn_prices, cn_privacy, cn_sellers, eu, us
from core.compliance.ruling import Rule
from core.kernel.errors import _

_SHELVES = (
    cn_sellers.SHELF, cn_platform.SHELF, cn_consumers.SHELF, cn_prices.SHELF, cn_food.SHELF, cn_privacy.SHELF, eu.SHELF,
    us.SHELF,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of rules. `nexus` are countries (ISO 3166) whose law it is: a tenant or its trade there calls for it.

    After `review_by` nobody has looked whether the laws have changed; the pack says so itself.
    """

    id: str
    version: str
    title: str
    about: str
    nexus: frozenset[str]
    reviewed_on: date
    review_by: date
    calendar: str
    rules: tuple[Rule, ...]

    def is_stale(self, today: date) -> bool:
        """Whether its laws should have been read again by now."""
        return today > self.review_by


RULES: Mapping[str, Rule] = {rule.id: rule for shelf in _SHELVES for rule in shelf.rules.values()}

EUROPE = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
_CHINA, _AMERICA = frozenset({"CN"}), frozenset({"US"})


def _pack(name: str, title: str, about: str, nexus: frozenset[str], calendar: str) -> Pack:
    rules = tuple(rule for rule in RULES.values() if rule.law.pack == name)
    return Pack(name, "1.0", title, about, nexus, date(2026, 11, 22), date(2027, 5, 22), calendar, rules)


PACKS: Mapping[str, Pack] = {
    pack.id: pack
    for pack in (
        _pack("cn_base", _("China: marketplace"), _("For a marketplace or buyers in China."), _CHINA, "CN"),
        _pack("cn_food", _("China: food"), _("For whoever lets food be sold in China."), _CHINA, "CN"),
        _pack("cn_privacy", _("China: personal information"), _("For data of people in China."), _CHINA, "CN"),
        _pack("eu_market", _("European Union: marketplace"), _("For offers to buyers in the EU."), EUROPE, "EU"),
        _pack("eu_privacy", _("European Union: personal data"), _("For data of people in the EU."), EUROPE, "EU"),
        _pack("eu_tax", _("European Union: tax report"), _("For sellers in the EU."), EUROPE, "EU"),
        _pack("us_market", _("United States: marketplace"), _("For offers to buyers in the US."), _AMERICA, "US"),
    )
}
