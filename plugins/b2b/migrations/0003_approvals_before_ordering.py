"""approvals before ordering"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

TABLES = ('b2b_requisitions',)


def upgrade() -> None:
    """Apply."""
    op.create_table('b2b_requisitions',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('approver_id', sa.Uuid(), nullable=True),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('waiting','approved','rejected','withdrawn','lapsed','placed')", name=op.f('ck_b2b_requisitions_state')),
    sa.CheckConstraint('total_minor >= 0', name=op.f('ck_b2b_requisitions_total')),
    sa.ForeignKeyConstraint(['tenant_id', 'author_id'], ['b2b_members.tenant_id', 'b2b_members.id'], name=op.f('fk_b2b_requisitions_tenant_id_author_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'company_id'], ['b2b_companies.tenant_id', 'b2b_companies.id'], name=op.f('fk_b2b_requisitions_tenant_id_company_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_b2b_requisitions_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_b2b_requisitions'))
    )
    op.create_index('ix_b2b_requisitions_due', 'b2b_requisitions', ['tenant_id', 'expires_at'], unique=False, postgresql_where=sa.text("state in ('waiting','approved')"))
    op.create_index(op.f('ix_b2b_requisitions_tenant_id_company_id_state'), 'b2b_requisitions', ['tenant_id', 'company_id', 'state', sa.literal_column('id desc')], unique=False)
    protect(*TABLES)


def downgrade() -> None:
    """Undo."""
    for table in reversed(TABLES):
        op.drop_table(table)
