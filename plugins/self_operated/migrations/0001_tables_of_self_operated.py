"""tables of own goods"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('self_operated_costs',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('offer_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('sold', sa.Integer(), nullable=False),
    sa.Column('costed', sa.Integer(), nullable=False),
    sa.Column('cost_minor', sa.BigInteger(), nullable=False),
    sa.Column('sellable', sa.Integer(), nullable=False),
    sa.Column('scrapped', sa.Integer(), nullable=False),
    sa.Column('lost', sa.Integer(), nullable=False),
    sa.Column('back_minor', sa.BigInteger(), nullable=False),
    sa.Column('account', sa.String(), nullable=False),
    sa.CheckConstraint("account in ('shipped','cogs')", name=op.f('ck_self_operated_costs_account')),
    sa.CheckConstraint('back_minor between 0 and cost_minor', name=op.f('ck_self_operated_costs_back')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_self_operated_costs_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_self_operated_costs')),
    sa.UniqueConstraint('tenant_id', 'order_id', 'offer_id', name=op.f('uq_self_operated_costs_tenant_id_order_id_offer_id'))
    )
    op.create_index(op.f('ix_self_operated_costs_tenant_id_offer_id'), 'self_operated_costs', ['tenant_id', 'offer_id'], unique=False)
    op.create_table('self_operated_counts',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('open','submitted','approved','lapsed')", name=op.f('ck_self_operated_counts_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_self_operated_counts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_self_operated_counts'))
    )
    op.create_index(op.f('ix_self_operated_counts_tenant_id_state'), 'self_operated_counts', ['tenant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_table('self_operated_items',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('offer_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('on_hand', sa.Integer(), nullable=False),
    sa.Column('value_minor', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('on_hand > 0 or value_minor = 0', name=op.f('ck_self_operated_items_nothing_is_worth_nothing')),
    sa.CheckConstraint('on_hand >= 0', name=op.f('ck_self_operated_items_on_hand')),
    sa.CheckConstraint('value_minor >= 0', name=op.f('ck_self_operated_items_value')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_self_operated_items_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_self_operated_items')),
    sa.UniqueConstraint('tenant_id', 'offer_id', name=op.f('uq_self_operated_items_tenant_id_offer_id'))
    )
    op.create_table('self_operated_movements',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('offer_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('value_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('receipt','ship','restock','damage','count','reverse')", name=op.f('ck_self_operated_movements_kind')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_self_operated_movements_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_self_operated_movements')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_self_operated_movements_tenant_id_key'))
    )
    op.create_index(op.f('ix_self_operated_movements_tenant_id_at'), 'self_operated_movements', ['tenant_id', 'at'], unique=False)
    op.create_index(op.f('ix_self_operated_movements_tenant_id_offer_id'), 'self_operated_movements', ['tenant_id', 'offer_id', sa.literal_column('id desc')], unique=False)
    op.create_table('self_operated_receipts',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('supplier_name', sa.String(), nullable=False),
    sa.Column('is_person', sa.Boolean(), nullable=False),
    sa.Column('supplier_ref', sa.String(), nullable=False),
    sa.Column('external_key', sa.String(), nullable=True),
    sa.Column('is_on_shelf', sa.Boolean(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('freight_minor', sa.BigInteger(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('posted_by', sa.String(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('draft','posted','reversed')", name=op.f('ck_self_operated_receipts_state')),
    sa.CheckConstraint('freight_minor >= 0', name=op.f('ck_self_operated_receipts_freight')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_self_operated_receipts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_self_operated_receipts')),
    sa.UniqueConstraint('tenant_id', 'external_key', name=op.f('uq_self_operated_receipts_tenant_id_external_key')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_self_operated_receipts_tenant_id_number'))
    )
    op.create_index(op.f('ix_self_operated_receipts_tenant_id_state'), 'self_operated_receipts', ['tenant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_table('self_operated_count_lines',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('count_id', sa.Uuid(), nullable=False),
    sa.Column('offer_id', sa.Uuid(), nullable=False),
    sa.Column('expected', sa.Integer(), nullable=True),
    sa.Column('shelf', sa.Integer(), nullable=True),
    sa.Column('counted', sa.Integer(), nullable=True),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.CheckConstraint('counted >= 0', name=op.f('ck_self_operated_count_lines_counted')),
    sa.ForeignKeyConstraint(['tenant_id', 'count_id'], ['self_operated_counts.tenant_id', 'self_operated_counts.id'], name=op.f('fk_self_operated_count_lines_tenant_id_count_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_self_operated_count_lines_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_self_operated_count_lines')),
    sa.UniqueConstraint('tenant_id', 'count_id', 'offer_id', name=op.f('uq_self_operated_count_lines_tenant_id_count_id_offer_id'))
    )
    op.create_index('uq_self_operated_count_lines_open', 'self_operated_count_lines', ['tenant_id', 'offer_id'], unique=True, postgresql_where=sa.text('is_open'))
    op.create_table('self_operated_receipt_lines',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('receipt_id', sa.Uuid(), nullable=False),
    sa.Column('offer_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit_cost_minor', sa.BigInteger(), nullable=False),
    sa.Column('landed_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_self_operated_receipt_lines_quantity')),
    sa.CheckConstraint('unit_cost_minor >= 0', name=op.f('ck_self_operated_receipt_lines_unit_cost')),
    sa.ForeignKeyConstraint(['tenant_id', 'receipt_id'], ['self_operated_receipts.tenant_id', 'self_operated_receipts.id'], name=op.f('fk_self_operated_receipt_lines_tenant_id_receipt_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_self_operated_receipt_lines_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_self_operated_receipt_lines'))
    )
    op.create_index(op.f('ix_self_operated_receipt_lines_tenant_id_receipt_id_position'), 'self_operated_receipt_lines', ['tenant_id', 'receipt_id', 'position'], unique=False)
    protect(
        'self_operated_costs',
        'self_operated_counts',
        'self_operated_items',
        'self_operated_movements',
        'self_operated_receipts',
        'self_operated_count_lines',
        'self_operated_receipt_lines',
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_self_operated_receipt_lines_tenant_id_receipt_id_position'), table_name='self_operated_receipt_lines')
    op.drop_table('self_operated_receipt_lines')
    op.drop_index('uq_self_operated_count_lines_open', table_name='self_operated_count_lines', postgresql_where=sa.text('is_open'))
    op.drop_table('self_operated_count_lines')
    op.drop_index(op.f('ix_self_operated_receipts_tenant_id_state'), table_name='self_operated_receipts')
    op.drop_table('self_operated_receipts')
    op.drop_index(op.f('ix_self_operated_movements_tenant_id_offer_id'), table_name='self_operated_movements')
    op.drop_index(op.f('ix_self_operated_movements_tenant_id_at'), table_name='self_operated_movements')
    op.drop_table('self_operated_movements')
    op.drop_table('self_operated_items')
    op.drop_index(op.f('ix_self_operated_counts_tenant_id_state'), table_name='self_operated_counts')
    op.drop_table('self_operated_counts')
    op.drop_index(op.f('ix_self_operated_costs_tenant_id_offer_id'), table_name='self_operated_costs')
    op.drop_table('self_operated_costs')
