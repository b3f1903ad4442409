"""tables of points"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

TABLES = ('membership_members', 'membership_lots', 'membership_entries', 'membership_uses', 'membership_earnings')


def upgrade() -> None:
    """Apply."""
    op.create_table('membership_members',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('held', sa.BigInteger(), nullable=False),
    sa.Column('value_minor', sa.BigInteger(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('held >= 0', name=op.f('ck_membership_members_held')),
    sa.CheckConstraint('value_minor >= 0', name=op.f('ck_membership_members_value')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_membership_members_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_membership_members')),
    sa.UniqueConstraint('tenant_id', 'customer_id', name=op.f('uq_membership_members_tenant_id_customer_id'))
    )
    op.create_table('membership_lots',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('earned', sa.BigInteger(), nullable=False),
    sa.Column('left', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('"left" between 0 and earned', name=op.f('ck_membership_lots_left')),
    sa.CheckConstraint('earned > 0', name=op.f('ck_membership_lots_earned')),
    sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['membership_members.tenant_id', 'membership_members.id'], name=op.f('fk_membership_lots_tenant_id_member_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_membership_lots_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_membership_lots'))
    )
    op.create_index('ix_membership_lots_due', 'membership_lots', ['tenant_id', 'expires_at'], unique=False, postgresql_where=sa.text('"left" > 0 and expires_at is not null'))
    op.create_index(op.f('ix_membership_lots_tenant_id_member_id_expires_at'), 'membership_lots', ['tenant_id', 'member_id', 'expires_at'], unique=False)
    op.create_table('membership_entries',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('value_minor', sa.BigInteger(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('earn','hold','redeem','return','withdraw','expire','adjust')", name=op.f('ck_membership_entries_kind')),
    sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['membership_members.tenant_id', 'membership_members.id'], name=op.f('fk_membership_entries_tenant_id_member_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_membership_entries_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_membership_entries')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_membership_entries_tenant_id_key'))
    )
    op.create_index(op.f('ix_membership_entries_tenant_id_at'), 'membership_entries', ['tenant_id', 'at'], unique=False)
    op.create_index(op.f('ix_membership_entries_tenant_id_member_id'), 'membership_entries', ['tenant_id', 'member_id', sa.literal_column('id desc')], unique=False)
    op.create_table('membership_uses',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('returned', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.CheckConstraint("state in ('held','redeemed','released')", name=op.f('ck_membership_uses_state')),
    sa.CheckConstraint('points > 0', name=op.f('ck_membership_uses_points')),
    sa.CheckConstraint('returned between 0 and points', name=op.f('ck_membership_uses_returned')),
    sa.ForeignKeyConstraint(['tenant_id', 'lot_id'], ['membership_lots.tenant_id', 'membership_lots.id'], name=op.f('fk_membership_uses_tenant_id_lot_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['membership_members.tenant_id', 'membership_members.id'], name=op.f('fk_membership_uses_tenant_id_member_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_membership_uses_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_membership_uses')),
    sa.UniqueConstraint('tenant_id', 'line_id', 'lot_id', name=op.f('uq_membership_uses_tenant_id_line_id_lot_id'))
    )
    op.create_index(op.f('ix_membership_uses_tenant_id_order_id'), 'membership_uses', ['tenant_id', 'order_id'], unique=False)
    op.create_index(op.f('ix_membership_uses_tenant_id_purchase_id'), 'membership_uses', ['tenant_id', 'purchase_id'], unique=False)
    op.create_table('membership_earnings',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('base_minor', sa.BigInteger(), nullable=False),
    sa.Column('refunded_before_minor', sa.BigInteger(), nullable=False),
    sa.Column('withdrawn', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('withdrawn between 0 and points', name=op.f('ck_membership_earnings_withdrawn')),
    sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['membership_members.tenant_id', 'membership_members.id'], name=op.f('fk_membership_earnings_tenant_id_member_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_membership_earnings_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_membership_earnings')),
    sa.UniqueConstraint('tenant_id', 'order_id', name=op.f('uq_membership_earnings_tenant_id_order_id'))
    )
    protect(*TABLES)


def downgrade() -> None:
    """Undo."""
    for table in reversed(TABLES):
        op.drop_table(table)

