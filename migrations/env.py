"""Alembic's entry: one connection, one area (core or a plugin), one version table for each."""

from __future__ import annotations

from alembic import context

from core.kernel.db import db

config = context.config
area: str = config.attributes["area"]
plugins: tuple[str, ...] = config.attributes["plugins"]


def _area_of(table: str) -> str:
    return next((name for name in plugins if table.startswith(f"{name}_")), "core")


def _is_ours(item: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", None)
    return table is None or (_area_of(table) == area and not table.startswith("alembic_"))


context.configure(
    connection=config.attributes["connection"],
    target_metadata=db.metadata,
    version_table=f"alembic_{area}",
    include_object=_is_ours,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
