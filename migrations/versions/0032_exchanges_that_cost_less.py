"""what comes back with an exchange for something cheaper"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "aftersale_cases", sa.Column("difference_minor", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    op.create_check_constraint(op.f("ck_aftersale_cases_difference"), "aftersale_cases", "difference_minor >= 0")


def downgrade() -> None:
    """Undo."""
    op.drop_column("aftersale_cases", "difference_minor")
