"""answers to checkout questions are kept with the cart"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('carts', sa.Column('answers', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    """Undo."""
    op.drop_column('carts', 'answers')
