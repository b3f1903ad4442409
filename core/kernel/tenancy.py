"""Which tenant this request or job serves: a frozen value, bound once, and the columns that carry it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from core.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Tenant:
    """One marketplace as core sees it. The row lives in `tenants/`.

    `enabled` plugins take new business, `draining` ones still meet obligations, `retained` ones only hold rows.
    `settings` maps a plugin to its stored, upgraded settings; "core" holds the marketplace's own. `design` maps the
    parts of the storefront's design that are published to what they hold.
    """

    id: UUID
    slug: str
    name: str
    country: str
    currency: str
    timezone: str
    languages: tuple[str, ...]
    state: str = "active"
    version: int = 1
    enabled: frozenset[str] = frozenset()
    draining: frozenset[str] = frozenset()
    retained: frozenset[str] = frozenset()
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    design: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @property
    def locale(self) -> str:
        """The marketplace's first language."""
        return self.languages[0]

    def setting(self, name: str, default: object = None, *, plugin: str = "core") -> object:
        """Return one stored setting of core or of a plugin."""
        return self.settings.get(plugin, {}).get(name, default)


class TenantNotBound(RuntimeError):
    """A tenant's data was asked for while no tenant is bound."""


_current: ContextVar[Tenant | None] = ContextVar("tenant", default=None)


def bound() -> Tenant | None:
    """Return the tenant of this request or job, or None on the platform's own ground."""
    return _current.get()


def current() -> Tenant:
    """Return the bound tenant. Raise TenantNotBound otherwise."""
    tenant = _current.get()
    if tenant is None:
        raise TenantNotBound("no tenant is bound to this request or job")
    return tenant


def current_id() -> UUID:
    """Return the bound tenant's key. Raise TenantNotBound otherwise."""
    return current().id


@contextmanager
def bind(tenant: Tenant | None) -> Iterator[Tenant | None]:
    """Serve a tenant inside the block; None binds the platform's own ground."""
    mark = _current.set(tenant)
    try:
        yield tenant
    finally:
        _current.reset(mark)


class TenantOwned:
    """A row of one tenant: primary key `(tenant_id, id)`, every reference composite, so none can cross tenants.

    References are checked at the commit, so that rows may be written in any order.
    """

    tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("tenants.id"), primary_key=True, default=current_id, sort_order=-20
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-10)

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        table = cls.__dict__.get("__table__")
        for column in list(table.columns) if table is not None else ():
            if "tenant_ref" in column.info:
                target, ondelete = column.info["tenant_ref"]
                table.append_constraint(  # type: ignore[union-attr]
                    ForeignKeyConstraint(
                        ["tenant_id", column.name],
                        [f"{target}.tenant_id", f"{target}.id"],
                        ondelete=ondelete,
                        deferrable=True,
                        initially="DEFERRED",
                    )
                )


def ref(table: str, *, ondelete: str | None = None) -> MappedColumn[UUID]:
    """Return a column that refers to a row of a tenant-owned table by a composite foreign key.

    To null only the id half: `ondelete="SET NULL (merchant_id)"`.
    """
    return mapped_column(info={"tenant_ref": (table, ondelete)})
