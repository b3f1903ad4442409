"""Thanks: a discount for buyers who have completed some orders, paid for by the marketplace."""

from __future__ import annotations

from collections.abc import Sequence

from core.hooks.data import DataSubject, Erasure, ExportFile
from core.hooks.declare import Mount, Permission, SettingsSpec
from core.hooks.events import OrderEvent
from core.hooks.lifecycle import Obligation, Purged
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.surfaces import NavItem
from core.hooks.types import Adjustment, Basket, Surface
from core.kernel.errors import _
from core.kernel.tenancy import Tenant
from galleria_thanks import api, services, views
from galleria_thanks.settings import ThanksSettingsSchema

MANIFEST = Manifest(
    name="thanks",
    version="1.0.0",
    title=_("Thanks"),
    summary=_("A discount for buyers who have completed some orders, paid for by the marketplace."),
    personal=("thanks_completed.customer_id",),
    surfaces=(Surface.OPERATOR, Surface.API),
)


@hookimpl
def declare_settings() -> Sequence[SettingsSpec]:
    return [SettingsSpec(ThanksSettingsSchema, 1, {})]


@hookimpl
def declare_permissions() -> Sequence[Permission]:
    return [Permission("thanks.view", _("See regular buyers"), Surface.OPERATOR)]


@hookimpl
def declare_blueprints() -> Sequence[Mount]:
    return [Mount(Surface.OPERATOR, views.operator), Mount(Surface.API, api.blueprint)]


@hookimpl
def nav_items(surface: Surface) -> Sequence[NavItem]:
    return views.MENU if surface is Surface.OPERATOR else ()


@hookimpl
def price_adjustments(tenant: Tenant, basket: Basket) -> Sequence[Adjustment]:
    return services.thank(tenant, basket)


@hookimpl
def on_order_event(event: OrderEvent) -> None:
    services.remember(event)


@hookimpl
def find_obligations() -> Sequence[Obligation]:
    """Nothing is owed: a discount that was given stands with its order."""
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
