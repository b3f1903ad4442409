"""tables of commission"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import core.kernel.db
from migrations.ops import append_only, protect, share

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('commission_lists',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_commission_lists_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_commission_lists')),
    sa.UniqueConstraint('tenant_id', 'version', name=op.f('uq_commission_lists_tenant_id_version'))
    )
    op.create_table('commission_rates',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('list_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('conditions', sa.JSON(), nullable=False),
    sa.Column('percent_bps', sa.Integer(), nullable=False),
    sa.Column('per_unit', sa.JSON(), nullable=False),
    sa.Column('per_line', sa.JSON(), nullable=False),
    sa.Column('floor', sa.JSON(), nullable=False),
    sa.Column('cap', sa.JSON(), nullable=False),
    sa.Column('base', sa.String(), nullable=False),
    sa.Column('on_refund', sa.String(), nullable=False),
    sa.CheckConstraint("base in ('net','gross')", name=op.f('ck_commission_rates_base')),
    sa.CheckConstraint("on_refund in ('proportional','keep','keep_fixed')", name=op.f('ck_commission_rates_on_refund')),
    sa.CheckConstraint('percent_bps between 0 and 10000', name=op.f('ck_commission_rates_percent')),
    sa.ForeignKeyConstraint(['tenant_id', 'list_id'], ['commission_lists.tenant_id', 'commission_lists.id'], name=op.f('fk_commission_rates_tenant_id_list_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_commission_rates_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_commission_rates')),
    sa.UniqueConstraint('tenant_id', 'list_id', 'position', name=op.f('uq_commission_rates_tenant_id_list_id_position'))
    )
    protect(
        'commission_lists',
        'commission_rates',
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table('commission_rates')
    op.drop_table('commission_lists')
