"""What a migration of a tenant-owned table says besides its columns."""

from __future__ import annotations

from alembic import op


def protect(*tables: str, key: str = "tenant_id") -> None:
    """Put tables under forced row-level security by tenant and grant the serving roles."""
    for table in tables:
        op.execute(f"call app.protect('{table}', '{key}')")


def append_only(*tables: str) -> None:
    """Refuse every update and delete of rows, for every role."""
    for table in tables:
        op.execute(f"call app.append_only('{table}')")


def share(*tables: str) -> None:
    """Grant tables of the platform itself: the application reads, the platform writes."""
    for table in tables:
        op.execute(f"grant select on {table} to galleria_app")
        op.execute(f"grant select, insert, update, delete on {table} to galleria_platform")


def see_every_tenant() -> None:
    """Let the rest of this migration read and write the rows of all tenants: forced row-level security hides them."""
    op.execute("select set_config('app.maintenance', 'on', true)")
