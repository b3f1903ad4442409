"""What plugins bill for a month: posted once by its key, with its tax, before the month's statements are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import ModuleType
from uuid import UUID

import pytest

from core.accounting import documents, reading, statements
from core.hooks import runtime
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.money import BillingItem
from core.hooks.registry import Registry
from core.hooks.types import Period
from core.kernel.errors import _
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.ledger import journal
from tests.core.accounting.books import JAN, sale, state
from tests.market import balances, euros, make_shop


@pytest.fixture
def club(app: object) -> Iterator[list[BillingItem]]:
    """A plugin that bills the items of this list, and nothing else installed."""
    items: list[BillingItem] = []

    def billing_items(tenant: Tenant, period: Period) -> list[BillingItem]:
        return list(items)

    module = ModuleType("club")
    module.MANIFEST = Manifest(name="club", version="1.0.0", title=_("Club"), summary=_("Club"))  # type: ignore[attr-defined]
    module.billing_items = hookimpl(billing_items)  # type: ignore[attr-defined]
    before = runtime.plugins()
    runtime.install(Registry({"club": module}))
    yield items
    runtime.install(before)


@pytest.fixture
def member(tenant: Tenant, club: list[BillingItem]) -> Iterator[UUID]:
    """A merchant of a marketplace with the plugin, which taxes periodic fees at 20 %."""
    settings = {**tenant.settings, "core": {**tenant.settings.get("core", {}), "item_tax_bps": 2000}}
    with bind(replace(tenant, enabled=frozenset({"club"}), settings=settings)):
        with transaction():
            merchant = make_shop().merchant_id
            sale(merchant, date(2026, 1, 5), 5_000)
        yield merchant


def test_an_item_is_posted_with_its_tax_and_stands_in_the_months_statement(
    member: UUID, club: list[BillingItem]
) -> None:
    club += [BillingItem(member, "club.fee", euros(1_000), "Membership", "fee-jan"),
             BillingItem(member, "club.bonus", euros(-200), "Bonus", "bonus-jan")]  # fmt: skip
    state(JAN)
    with read_only():
        (found,), _more = reading.listed(merchant_id=member)
        assert {t.section: t.amount.minor for t in found.payable.totals} == {
            "orders": 5_000, "items": -800, "fee_tax": -160,
        }  # fmt: skip
        (paper,) = documents.of_statement(found.id)
        assert [(t.rate_bps, t.net.minor, t.tax.minor) for t in paper.taxes] == [(2000, 800, 160)]


def test_a_second_run_posts_no_item_again(member: UUID, club: list[BillingItem]) -> None:
    club.append(BillingItem(member, "club.fee", euros(1_000), "Membership", "fee-jan"))
    run_id = state(JAN)
    with read_only():
        before = balances()
    club.append(BillingItem(member, "club.fee", euros(500), "Too late", "late"))
    with transaction():
        statements.post_items(run_id)
        assert balances() == before
        assert journal.is_posted("item:club:fee-jan")
