"""The classes of complaints, what they may be about, and how many days each step has under the packs in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.compliance.packs import RULES
from core.compliance.ruling import numbers_of
from core.compliance.switches import in_force

CONSUMER, BUSINESS, ILLEGAL, PRIVACY = "consumer", "business", "illegal", "privacy"
TOPICS: Mapping[str, tuple[str, ...]] = {
    CONSUMER: ("quality", "delivery", "refund", "description", "price", "service", "fraud", "safety", "food", "other"),
    BUSINESS: ("penalty", "listing", "payout", "fees", "ranking", "account", "other"),
    ILLEGAL: ("forbidden", "unlicensed", "unsafe", "counterfeit", "misleading", "personal_data", "other"),
    PRIVACY: ("access", "correction", "deletion", "consent", "transfer", "other"),
}
URGENT = ("fraud", "safety", "food")
"""Topics of consumers that the marketplace decides at once, without asking the merchant first."""
OFFERS = ("refund", "exchange", "repair", "reduction", "explanation", "refusal")
OUTCOMES = ("upheld", "partly", "rejected")
REMEDIES = ("none", "refund", "exchange", "repair", "reduction", "other")
CAUSES = ("goods", "description", "parcel", "merchant_service", "platform", "payment", "misunderstanding", "other")
_RULE = "cn.ecl.59.1"
_MEASURE_HOURS = 24


@dataclass(frozen=True, slots=True)
class Clocks:
    """Days from filing on: until the merchant answers, the marketplace decides, and the remedy is done."""

    answer: int
    decide: int
    remedy: int

    def due(self, filed_at: datetime, state: str, kind: str) -> datetime | None:
        """Return when the step that follows a state is due; None once nothing is."""
        if kind == ILLEGAL and state == "platform_decides":
            return filed_at + timedelta(hours=_MEASURE_HOURS)
        days = {"with_merchant": self.answer, "answered": self.decide, "platform_decides": self.decide,
                "settled": self.remedy, "decided": self.remedy, "remedied": self.remedy}.get(state)  # fmt: skip
        return filed_at + timedelta(days=days) if days else None


def clocks() -> Clocks:
    """Return the clocks that are set at this marketplace; the law's own where no pack is on."""
    force = in_force()
    numbers = numbers_of(RULES[_RULE], force.numbers.get(_RULE, {}))
    return Clocks(numbers["answer"], numbers["decide"], numbers["remedy"])
