"""tables of companies"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

TABLES = ('b2b_companies', 'b2b_locations', 'b2b_members', 'b2b_invitations', 'b2b_bought',)


def upgrade() -> None:
    """Apply."""
    op.create_table('b2b_companies',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('reg_no', sa.String(), nullable=False),
    sa.Column('tax_no', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('invoice_email', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('applied','active','rejected','closed')", name=op.f('ck_b2b_companies_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_companies_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_companies')),
    sa.UniqueConstraint('tenant_id', 'country', 'reg_no', name=op.f('uq_b2b_companies_tenant_id_country_reg_no'))
    )
    op.create_index(op.f('ix_b2b_companies_tenant_id_state'), 'b2b_companies', ['tenant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_table('b2b_locations',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('cost_centre', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'company_id'], ['b2b_companies.tenant_id', 'b2b_companies.id'], name=op.f('fk_b2b_locations_tenant_id_company_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_locations_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_locations')),
    sa.UniqueConstraint('tenant_id', 'company_id', 'name', name=op.f('uq_b2b_locations_tenant_id_company_id_name'))
    )
    op.create_table('b2b_members',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('order_limit_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role in ('buyer','approver','admin')", name=op.f('ck_b2b_members_role')),
    sa.CheckConstraint('order_limit_minor >= 0', name=op.f('ck_b2b_members_limit')),
    sa.ForeignKeyConstraint(['tenant_id', 'company_id'], ['b2b_companies.tenant_id', 'b2b_companies.id'], name=op.f('fk_b2b_members_tenant_id_company_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_members_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_members')),
    sa.UniqueConstraint('tenant_id', 'company_id', 'customer_id', name=op.f('uq_b2b_members_tenant_id_company_id_customer_id'))
    )
    op.create_index('uq_b2b_members_active', 'b2b_members', ['tenant_id', 'customer_id'], unique=True, postgresql_where=sa.text('is_active'))
    op.create_table('b2b_invitations',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('email_key', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('order_limit_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role in ('buyer','approver','admin')", name=op.f('ck_b2b_invitations_role')),
    sa.CheckConstraint('order_limit_minor >= 0', name=op.f('ck_b2b_invitations_limit')),
    sa.ForeignKeyConstraint(['tenant_id', 'company_id'], ['b2b_companies.tenant_id', 'b2b_companies.id'], name=op.f('fk_b2b_invitations_tenant_id_company_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_invitations_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_invitations')),
    sa.UniqueConstraint('tenant_id', 'company_id', 'email_key', name=op.f('uq_b2b_invitations_tenant_id_company_id_email_key'))
    )
    op.create_index(op.f('ix_b2b_invitations_tenant_id_email_key'), 'b2b_invitations', ['tenant_id', 'email_key'], unique=False)
    op.create_index(op.f('ix_b2b_invitations_tenant_id_expires_at'), 'b2b_invitations', ['tenant_id', 'expires_at'], unique=False)
    op.create_table('b2b_bought',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('order_number', sa.String(), nullable=False),
    sa.Column('location', sa.String(), nullable=False),
    sa.Column('cost_centre', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'company_id'], ['b2b_companies.tenant_id', 'b2b_companies.id'], name=op.f('fk_b2b_bought_tenant_id_company_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['b2b_members.tenant_id', 'b2b_members.id'], name=op.f('fk_b2b_bought_tenant_id_member_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_bought_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_bought')),
    sa.UniqueConstraint('tenant_id', 'purchase_id', name=op.f('uq_b2b_bought_tenant_id_purchase_id'))
    )
    op.create_index(op.f('ix_b2b_bought_tenant_id_company_id'), 'b2b_bought', ['tenant_id', 'company_id', sa.literal_column('id desc')], unique=False)
    protect(*TABLES)


def downgrade() -> None:
    """Undo."""
    for table in reversed(TABLES):
        op.drop_table(table)
