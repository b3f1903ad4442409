"""Self-operated: the tenant sells goods of its own beside its merchants, marked as such, without commission."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.hooks.catalogue import Badge, ListingDraft
from core.hooks.declare import Mount, Permission, SettingsSpec
from core.hooks.lifecycle import Obligation, Purged
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.money import Charge, Hold, PayoutDraft
from core.hooks.surfaces import Fragment, NavItem, Page
from core.hooks.types import OrderSnapshot, Surface, Viewer, Violation
from core.kernel.errors import _
from core.kernel.tenancy import Tenant
from core.merchants.house import ensure_house_shop
from plugins.self_operated import api, rules, services, views
from plugins.self_operated.schemas import OwnGoodsSettingsSchema

MANIFEST = Manifest(
    name="self_operated",
    version="1.0.0",
    title=_("Own goods"),
    summary=_("The marketplace sells goods of its own, with a mark that nobody else may use, and without commission."),
    surfaces=(Surface.STORE, Surface.OPERATOR, Surface.API),
)


@hookimpl
def declare_settings() -> Sequence[SettingsSpec]:
    return [SettingsSpec(OwnGoodsSettingsSchema, 1, {})]


@hookimpl
def declare_permissions() -> Sequence[Permission]:
    return [
        Permission("self_operated.view", _("See own goods"), Surface.OPERATOR),
        Permission("self_operated.manage", _("Change the mark of own goods"), Surface.OPERATOR),
    ]


@hookimpl
def declare_blueprints() -> Sequence[Mount]:
    return [Mount(Surface.OPERATOR, views.operator), Mount(Surface.API, api.blueprint)]


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
    return services.false_marks(tenant, listing)


@hookimpl
def order_charges(order: OrderSnapshot) -> Sequence[Charge]:
    return list(rules.own_charges(order))


@hookimpl
def payout_holds(payout: PayoutDraft) -> Sequence[Hold]:
    return services.holds(payout)


@hookimpl
def find_obligations() -> Sequence[Obligation]:
    return services.obligations()


@hookimpl
def on_disable() -> None:
    """There is nothing outside of core's tables: the house and its shop stay."""


@hookimpl
def purge_tenant() -> Sequence[Purged]:
    """There are no own tables."""
    return ()
