"""Reconciliation: what moved at payment providers, the journal's sides, differences and runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel.db import TransactionId
from migrations.ops import protect, share

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLES = (
    "reconciliation_runs", "reconciliation_differences", "reconciliation_marks", "reconciliation_sides",
    "provider_movements",
)  # fmt: skip


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _owned(table: str, *more: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    """Apply."""
    _create_movements()
    _create_sides()
    _create_differences()
    _create_runs()
    op.create_table(
        "provider_readings",
        _text("provider"), _text("after"), _moment("top_at", nullable=True), _moment("began_at", nullable=True),
        _moment("read_until", nullable=True), _moment("done_at", nullable=True),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_provider_readings")),
    )  # fmt: skip
    protect(*_TABLES)
    share("provider_readings")


def _create_movements() -> None:
    table = "provider_movements"
    _owned(
        table,
        *(_text(name) for name in ("provider", "ref", "kind", "category", "source", "about")),
        sa.Column("marks", sa.JSON(), nullable=False),
        *(_number(name) for name in ("amount_minor", "fee_minor", "net_minor")),
        _text("currency"),
        sa.Column("fees", sa.JSON(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _moment("moved_at"),
        _moment("available_at"),
        _text("subject"),
        sa.Column("is_compared", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("tenant_id", "provider", "ref", name=op.f(f"uq_{table}_tenant_id_provider_ref")),
    )
    for name in ("subject", "day", "source"):
        op.create_index(op.f(f"ix_{table}_tenant_id_provider_{name}"), table, ["tenant_id", "provider", name])
    op.create_index(
        "ix_provider_movements_fresh", table, ["tenant_id", "provider", "id"],
        postgresql_where=sa.text("not is_compared"),
    )  # fmt: skip


def _create_sides() -> None:
    table = "reconciliation_sides"
    _owned(
        table,
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("provider", "subject", "kind", "currency")),
        *(_number(name) for name in ("amount_minor", "fee_minor")),
        sa.Column("day", sa.Date(), nullable=False),
        _moment("posted_at"),
        sa.Column("is_compared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"], ["ledger_entries.tenant_id", "ledger_entries.id"],
            name=op.f(f"fk_{table}_tenant_id_entry_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.UniqueConstraint(
            "tenant_id", "entry_id", "provider", "currency",
            name=op.f(f"uq_{table}_tenant_id_entry_id_provider_currency"),
        ),
    )  # fmt: skip
    for name in ("subject", "day"):
        op.create_index(op.f(f"ix_{table}_tenant_id_provider_{name}"), table, ["tenant_id", "provider", name])
    op.create_index(
        "ix_reconciliation_sides_fresh", table, ["tenant_id", "provider", "id"],
        postgresql_where=sa.text("not is_compared"),
    )  # fmt: skip
    _owned(
        "reconciliation_marks",
        _text("provider"),
        sa.Column("upto", TransactionId(), nullable=False),
        sa.UniqueConstraint("tenant_id", "provider", name=op.f("uq_reconciliation_marks_tenant_id_provider")),
    )


def _create_differences() -> None:
    table = "reconciliation_differences"
    kinds = "'timing','missing_in_ledger','missing_at_provider','amount','fee','currency','duplicate','unknown_source'"
    _owned(
        table,
        *(_text(name) for name in ("provider", "subject", "kind", "clue", "state", "currency")),
        _number("difference_minor"),
        sa.Column("amounts", sa.JSON(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _moment("waits_until", nullable=True),
        _moment("found_at"),
        _moment("ended_at", nullable=True),
        _text("reason"),
        _text("by_name"),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting','open','asked','settled','dismissed','resolved')", name=op.f(f"ck_{table}_state")
        ),
        sa.CheckConstraint(f"kind in ({kinds})", name=op.f(f"ck_{table}_kind")),
    )
    op.create_index(
        "uq_reconciliation_differences_live", table, ["tenant_id", "provider", "subject"], unique=True,
        postgresql_where=sa.text("state in ('waiting','open','asked')"),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{table}_tenant_id_provider_subject"), table, ["tenant_id", "provider", "subject"])
    op.create_index(op.f(f"ix_{table}_tenant_id_state"), table, ["tenant_id", "state", sa.text("id desc")])


def _create_runs() -> None:
    table = "reconciliation_runs"
    _owned(
        table,
        *(_text(name) for name in ("provider", "state", "by_name")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("read", "compared", "found", "resolved")),
        _text("trouble"),
        _moment("started_at"),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint("state in ('running','done')", name=op.f(f"ck_{table}_state")),
    )
    op.create_index(
        "uq_reconciliation_runs_running", table, ["tenant_id", "provider"], unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{table}_tenant_id_provider"), table, ["tenant_id", "provider", sa.text("id desc")])


def downgrade() -> None:
    """Take back."""
    op.drop_table("provider_readings")
    for table in _TABLES:
        op.drop_table(table)
