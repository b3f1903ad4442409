"""sessions in which the platform's staff look at a marketplace"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for column in ("visitor", "visit_reason"):
        op.add_column("sessions", sa.Column(column, sa.String(), server_default="", nullable=False))
        op.alter_column("sessions", column, server_default=None)


def downgrade() -> None:
    """Undo."""
    op.drop_column("sessions", "visit_reason")
    op.drop_column("sessions", "visitor")
