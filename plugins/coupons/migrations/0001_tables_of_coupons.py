"""tables of coupons"""

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
    op.create_table('coupons_coupons',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('percent_bps', sa.Integer(), nullable=True),
    sa.Column('minimum_minor', sa.BigInteger(), nullable=True),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('shop_id', sa.Uuid(), nullable=True),
    sa.Column('platform_bps', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('total_uses', sa.Integer(), nullable=True),
    sa.Column('uses_per_customer', sa.Integer(), nullable=True),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(amount_minor is null) <> (percent_bps is null)', name=op.f('ck_coupons_coupons_one_value')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_coupons_coupons_amount')),
    sa.CheckConstraint('percent_bps between 1 and 10000', name=op.f('ck_coupons_coupons_percent')),
    sa.CheckConstraint('platform_bps between 0 and 10000', name=op.f('ck_coupons_coupons_platform')),
    sa.CheckConstraint('used >= 0', name=op.f('ck_coupons_coupons_used')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_coupons_coupons_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_coupons_coupons')),
    sa.UniqueConstraint('tenant_id', 'code', name=op.f('uq_coupons_coupons_tenant_id_code'))
    )
    op.create_index(op.f('ix_coupons_coupons_tenant_id_merchant_id'), 'coupons_coupons', ['tenant_id', 'merchant_id', sa.literal_column('id desc')], unique=False)
    op.create_table('coupons_redemptions',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('coupon_id', sa.Uuid(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'coupon_id'], ['coupons_coupons.tenant_id', 'coupons_coupons.id'], name=op.f('fk_coupons_redemptions_tenant_id_coupon_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_coupons_redemptions_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_coupons_redemptions')),
    sa.UniqueConstraint('tenant_id', 'coupon_id', 'purchase_id', name=op.f('uq_coupons_redemptions_tenant_id_coupon_id_purchase_id'))
    )
    op.create_index(op.f('ix_coupons_redemptions_tenant_id_customer_id'), 'coupons_redemptions', ['tenant_id', 'customer_id'], unique=False)
    op.create_index(op.f('ix_coupons_redemptions_tenant_id_purchase_id'), 'coupons_redemptions', ['tenant_id', 'purchase_id'], unique=False)
    protect(
        'coupons_coupons',
        'coupons_redemptions',
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_coupons_redemptions_tenant_id_purchase_id'), table_name='coupons_redemptions')
    op.drop_index(op.f('ix_coupons_redemptions_tenant_id_customer_id'), table_name='coupons_redemptions')
    op.drop_table('coupons_redemptions')
    op.drop_index(op.f('ix_coupons_coupons_tenant_id_merchant_id'), table_name='coupons_coupons')
    op.drop_table('coupons_coupons')
