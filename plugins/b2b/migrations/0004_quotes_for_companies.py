"""quotes for companies"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

TABLES = ('b2b_quotes', 'b2b_quote_revisions',)


def upgrade() -> None:
    """Apply."""
    op.create_table('b2b_quotes',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('is_held', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('asked','offered','accepted','declined','withdrawn','expired')", name=op.f('ck_b2b_quotes_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'author_id'], ['b2b_members.tenant_id', 'b2b_members.id'], name=op.f('fk_b2b_quotes_tenant_id_author_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'company_id'], ['b2b_companies.tenant_id', 'b2b_companies.id'], name=op.f('fk_b2b_quotes_tenant_id_company_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_quotes_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_quotes')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_b2b_quotes_tenant_id_number'))
    )
    op.create_index('ix_b2b_quotes_due', 'b2b_quotes', ['tenant_id', 'expires_at'], unique=False, postgresql_where=sa.text("state in ('asked','offered')"))
    op.create_index(op.f('ix_b2b_quotes_tenant_id_company_id'), 'b2b_quotes', ['tenant_id', 'company_id', sa.literal_column('id desc')], unique=False)
    op.create_index(op.f('ix_b2b_quotes_tenant_id_merchant_id_state'), 'b2b_quotes', ['tenant_id', 'merchant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_table('b2b_quote_revisions',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('quote_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('freight_minor', sa.BigInteger(), nullable=True),
    sa.Column('message', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("side in ('company','merchant')", name=op.f('ck_b2b_quote_revisions_side')),
    sa.CheckConstraint('freight_minor >= 0', name=op.f('ck_b2b_quote_revisions_freight')),
    sa.ForeignKeyConstraint(['tenant_id', 'quote_id'], ['b2b_quotes.tenant_id', 'b2b_quotes.id'], name=op.f('fk_b2b_quote_revisions_tenant_id_quote_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_quote_revisions_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_quote_revisions')),
    sa.UniqueConstraint('tenant_id', 'quote_id', 'revision', name=op.f('uq_b2b_quote_revisions_tenant_id_quote_id_revision'))
    )
    protect(*TABLES)


def downgrade() -> None:
    """Undo."""
    for table in reversed(TABLES):
        op.drop_table(table)
