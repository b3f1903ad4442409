"""How long what may be asked for, how long each side has to act, and who pays for the way back: from settings and law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.aftersales import law
from core.aftersales.reasons import is_fault
from core.kernel import clock
from core.kernel.tenancy import current

DEADLINES = {
    "requested": "aftersale_answer_days",
    "offered": "aftersale_dispute_days",
    "approved": "aftersale_send_days",
    "refused": "aftersale_dispute_days",
    "sent_back": "aftersale_arrive_days",
    "received": "aftersale_inspect_days",
    "inspected": "aftersale_replace_days",
    "rejected": "aftersale_dispute_days",
    "escalated": "aftersale_decide_days",
}
"""The setting that says for how many days a case may stay in a state."""
DEFAULT_DAYS = {
    "aftersale_answer_days": 3, "aftersale_send_days": 14, "aftersale_arrive_days": 14, "aftersale_inspect_days": 5,
    "aftersale_replace_days": 14, "aftersale_dispute_days": 7, "aftersale_decide_days": 5,
    "aftersale_fault_days": 365, "return_days": 14,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Windows:
    """Until when what may be asked for; None while the goods are still on their way.

    `by_law_until` is when the statute's own right to send back without a reason ends; None also where it has none.
    """

    no_reason_until: datetime | None
    fault_until: datetime | None
    by_law_until: datetime | None
    no_reason_days: int
    fault_days: int


def days(name: str) -> int:
    """Return a number of days that the marketplace has set."""
    return int(str(current().setting(name, DEFAULT_DAYS[name])))


def due_in(state: str) -> datetime | None:
    """Return when a case that enters a state now goes on by itself; None for states in which nothing waits."""
    name = DEADLINES.get(state)
    return clock.now() + timedelta(days=days(name)) if name else None


def windows(country: str, shop_return_days: int, delivered_at: datetime | None) -> Windows:
    """Return the windows of an order: the longest of what shop, marketplace and the buyer's law give."""
    least = law.of(country or current().country)
    no_reason = max(shop_return_days, days("return_days"), least.no_reason_days)
    fault = max(days("aftersale_fault_days"), least.fault_days, no_reason)
    if delivered_at is None:
        return Windows(None, None, None, no_reason, fault)
    zone = current().timezone
    by_law = law.end_of(delivered_at, least.no_reason_days, zone) if least.no_reason_days else None
    return Windows(
        law.end_of(delivered_at, no_reason, zone), law.end_of(delivered_at, fault, zone), by_law, no_reason, fault
    )


def payer(reason: str, country: str) -> str:
    """Return who pays for sending back, "buyer" or "merchant": the law for faults where it says so, then settings."""
    if not is_fault(reason):
        return str(current().setting("aftersale_change_payer", "buyer"))
    if law.of(country or current().country).shop_pays_for_faults:
        return "merchant"
    return str(current().setting("aftersale_fault_payer", "merchant"))


def silence_approves() -> bool:
    """Tell whether a request that nobody answers is approved; otherwise the operator decides."""
    return current().setting("aftersale_no_answer", "approve") == "approve"


def silence_refunds() -> bool:
    """Tell whether goods that nobody inspects, or replaces, are refunded; otherwise the operator decides."""
    return current().setting("aftersale_no_inspection", "refund") == "refund"
