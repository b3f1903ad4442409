"""Locks: rows taken once, in one order, late; and named locks for what has no row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from core.kernel.db import fetched, session
from core.kernel.tenancy import TenantOwned, current_id

Row = TypeVar("Row", bound=TenantOwned)


def lock(kind: type[Row], ids: Iterable[UUID]) -> Sequence[Row]:
    """Lock rows for update in the order of their keys and return them fresh; keys without a row are left out."""
    query = select(kind).where(kind.id.in_(sorted(set(ids)))).order_by(kind.id).with_for_update()
    return session().scalars(query, execution_options={"populate_existing": True}).all()


Asked = tuple[str, Mapping[str, Any]]


def lock_name(name: str) -> None:
    """Hold a named lock of the tenant until the transaction ends."""
    fetched(*naming(name))


def share_name(name: str) -> None:
    """Hold a named lock together with others who share it, until the transaction ends; `lock_name` waits for all."""
    fetched(*sharing(name))


def naming(name: str) -> Asked:
    """Return what `lock_name` asks, to go out in one message with what is read under the lock (`fetched_together`)."""
    return "select pg_advisory_xact_lock(hashtextextended(%(name)s, 0))", {"name": f"{current_id()}:{name}"}


def sharing(name: str) -> Asked:
    """Return what `share_name` asks, as `naming` does."""
    return "select pg_advisory_xact_lock_shared(hashtextextended(%(name)s, 0))", {"name": f"{current_id()}:{name}"}
