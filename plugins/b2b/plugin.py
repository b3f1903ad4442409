"""B2B: companies that buy with several people, each with a role and a limit, at prices of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.hooks.checkout import CheckoutField, PurchaseDraft
from core.hooks.data import DataSubject, Erasure, ExportFile, Seed
from core.hooks.declare import Job, Mount, Permission, SettingsSpec
from core.hooks.lifecycle import Obligation, Purged
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.surfaces import Fragment, NavItem, Page
from core.hooks.types import Adjustment, Basket, Surface, Violation
from core.kernel.errors import _
from plugins.b2b import (
    buying,
    merchant_views,
    own_data,
    pricing,
    quote_api,
    quote_views,
    quotes,
    requisition_views,
    requisitions,
    seeding,
    store_views,
    sweeping,
    views,
)
from plugins.b2b.settings import CompanySettingsSchema
from plugins.b2b.surface import merchant, operator, store

MANIFEST = Manifest(
    name="b2b",
    version="1.0.0",
    title=_("Companies"),
    summary=_("Companies buy with several people, roles and limits, and at prices by quantity."),
    machines=("b2b.company", "b2b.requisition", "b2b.quote"),
    personal=(
        "b2b_members.customer_id",
        "b2b_invitations.email",
        "b2b_invitations.email_key",
        "b2b_requisitions.note",
        "b2b_quote_revisions.message",
    ),
    surfaces=(Surface.STORE, Surface.MERCHANT, Surface.OPERATOR, Surface.API),
)


@hookimpl
def declare_settings() -> Sequence[SettingsSpec]:
    return [SettingsSpec(CompanySettingsSchema, 1, {})]


@hookimpl
def declare_permissions() -> Sequence[Permission]:
    return [
        Permission("b2b.view", _("See companies"), Surface.OPERATOR),
        Permission("b2b.manage", _("Approve and close companies"), Surface.OPERATOR),
        Permission("b2b.sell", _("Keep prices for companies"), Surface.MERCHANT),
    ]


@hookimpl
def declare_blueprints() -> Sequence[Mount]:
    return [
        Mount(Surface.STORE, store),
        Mount(Surface.MERCHANT, merchant),
        Mount(Surface.OPERATOR, operator),
        Mount(Surface.API, quote_api.blueprint),
    ]


@hookimpl
def declare_jobs() -> Sequence[Job]:
    return [
        Job("b2b.sweep", sweeping.nightly, timedelta(seconds=30), 5, cron="20 3 * * *"),
        Job("b2b.expire", sweeping.expire, timedelta(seconds=30), 5),
        Job("b2b.expire_quote", sweeping.expire_quote, timedelta(seconds=30), 5),
    ]


@hookimpl
def nav_items(surface: Surface) -> Sequence[NavItem]:
    return {**views.MENU, **merchant_views.MENU}.get(surface, ())


@hookimpl
def page_slots(page: Page) -> Sequence[Fragment]:
    return [*store_views.fragments(page), *requisition_views.fragments(page), *quote_views.fragments(page)]


@hookimpl
def price_adjustments(basket: Basket) -> Sequence[Adjustment]:
    return pricing.adjust(basket)


@hookimpl
def checkout_fields(basket: Basket) -> Sequence[CheckoutField]:
    return buying.questions(basket)


@hookimpl
def check_purchase(draft: PurchaseDraft) -> Sequence[Violation]:
    return buying.check(draft, pricing.quantity_faults)


@hookimpl
def find_obligations() -> Sequence[Obligation]:
    """Nothing is owed: what was bought for a company is an order like any other."""
    return ()


@hookimpl
def on_disable() -> None:
    """Let lapse what was only promised: baskets that wait, or were approved and not ordered, and open quotes."""
    requisitions.sweep(everything=True)
    quotes.sweep(everything=True)


@hookimpl
def export_subject(subject: DataSubject) -> Sequence[ExportFile]:
    return own_data.export(subject)


@hookimpl
def erase_subject(subject: DataSubject) -> Sequence[Erasure]:
    return own_data.erase(subject)


@hookimpl
def purge_tenant() -> Sequence[Purged]:
    return own_data.purge()


@hookimpl
def seed_demo(seed: Seed) -> None:
    seeding.seed(seed)
