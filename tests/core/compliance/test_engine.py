"""The engine: what is switched on is checked, found, proved, held back, waived and let go again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from core.catalogue.models import CategoryRow, ListingRow
from core.compliance import answers, checking, food, gates, licences, profiles, reading, sweeping, switches, waivers
from core.compliance.models import CheckRow, EvidenceRow, FindingRow
from core.compliance.switches import Mode
from core.kernel import outbox
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Invalid
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.ledger import seals
from core.merchants import reviewing
from tests.core.catalogue.shelf import put_on_shelf
from tests.core.merchants.making import applied, approved, person

TODAY = checking.now
FOOD = {
    "name": "Zhang San", "reg_no": "91350100M000100Y43", "licence_no": "JY13501000000000", "legal_rep": "Zhang San",
    "address": "1 Quay Street", "contact": "+86 591 0000", "main_food_kinds": "prepackaged, bulk",
}  # fmt: skip
