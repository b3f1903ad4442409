"""What stored settings of a marketplace become when they are read: upgraded step by step, defaults filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Document = Mapping[str, Any]
VERSION = 1
UPGRADES: Mapping[int, Callable[[Document], Document]] = {}
"""`UPGRADES[n]` turns a document of version n into version n + 1; pure, total, never removed."""

DEFAULTS: Document = MappingProxyType(
    {
        "brand_hex": "#b8412b",
        "support_email": "",
        "applications_open": True,
        "review_listings": True,
        "reservation_minutes": 30,
        "return_days": 14,
        "auto_complete_days": 14,
        "prices_include_tax": True,
        "default_tax_bps": 0,
        "aftersale_answer_days": 3,
        "aftersale_send_days": 14,
        "aftersale_arrive_days": 14,
        "aftersale_inspect_days": 5,
        "aftersale_replace_days": 14,
        "aftersale_dispute_days": 7,
        "aftersale_decide_days": 5,
        "aftersale_fault_days": 365,
        "aftersale_no_answer": "approve",
        "aftersale_no_inspection": "refund",
        "aftersale_change_payer": "buyer",
        "aftersale_fault_payer": "merchant",
        "item_tax_bps": 0,
        "dispute_fee": "platform",
        "reconcile_wait_days": 3,
        "reconcile_second_person": "100",
    }
)


def upgraded(stored: Document) -> dict[str, Any]:
    """Return stored settings in the present version, with a value for everything that has a default."""
    document: Document = stored
    for version in range(int(stored.get("schema_version", VERSION)), VERSION):
        document = UPGRADES[version](document)
    return {**DEFAULTS, **document}
