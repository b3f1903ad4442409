"""Merchants' accounts at the payment provider."""

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
    protect("provider_accounts")


def downgrade() -> None:
    op.drop_table("provider_accounts")
