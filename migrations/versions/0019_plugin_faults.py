"""how plugins failed at a marketplace"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('plugin_faults',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('plugin', sa.String(), nullable=False),
    sa.Column('hook', sa.String(), nullable=False),
    sa.Column('error', sa.String(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('longest_ms', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_plugin_faults_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_plugin_faults')),
    sa.UniqueConstraint('tenant_id', 'plugin', 'hook', 'error', name=op.f('uq_plugin_faults_tenant_id_plugin_hook_error'))
    )
    protect('plugin_faults')


def downgrade() -> None:
    """Undo."""
    op.drop_table('plugin_faults')
