"""The plans that come with the program, until the platform's staff change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.kernel import clock
from core.kernel.ids import new_id
from tenants.billing.plans import FIRST_DAY
from tenants.billing.terms import Terms
from tenants.values import PLATFORM

_OFFERS: Mapping[str, Terms] = {
    "starter": Terms(
        {"en": "Starter", "zh": "入门版"},
        monthly={"EUR": 2_900, "USD": 2_900, "CNY": 19_900},
        yearly={"EUR": 29_000, "USD": 29_000, "CNY": 199_000},
        included={"listings": 500, "merchants": 20, "staff": 5, "orders": 1_000},
        share_bps=100, free_volume={"EUR": 500_000, "USD": 500_000, "CNY": 4_000_000}, trial_days=14,
    ),
    "standard": Terms(
        {"en": "Standard", "zh": "标准版"},
        monthly={"EUR": 19_900, "USD": 19_900, "CNY": 149_900},
        yearly={"EUR": 199_000, "USD": 199_000, "CNY": 1_499_000},
        included={"listings": 50_000, "merchants": 2_000, "staff": 50, "orders": 100_000},
        share_bps=50, free_volume={"EUR": 5_000_000, "USD": 5_000_000, "CNY": 40_000_000},
        share_cap={"EUR": 150_000, "USD": 150_000, "CNY": 1_200_000}, trial_days=14,
    ),
    "unlimited": Terms(
        {"en": "Unlimited", "zh": "旗舰版"},
        monthly={"EUR": 99_900, "USD": 99_900, "CNY": 749_900},
        yearly={"EUR": 999_000, "USD": 999_000, "CNY": 7_499_000},
    ),
}  # fmt: skip


def rows() -> Iterator[dict[str, Any]]:
    """Return the plans as rows."""
    for position, (code, terms) in enumerate(_OFFERS.items(), start=1):
        yield {"code": code, "name": terms.name("en"), "limits": dict(terms.limits), "position": position}


def versions() -> Iterator[dict[str, Any]]:
    """Return the first version of each plan as rows."""
    for code, terms in _OFFERS.items():
        yield {
            "tenant_id": PLATFORM.id, "id": new_id(), "plan_code": code, "version": 1, "effective_on": FIRST_DAY,
            "terms": terms.plain(), "created_at": clock.now(),
        }  # fmt: skip
