"""completed orders"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "thanks_completed",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_thanks_completed_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_thanks_completed")),
        sa.UniqueConstraint("tenant_id", "order_id", name=op.f("uq_thanks_completed_tenant_id_order_id")),
    )
    op.create_index(op.f("ix_thanks_completed_tenant_id_customer_id"), "thanks_completed", ["tenant_id", "customer_id"])
    protect("thanks_completed")


def downgrade() -> None:
    """Undo."""
    op.drop_table("thanks_completed")
