"""after-sales"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0005'
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('aftersale_cases',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('asked_minor', sa.BigInteger(), nullable=True),
    sa.Column('offered_minor', sa.BigInteger(), nullable=True),
    sa.Column('variant_id', sa.Uuid(), nullable=True),
    sa.Column('is_sealed', sa.Boolean(), nullable=False),
    sa.Column('by_law', sa.Boolean(), nullable=False),
    sa.Column('is_lessened', sa.Boolean(), nullable=False),
    sa.Column('payer', sa.String(), nullable=False),
    sa.Column('return_address', sa.JSON(), nullable=False),
    sa.Column('label_id', sa.Uuid(), nullable=True),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('tracking', sa.String(), nullable=False),
    sa.Column('condition', sa.String(), nullable=False),
    sa.Column('refund_id', sa.Uuid(), nullable=True),
    sa.Column('parcel_id', sa.Uuid(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("condition in ('unknown','resell','scrap')", name=op.f('ck_aftersale_cases_condition')),
    sa.CheckConstraint("kind in ('refund','return','exchange','claim','repair')", name=op.f('ck_aftersale_cases_kind')),
    sa.CheckConstraint("payer in ('buyer','merchant')", name=op.f('ck_aftersale_cases_payer')),
    sa.CheckConstraint("state in ('requested','offered','approved','refused','sent_back','received','inspected','rejected','escalated','refunded','exchanged','repaired','closed')", name=op.f('ck_aftersale_cases_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_aftersale_cases_tenant_id_customer_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'label_id'], ['media.tenant_id', 'media.id'], name=op.f('fk_aftersale_cases_tenant_id_label_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_aftersale_cases_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_aftersale_cases_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'parcel_id'], ['parcels.tenant_id', 'parcels.id'], name=op.f('fk_aftersale_cases_tenant_id_parcel_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'refund_id'], ['refunds.tenant_id', 'refunds.id'], name=op.f('fk_aftersale_cases_tenant_id_refund_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'variant_id'], ['variants.tenant_id', 'variants.id'], name=op.f('fk_aftersale_cases_tenant_id_variant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_aftersale_cases_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_aftersale_cases')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_aftersale_cases_tenant_id_key')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_aftersale_cases_tenant_id_number'))
    )
    op.create_index(op.f('ix_aftersale_cases_tenant_id'), 'aftersale_cases', ['tenant_id', sa.literal_column('id desc')], unique=False)
    op.create_index(op.f('ix_aftersale_cases_tenant_id_merchant_id_state'), 'aftersale_cases', ['tenant_id', 'merchant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_index(op.f('ix_aftersale_cases_tenant_id_order_id'), 'aftersale_cases', ['tenant_id', 'order_id'], unique=False)
    op.create_index(op.f('ix_aftersale_cases_tenant_id_state'), 'aftersale_cases', ['tenant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_table('aftersale_lines',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_aftersale_lines_quantity')),
    sa.ForeignKeyConstraint(['tenant_id', 'case_id'], ['aftersale_cases.tenant_id', 'aftersale_cases.id'], name=op.f('fk_aftersale_lines_tenant_id_case_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'line_id'], ['order_lines.tenant_id', 'order_lines.id'], name=op.f('fk_aftersale_lines_tenant_id_line_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_aftersale_lines_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_aftersale_lines')),
    sa.UniqueConstraint('tenant_id', 'case_id', 'line_id', name=op.f('uq_aftersale_lines_tenant_id_case_id_line_id'))
    )
    op.create_index(op.f('ix_aftersale_lines_tenant_id_line_id'), 'aftersale_lines', ['tenant_id', 'line_id'], unique=False)
    op.create_table('aftersale_moments',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('by_kind', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'case_id'], ['aftersale_cases.tenant_id', 'aftersale_cases.id'], name=op.f('fk_aftersale_moments_tenant_id_case_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_aftersale_moments_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_aftersale_moments'))
    )
    op.create_index(op.f('ix_aftersale_moments_tenant_id_case_id_id'), 'aftersale_moments', ['tenant_id', 'case_id', 'id'], unique=False)
    op.create_table('aftersale_photos',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('media_id', sa.Uuid(), nullable=False),
    sa.Column('by_kind', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'case_id'], ['aftersale_cases.tenant_id', 'aftersale_cases.id'], name=op.f('fk_aftersale_photos_tenant_id_case_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'media_id'], ['media.tenant_id', 'media.id'], name=op.f('fk_aftersale_photos_tenant_id_media_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_aftersale_photos_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_aftersale_photos')),
    sa.UniqueConstraint('tenant_id', 'case_id', 'media_id', name=op.f('uq_aftersale_photos_tenant_id_case_id_media_id'))
    )
    op.create_table('return_exclusions',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('category_id', sa.Uuid(), nullable=True),
    sa.Column('listing_id', sa.Uuid(), nullable=True),
    sa.Column('ground', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("ground in ('custom_made','perishable','hygiene','digital','press','recordings')", name=op.f('ck_return_exclusions_ground')),
    sa.CheckConstraint('num_nonnulls(category_id, listing_id) = 1', name=op.f('ck_return_exclusions_subject')),
    sa.ForeignKeyConstraint(['tenant_id', 'category_id'], ['categories.tenant_id', 'categories.id'], name=op.f('fk_return_exclusions_tenant_id_category_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'listing_id'], ['listings.tenant_id', 'listings.id'], name=op.f('fk_return_exclusions_tenant_id_listing_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_return_exclusions_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_return_exclusions')),
    sa.UniqueConstraint('tenant_id', 'category_id', name=op.f('uq_return_exclusions_tenant_id_category_id')),
    sa.UniqueConstraint('tenant_id', 'listing_id', name=op.f('uq_return_exclusions_tenant_id_listing_id'))
    )
    protect(
        'aftersale_cases',
        'aftersale_lines',
        'aftersale_moments',
        'aftersale_photos',
        'return_exclusions',
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table('return_exclusions')
    op.drop_table('aftersale_photos')
    op.drop_index(op.f('ix_aftersale_moments_tenant_id_case_id_id'), table_name='aftersale_moments')
    op.drop_table('aftersale_moments')
    op.drop_index(op.f('ix_aftersale_lines_tenant_id_line_id'), table_name='aftersale_lines')
    op.drop_table('aftersale_lines')
    op.drop_index(op.f('ix_aftersale_cases_tenant_id'), table_name='aftersale_cases')
    op.drop_index(op.f('ix_aftersale_cases_tenant_id_merchant_id_state'), table_name='aftersale_cases')
    op.drop_index(op.f('ix_aftersale_cases_tenant_id_order_id'), table_name='aftersale_cases')
    op.drop_index(op.f('ix_aftersale_cases_tenant_id_state'), table_name='aftersale_cases')
    op.drop_table('aftersale_cases')
