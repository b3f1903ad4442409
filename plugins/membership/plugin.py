"""Membership: points that buyers earn with completed orders and use at checkout, owed in the books to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.hooks.checkout import CheckoutField, PurchaseDraft
from core.hooks.data import DataSubject, Erasure, ExportFile, Seed
from core.hooks.declare import Job, Mount, Permission, SettingsSpec
from core.hooks.events import OrderEvent, RefundEvent
from core.hooks.lifecycle import Obligation, Purged
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.money import MoneyEvent, Posting
from core.hooks.surfaces import Fragment, NavItem, Page
from core.hooks.types import Adjustment, Basket, Surface, Violation
from core.kernel.errors import _
from plugins.membership import api, earning, expiring, own_data, redeeming, seeding, store_views, views
from plugins.membership.settings import PointsSettingsSchema, check_change
from plugins.membership.surface import operator, store

MANIFEST = Manifest(
    name="membership",
    version="1.0.0",
    title=_("Points"),
    summary=_("Buyers earn points with what they buy and pay with them; what is owed stands in the books."),
    after=("coupons",),
    machines=("membership.hold",),
    personal=("membership_members.customer_id",),
    surfaces=(Surface.STORE, Surface.OPERATOR, Surface.API),
)


@hookimpl
def declare_settings() -> Sequence[SettingsSpec]:
    return [SettingsSpec(PointsSettingsSchema, 1, {}, check_change)]


@hookimpl
def declare_permissions() -> Sequence[Permission]:
    return [
        Permission("membership.view", _("See members and their points"), Surface.OPERATOR),
        Permission("membership.adjust", _("Give and take points by hand"), Surface.OPERATOR),
        Permission("membership.report", _("See what is owed in points"), Surface.OPERATOR),
    ]


@hookimpl
def declare_blueprints() -> Sequence[Mount]:
    return [Mount(Surface.STORE, store), Mount(Surface.OPERATOR, operator), Mount(Surface.API, api.blueprint)]


@hookimpl
def declare_jobs() -> Sequence[Job]:
    return [Job("membership.expire_points", expiring.nightly, timedelta(seconds=60), 5, cron="20 3 * * *")]


@hookimpl
def nav_items(surface: Surface) -> Sequence[NavItem]:
    return views.MENU.get(surface, ())


@hookimpl
def page_slots(page: Page) -> Sequence[Fragment]:
    return store_views.fragments(page)


@hookimpl
def price_adjustments(basket: Basket) -> Sequence[Adjustment]:
    return redeeming.discount(basket)


@hookimpl
def checkout_fields(basket: Basket) -> Sequence[CheckoutField]:
    return redeeming.questions(basket)


@hookimpl
def check_purchase(draft: PurchaseDraft) -> Sequence[Violation]:
    return redeeming.check(draft)


@hookimpl
def ledger_postings(event: MoneyEvent) -> Sequence[Posting]:
    return redeeming.captured(event)


@hookimpl
def on_order_event(event: OrderEvent) -> None:
    redeeming.release(event)
    earning.earn(event)


@hookimpl
def on_refund_event(event: RefundEvent) -> None:
    redeeming.give_back(event)
    earning.withdraw(event)


@hookimpl
def find_obligations() -> Sequence[Obligation]:
    return own_data.obligations()


@hookimpl
def on_disable() -> None:
    """Let lapse what is left; it was announced, or nothing is left."""
    expiring.lapse_all()


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
