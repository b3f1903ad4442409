"""Commission: the platform takes a share of each sale, by an ordered list of rates; the first that fits counts."""

from __future__ import annotations

from collections.abc import Sequence

from core.hooks.catalogue import ListingDraft
from core.hooks.declare import Mount, Permission, SettingsSpec
from core.hooks.lifecycle import Obligation, Purged
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.money import Charge
from core.hooks.surfaces import Fragment, NavItem, Page
from core.hooks.types import OrderSnapshot, Surface, Violation
from core.kernel.errors import _
from core.kernel.tenancy import Tenant
from plugins.commission import (
    api,
    asking,
    commands,
    decisions,
    merchant_views,
    run_api,
    run_views,
    services,
    surface,
    views,
)
from plugins.commission.schemas import CommissionSettingsSchema

ROUTES = (commands, decisions, run_api, run_views)
"""Modules that add to the blueprints and to the kinds of decisions by being imported."""
MANIFEST = Manifest(
    name="commission",
    version="1.0.0",
    title=_("Commission"),
    summary=_("The platform lives on a share of each sale: an ordered list of rates, each fee explained to the cent."),
    after=("self_operated",),
    machines=("commission.draft", "commission.run"),
    surfaces=(Surface.OPERATOR, Surface.MERCHANT, Surface.API),
)


@hookimpl
def declare_settings() -> Sequence[SettingsSpec]:
    return [SettingsSpec(CommissionSettingsSchema, 1, {})]


@hookimpl
def declare_permissions() -> Sequence[Permission]:
    return [
        Permission("commission.view", _("See commission rates"), Surface.OPERATOR),
        Permission("commission.manage", _("Change commission rates"), Surface.OPERATOR),
        Permission("commission.release", _("Release commission rates as a second person"), Surface.OPERATOR),
    ]


@hookimpl
def declare_blueprints() -> Sequence[Mount]:
    return [
        Mount(Surface.OPERATOR, surface.operator),
        Mount(Surface.MERCHANT, surface.merchant),
        Mount(Surface.API, api.blueprint),
    ]


@hookimpl
def nav_items(surface: Surface) -> Sequence[NavItem]:
    return views.MENU.get(surface, ())


@hookimpl
def page_slots(page: Page) -> Sequence[Fragment]:
    return (*merchant_views.invitation(page), *merchant_views.reason(page))


@hookimpl
def order_charges(tenant: Tenant, order: OrderSnapshot) -> Sequence[Charge]:
    return asking.charges(tenant, order)


@hookimpl
def check_listing(tenant: Tenant, listing: ListingDraft) -> Sequence[Violation]:
    return asking.unpriced(tenant, listing)


@hookimpl
def find_obligations() -> Sequence[Obligation]:
    """Nothing is owed: charges of the past are core's, and new orders carry none."""
    return ()


@hookimpl
def on_disable() -> None:
    """There is nothing outside of own tables."""


@hookimpl
def purge_tenant() -> Sequence[Purged]:
    return services.purge()
