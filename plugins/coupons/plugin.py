"""Coupons: codes that lower a basket's price, funded by the platform, by merchants, or by both."""

from __future__ import annotations

from collections.abc import Sequence

from core.hooks.checkout import PurchaseDraft
from core.hooks.data import DataSubject, Erasure, ExportFile
from core.hooks.declare import Mount, Permission
from core.hooks.events import OrderEvent
from core.hooks.lifecycle import Obligation, Purged
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.surfaces import NavItem
from core.hooks.types import Adjustment, Basket, Surface, Violation
from core.kernel.errors import _
from plugins.coupons import api, redeeming, services, views

MANIFEST = Manifest(
    name="coupons",
    version="1.0.0",
    title=_("Coupons"),
    summary=_("Codes that lower the price of a cart, paid for by the platform, by shops, or by both."),
    personal=("coupons_redemptions.customer_id",),
    surfaces=(Surface.OPERATOR, Surface.MERCHANT, Surface.API),
)


@hookimpl
def declare_permissions() -> Sequence[Permission]:
    return [
        Permission("coupons.view", _("See coupons"), Surface.OPERATOR),
        Permission("coupons.manage", _("Create and change coupons"), Surface.OPERATOR),
        Permission("coupons.offer", _("Offer coupons of the own shop"), Surface.MERCHANT),
    ]


@hookimpl
def declare_blueprints() -> Sequence[Mount]:
    return [
        Mount(Surface.OPERATOR, views.operator),
        Mount(Surface.MERCHANT, views.merchant),
        Mount(Surface.API, api.blueprint),
    ]


@hookimpl
def nav_items(surface: Surface) -> Sequence[NavItem]:
    return views.MENU.get(surface, ())


@hookimpl
def price_adjustments(basket: Basket) -> Sequence[Adjustment]:
    return redeeming.discounts(basket)


@hookimpl
def check_purchase(draft: PurchaseDraft) -> Sequence[Violation]:
    return redeeming.check(draft)


@hookimpl
def on_order_event(event: OrderEvent) -> None:
    redeeming.release(event)


@hookimpl
def find_obligations() -> Sequence[Obligation]:
    """Nothing is owed: what a coupon took off stands with the order."""
    return ()


@hookimpl
def on_disable() -> None:
    """There is nothing outside of own tables."""


@hookimpl
def export_subject(subject: DataSubject) -> Sequence[ExportFile]:
    return services.export(subject)


@hookimpl
def erase_subject(subject: DataSubject) -> Sequence[Erasure]:
    return services.erase(subject)


@hookimpl
def purge_tenant() -> Sequence[Purged]:
    return services.purge()
