"""The engine: what is switched on is checked, found, proved, held back, waived and let go again."""

from __future__ import annotations

from core.compliance import checking

TODAY = checking.now
FOOD = {
    "name": "Zhang San", "reg_no": "91350100M000100Y43", "licence_no": "JY13501000000000", "legal_rep": "Zhang San",
    "address": "1 Quay Street", "contact": "+86 591 0000", "main_food_kinds": "prepackaged, bulk",
}  # fmt: skip
