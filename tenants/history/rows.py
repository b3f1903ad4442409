"""Writes many rows at once, and finds rows by the keys that they had at the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert

from core.kernel.db import Model, session
from core.kernel.locks import lock_name
from core.kernel.tenancy import current_id

Values = dict[str, Any]


def alone() -> None:
    """Wait for another import into this marketplace, and keep others out until the transaction ends."""
    lock_name("history.import")


def write(kind: type[Model], rows: Sequence[Values]) -> None:
    """Insert rows of one table; columns that are left out take their defaults."""
    table = kind.__table__
    if rows and isinstance(table, Table):
        session().execute(insert(table), list(rows))


def known(kind: Any, keys: Iterable[str]) -> Mapping[str, UUID]:
    """Return the rows that came from these keys of the source."""
    query = select(kind.external_key, kind.id).where(
        kind.tenant_id == current_id(), kind.external_key.in_(sorted(set(keys)))
    )
    return dict(session().execute(query).all())
