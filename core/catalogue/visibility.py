"""What a buyer may see: live listings of open shops of approved merchants, of plugins that are on, by every rule.

A listing's own state is read with each query. Shops that are shut while listings of theirs are still live are few
and short-lived (whoever suspends a merchant hides its listings); their keys are remembered for two seconds and left
out by each query, so that nothing of a suspended merchant is shown even before its listings are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, column, literal_column, select, table

from core.catalogue.models import ListingRow
from core.hooks.catalogue import catalogue_filters
from core.hooks.runtime import plugins
from core.hooks.types import Viewer
from core.kernel.db import connection
from core.kernel.fresh import Fresh
from core.kernel.tenancy import current, current_id

_shops = table("shops", column("tenant_id"), column("id"), column("merchant_id"), column("state"))
_merchants = table("merchants", column("tenant_id"), column("id"), column("state"))
_SHUT_SECONDS = 2.0
_shut: Fresh[tuple[UUID, ...]] = Fresh(_SHUT_SECONDS)


@dataclass(frozen=True, slots=True)
class Sight:
    """What is visible to a viewer: `plugins` are switched on, `shut` shops are left out, `rules` come from plugins."""

    plugins: tuple[str, ...]
    shut: tuple[UUID, ...]
    rules: tuple[ColumnElement[bool], ...] = ()

    def key(self) -> tuple[object, ...]:
        """Return what tells two sights apart, for caches: names, keys, and the rules' text with their values."""
        return (self.plugins, self.shut, tuple(_written(rule) for rule in self.rules))


def _written(rule: ColumnElement[bool]) -> tuple[object, ...]:
    compiled = rule.compile()
    return (str(compiled), *(f"{name}={value!r}" for name, value in sorted(compiled.params.items())))


def sight(viewer: Viewer) -> Sight:
    """Return what the viewer may see, asking every enabled plugin once."""
    tenant = current()
    rules: Sequence[Any] = plugins().collect(catalogue_filters, tenant=tenant, viewer=viewer)
    return Sight(tuple(sorted(tenant.enabled)), _shut.get("", _read_shut), tuple(rules))


def forget() -> None:
    """Drop the remembered shut shops of this process; call it after a commit that shuts or opens one."""
    _shut.forget()


def _read_shut() -> tuple[UUID, ...]:
    """Return shops with live listings that are closed, or whose merchant is not approved."""
    listings = ListingRow.__table__.c
    live: Select[tuple[int]] = select(literal_column("1")).where(
        listings.tenant_id == _shops.c.tenant_id, listings.shop_id == _shops.c.id,
        listings.state == literal_column("'live'"),
    )  # fmt: skip
    query = (
        select(_shops.c.id)
        .join(_merchants, (_merchants.c.tenant_id == _shops.c.tenant_id) & (_merchants.c.id == _shops.c.merchant_id))
        .where(
            _shops.c.tenant_id == current_id(),
            (_shops.c.state == "closed") | (_merchants.c.state != "approved"),
            live.exists(),
        )
        .order_by(_shops.c.id)
    )
    return tuple(connection().scalars(query))
