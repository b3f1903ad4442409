"""Self-operated: the tenant sells goods of its own beside its merchants, marked as such, without commission."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from core.hooks.catalogue import Badge, ListingDraft
from core.hooks.compliance import ComplianceSubject, Finding
from core.hooks.data import DataSubject, Erasure, ExportFile, Seed
from core.hooks.declare import Job, Mount, Permission, SettingsSpec
from core.hooks.events import OrderEvent, RefundEvent, SubjectEvent
from core.hooks.lifecycle import Obligation, Purged
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.money import Charge, Hold, MoneyEvent, MoneyFact, PayoutDraft, Posting
from core.hooks.surfaces import Fragment, NavItem, Page, Report
from core.hooks.types import OrderSnapshot, Surface, Viewer, Violation
from core.kernel.errors import _
from core.kernel.tenancy import Tenant
from core.merchants.house import ensure_house_shop
from plugins.self_operated import (
    api,
    count_views,
    decisions,
    demo,
    following,
    margin_views,
    receipt_views,
    rules,
    services,
    surface,
    views,
)
from plugins.self_operated.schemas import OwnGoodsSettingsSchema

ROUTES = (count_views, decisions, margin_views, receipt_views)
"""Modules that add to the blueprint and to the kinds of decisions by being imported."""
MANIFEST = Manifest(
    name="self_operated",
    version="2.0.0",
    title=_("Own goods"),
    summary=_("The marketplace sells goods of its own, with a mark that nobody else may use, and without commission."),
    machines=("self_operated.receipt", "self_operated.count"),
    personal=("self_operated_receipts.supplier_name",),
    surfaces=(Surface.STORE, Surface.OPERATOR, Surface.API),
)


@hookimpl
def declare_settings() -> Sequence[SettingsSpec]:
    return [SettingsSpec(OwnGoodsSettingsSchema, 1, {})]


@hookimpl
def declare_permissions() -> Sequence[Permission]:
    return [
        Permission("self_operated.view", _("See own goods"), Surface.OPERATOR),
        Permission(
            "self_operated.manage", _("Receive and count own goods, and change their settings"), Surface.OPERATOR
        ),
        Permission("self_operated.post_receipt", _("Post and reverse goods receipts"), Surface.OPERATOR),
        Permission("self_operated.approve_count", _("Book differences of stock-taking"), Surface.OPERATOR),
        Permission("self_operated.report", _("See margins of own goods"), Surface.OPERATOR),
    ]


@hookimpl
def declare_blueprints() -> Sequence[Mount]:
    return [Mount(Surface.OPERATOR, surface.operator), Mount(Surface.API, api.blueprint)]


@hookimpl
def declare_jobs() -> Sequence[Job]:
    return [Job("self_operated.sweep", _sweep, timedelta(minutes=10), 5, cron="20 3 * * *")]


def _sweep(tenant: Tenant) -> None:
    services.sweep()


@hookimpl
def nav_items(surface: Surface) -> Sequence[NavItem]:
    return views.MENU.get(surface, ())


@hookimpl
def on_enable(tenant: Tenant) -> None:
    ensure_house_shop(tenant.name, "own")


@hookimpl
def listing_badges(tenant: Tenant, viewer: Viewer, listing_ids: Sequence[UUID]) -> Sequence[Badge]:
    return services.badges(tenant, viewer, listing_ids)


@hookimpl
def page_slots(tenant: Tenant, page: Page) -> Sequence[Fragment]:
    return services.fragments(tenant, page)


@hookimpl
def check_listing(tenant: Tenant, listing: ListingDraft) -> Sequence[Violation]:
    return [*services.false_marks(tenant, listing), *services.below_cost(tenant, listing)]


@hookimpl
def compliance_findings(tenant: Tenant, subject: ComplianceSubject) -> Sequence[Finding]:
    return services.findings(tenant, subject)


@hookimpl
def order_charges(order: OrderSnapshot) -> Sequence[Charge]:
    return list(rules.own_charges(order))


@hookimpl
def on_order_event(event: OrderEvent) -> None:
    following.follow(event.order.id)


@hookimpl
def on_refund_event(event: RefundEvent) -> None:
    following.follow(event.order.id)


@hookimpl
def on_subject_event(event: SubjectEvent) -> None:
    if event.kind == "return" and "order" in event.facts:
        following.follow(UUID(str(event.facts["order"])))


@hookimpl
def ledger_postings(event: MoneyEvent) -> Sequence[Posting]:
    if event.name != MoneyFact.ORDER_RELEASED or event.order is None or not event.order.is_house:
        return ()
    return following.released(event.order.id)


@hookimpl
def payout_holds(payout: PayoutDraft) -> Sequence[Hold]:
    return services.holds(payout)


@hookimpl
def reports(surface: Surface) -> Sequence[Report]:
    return margin_views.REPORTS.get(surface, ())


@hookimpl
def seed_demo(seed: Seed) -> None:
    demo.seed(seed)


@hookimpl
def export_subject(subject: DataSubject) -> Sequence[ExportFile]:
    """Nothing here is about a buyer or a merchant; a supplier's name is replaced on its receipts when asked for."""
    return ()


@hookimpl
def erase_subject(subject: DataSubject) -> Sequence[Erasure]:
    """Nothing here is about a buyer or a merchant."""
    return ()


@hookimpl
def find_obligations() -> Sequence[Obligation]:
    return services.obligations()


@hookimpl
def on_disable() -> None:
    """There is nothing outside of own tables: the house and its shop stay."""


@hookimpl
def purge_tenant() -> Sequence[Purged]:
    return services.purge()
