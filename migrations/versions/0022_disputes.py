"""disputes between buyers and merchants"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0022'
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('conflicts',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('complaint_id', sa.Uuid(), nullable=True),
    sa.Column('opened_by', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('asked_minor', sa.BigInteger(), nullable=False),
    sa.Column('awarded_minor', sa.BigInteger(), nullable=False),
    sa.Column('extra_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('wants_mediation', sa.String(), nullable=False),
    sa.Column('mediator_id', sa.Uuid(), nullable=True),
    sa.Column('mediator', sa.String(), nullable=False),
    sa.Column('agreement', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('clause', sa.String(), nullable=False),
    sa.Column('is_fraud', sa.Boolean(), nullable=False),
    sa.Column('arbitration_agreement', sa.String(), nullable=False),
    sa.Column('elsewhere', sa.String(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('refund_id', sa.Uuid(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("opened_by in ('buyer','merchant','operator')", name=op.f('ck_conflicts_opened_by')),
    sa.CheckConstraint("state in ('negotiation','mediation','outside','arbitration','litigation','agreed','decided','concluded','withdrawn','closed')", name=op.f('ck_conflicts_state')),
    sa.CheckConstraint("wants_mediation in ('buyer','merchant','')", name=op.f('ck_conflicts_wants_mediation')),
    sa.CheckConstraint('awarded_minor >= 0 and asked_minor >= 0 and extra_minor >= 0', name=op.f('ck_conflicts_amounts')),
    sa.ForeignKeyConstraint(['tenant_id', 'complaint_id'], ['complaints.tenant_id', 'complaints.id'], name=op.f('fk_conflicts_tenant_id_complaint_id'), ondelete='SET NULL (complaint_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_conflicts_tenant_id_customer_id'), ondelete='SET NULL (customer_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_conflicts_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_conflicts_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'purchase_id'], ['purchases.tenant_id', 'purchases.id'], name=op.f('fk_conflicts_tenant_id_purchase_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_conflicts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_conflicts')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_conflicts_tenant_id_number'))
    )
    op.create_index(op.f('ix_conflicts_tenant_id_customer_id_id'), 'conflicts', ['tenant_id', 'customer_id', 'id'], unique=False)
    op.create_index(op.f('ix_conflicts_tenant_id_merchant_id_id'), 'conflicts', ['tenant_id', 'merchant_id', 'id'], unique=False)
    op.create_index(op.f('ix_conflicts_tenant_id_state_id'), 'conflicts', ['tenant_id', 'state', 'id'], unique=False)
    op.create_index('uq_conflicts_open', 'conflicts', ['tenant_id', 'order_id'], unique=True, postgresql_where=sa.text("state not in ('closed','withdrawn')"))
    op.create_table('conflict_bundles',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conflict_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'conflict_id'], ['conflicts.tenant_id', 'conflicts.id'], name=op.f('fk_conflict_bundles_tenant_id_conflict_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_conflict_bundles_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_conflict_bundles'))
    )
    op.create_index(op.f('ix_conflict_bundles_tenant_id_conflict_id_id'), 'conflict_bundles', ['tenant_id', 'conflict_id', 'id'], unique=False)
    op.create_table('conflict_messages',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conflict_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('offer_minor', sa.BigInteger(), nullable=True),
    sa.Column('offer_state', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("offer_state in ('open','accepted','replaced','')", name=op.f('ck_conflict_messages_offer_state')),
    sa.CheckConstraint("side in ('buyer','merchant','operator')", name=op.f('ck_conflict_messages_side')),
    sa.ForeignKeyConstraint(['tenant_id', 'conflict_id'], ['conflicts.tenant_id', 'conflicts.id'], name=op.f('fk_conflict_messages_tenant_id_conflict_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_conflict_messages_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_conflict_messages'))
    )
    op.create_index(op.f('ix_conflict_messages_tenant_id_conflict_id_id'), 'conflict_messages', ['tenant_id', 'conflict_id', 'id'], unique=False)
    protect(
        'conflict_bundles',
        'conflict_messages',
        'conflicts',
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_conflict_messages_tenant_id_conflict_id_id'), table_name='conflict_messages')
    op.drop_table('conflict_messages')
    op.drop_index(op.f('ix_conflict_bundles_tenant_id_conflict_id_id'), table_name='conflict_bundles')
    op.drop_table('conflict_bundles')
    op.drop_index('uq_conflicts_open', table_name='conflicts', postgresql_where=sa.text("state not in ('closed','withdrawn')"))
    op.drop_index(op.f('ix_conflicts_tenant_id_state_id'), table_name='conflicts')
    op.drop_index(op.f('ix_conflicts_tenant_id_merchant_id_id'), table_name='conflicts')
    op.drop_index(op.f('ix_conflicts_tenant_id_customer_id_id'), table_name='conflicts')
    op.drop_table('conflicts')
