"""decisions in words, own data, saved listings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('api_keys', sa.Column('made_by', sa.Uuid(), nullable=True))
    op.add_column('approvals', sa.Column('proposal', sa.JSON(), server_default='{}', nullable=False))
    op.add_column('approvals', sa.Column('answer', sa.String(), server_default='', nullable=False))
    op.add_column('approvals', sa.Column('asked_name', sa.String(), server_default='', nullable=False))
    op.add_column('approvals', sa.Column('decided_name', sa.String(), server_default='', nullable=False))
    for column in ('proposal', 'answer', 'asked_name', 'decided_name'):
        op.alter_column('approvals', column, server_default=None)
    op.create_index('ix_approvals_waiting', 'approvals', ['tenant_id', 'id'], unique=False, postgresql_where=sa.text("state = 'asked'"))


def downgrade() -> None:
    """Undo."""
    op.drop_index('ix_approvals_waiting', table_name='approvals', postgresql_where=sa.text("state = 'asked'"))
    for column in ('decided_name', 'asked_name', 'answer', 'proposal'):
        op.drop_column('approvals', column)
    op.drop_column('api_keys', 'made_by')
