"""prices for companies"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

TABLES = ('b2b_price_lists', 'b2b_list_companies', 'b2b_prices', 'b2b_quantity_rules',)


def upgrade() -> None:
    """Apply."""
    op.create_table('b2b_price_lists',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('is_for_all', sa.Boolean(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_price_lists_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_price_lists')),
    sa.UniqueConstraint('tenant_id', 'merchant_id', 'name', name=op.f('uq_b2b_price_lists_tenant_id_merchant_id_name'))
    )
    op.create_index(op.f('ix_b2b_price_lists_tenant_id_merchant_id'), 'b2b_price_lists', ['tenant_id', 'merchant_id', sa.literal_column('id desc')], unique=False)
    op.create_table('b2b_list_companies',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('list_id', sa.Uuid(), nullable=False),
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'company_id'], ['b2b_companies.tenant_id', 'b2b_companies.id'], name=op.f('fk_b2b_list_companies_tenant_id_company_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'list_id'], ['b2b_price_lists.tenant_id', 'b2b_price_lists.id'], name=op.f('fk_b2b_list_companies_tenant_id_list_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_list_companies_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_list_companies')),
    sa.UniqueConstraint('tenant_id', 'list_id', 'company_id', name=op.f('uq_b2b_list_companies_tenant_id_list_id_company_id'))
    )
    op.create_index(op.f('ix_b2b_list_companies_tenant_id_company_id'), 'b2b_list_companies', ['tenant_id', 'company_id'], unique=False)
    op.create_table('b2b_prices',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('list_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('from_quantity', sa.Integer(), nullable=False),
    sa.Column('unit_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.CheckConstraint('from_quantity >= 1', name=op.f('ck_b2b_prices_from_quantity')),
    sa.CheckConstraint('unit_minor >= 0', name=op.f('ck_b2b_prices_unit')),
    sa.ForeignKeyConstraint(['tenant_id', 'list_id'], ['b2b_price_lists.tenant_id', 'b2b_price_lists.id'], name=op.f('fk_b2b_prices_tenant_id_list_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_prices_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_prices')),
    sa.UniqueConstraint('tenant_id', 'list_id', 'variant_id', 'from_quantity', name=op.f('uq_b2b_prices_tenant_id_list_id_variant_id_from_quantity'))
    )
    op.create_index(op.f('ix_b2b_prices_tenant_id_variant_id'), 'b2b_prices', ['tenant_id', 'variant_id'], unique=False)
    op.create_table('b2b_quantity_rules',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('minimum', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.CheckConstraint('minimum >= 1', name=op.f('ck_b2b_quantity_rules_minimum')),
    sa.CheckConstraint('step >= 1', name=op.f('ck_b2b_quantity_rules_step')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_quantity_rules_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_quantity_rules')),
    sa.UniqueConstraint('tenant_id', 'variant_id', name=op.f('uq_b2b_quantity_rules_tenant_id_variant_id'))
    )
    op.create_index(op.f('ix_b2b_quantity_rules_tenant_id_merchant_id'), 'b2b_quantity_rules', ['tenant_id', 'merchant_id'], unique=False)
    protect(*TABLES)


def downgrade() -> None:
    """Undo."""
    for table in reversed(TABLES):
        op.drop_table(table)
