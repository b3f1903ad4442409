"""Merchants' accounts at the payment provider, and disputes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_accounts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('new','pending','restricted','active','rejected')", name=op.f("ck_provider_accounts_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "merchant_id"], ["merchants.tenant_id", "merchants.id"],
            name=op.f("fk_provider_accounts_tenant_id_merchant_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_provider_accounts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_provider_accounts")),
        sa.UniqueConstraint(
            "tenant_id", "provider", "merchant_id", name=op.f("uq_provider_accounts_tenant_id_provider_merchant_id")
        ),
        sa.UniqueConstraint("tenant_id", "provider", "ref", name=op.f("uq_provider_accounts_tenant_id_provider_ref")),
    )  # fmt: skip
    op.create_index(op.f("ix_provider_accounts_tenant_id_state_id"), "provider_accounts", ["tenant_id", "state", "id"])
    _create_disputes()
    protect("provider_accounts", "disputes", "dispute_shares")


def _create_disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('open','submitted','won','lost')", name=op.f("ck_disputes_state")),
        _reference("disputes", "payment_id", "payments"),
        _reference("disputes", "purchase_id", "purchases"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_disputes_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("tenant_id", "provider", "ref", name=op.f("uq_disputes_tenant_id_provider_ref")),
    )
    op.create_index(op.f("ix_disputes_tenant_id_state_id"), "disputes", ["tenant_id", "state", "id"])
    op.create_index(op.f("ix_disputes_tenant_id_purchase_id"), "disputes", ["tenant_id", "purchase_id"])
    op.create_table(
        "dispute_shares",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("media_ids", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        _reference("dispute_shares", "dispute_id", "disputes"),
        _reference("dispute_shares", "order_id", "orders"),
        _reference("dispute_shares", "merchant_id", "merchants"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_dispute_shares_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dispute_shares")),
        sa.UniqueConstraint(
            "tenant_id", "dispute_id", "order_id", name=op.f("uq_dispute_shares_tenant_id_dispute_id_order_id")
        ),
    )
    op.create_index(
        op.f("ix_dispute_shares_tenant_id_merchant_id_id"), "dispute_shares", ["tenant_id", "merchant_id", "id"]
    )


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=op.f(f"fk_{table}_tenant_id_{column}"),
        initially="DEFERRED", deferrable=True,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("dispute_shares")
    op.drop_table("disputes")
    op.drop_table("provider_accounts")
