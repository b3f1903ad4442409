"""complaints, notices of right holders"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0021'
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('complaint_replies',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_complaint_replies_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_complaint_replies')),
    sa.UniqueConstraint('tenant_id', 'title', name=op.f('uq_complaint_replies_tenant_id_title'))
    )
    op.create_table('rights_notices',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('right_kind', sa.String(), nullable=False),
    sa.Column('right_number', sa.String(), nullable=False),
    sa.Column('holder', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('locale', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('measure', sa.String(), nullable=False),
    sa.Column('counter', sa.String(), nullable=False),
    sa.Column('counter_evidence', sa.String(), nullable=False),
    sa.Column('action_proof', sa.String(), nullable=False),
    sa.Column('excused_days', sa.Integer(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('measure_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('forwarded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('countered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('action_proof_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("right_kind in ('trademark','copyright','patent','design','other')", name=op.f('ck_rights_notices_right_kind')),
    sa.CheckConstraint("state in ('received','incomplete','acted','countered','upheld','lifted','refused')", name=op.f('ck_rights_notices_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'listing_id'], ['listings.tenant_id', 'listings.id'], name=op.f('fk_rights_notices_tenant_id_listing_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_rights_notices_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_rights_notices_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_rights_notices')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_rights_notices_tenant_id_number'))
    )
    op.create_index(op.f('ix_rights_notices_tenant_id_listing_id'), 'rights_notices', ['tenant_id', 'listing_id'], unique=False)
    op.create_index(op.f('ix_rights_notices_tenant_id_merchant_id_id'), 'rights_notices', ['tenant_id', 'merchant_id', 'id'], unique=False)
    op.create_index(op.f('ix_rights_notices_tenant_id_state_id'), 'rights_notices', ['tenant_id', 'state', 'id'], unique=False)
    op.create_table('complaints',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('listing_id', sa.Uuid(), nullable=True),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('locale', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('wish', sa.String(), nullable=False),
    sa.Column('about_on', sa.Date(), nullable=True),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('owner_name', sa.String(), nullable=False),
    sa.Column('offer', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('clause', sa.String(), nullable=False),
    sa.Column('remedy', sa.String(), nullable=False),
    sa.Column('proof', sa.String(), nullable=False),
    sa.Column('cause', sa.String(), nullable=False),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remedied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('measure_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind in ('consumer','business','illegal','privacy')", name=op.f('ck_complaints_kind')),
    sa.CheckConstraint("offer in ('refund','exchange','repair','reduction','explanation','refusal','')", name=op.f('ck_complaints_offer')),
    sa.CheckConstraint("outcome in ('upheld','partly','rejected','')", name=op.f('ck_complaints_outcome')),
    sa.CheckConstraint("remedy in ('none','refund','exchange','repair','reduction','other','')", name=op.f('ck_complaints_remedy')),
    sa.CheckConstraint("state in ('filed','acknowledged','with_merchant','answered','settled','platform_decides','decided','remedied','closed','withdrawn','disputed')", name=op.f('ck_complaints_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_complaints_tenant_id_customer_id'), ondelete='SET NULL (customer_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'listing_id'], ['listings.tenant_id', 'listings.id'], name=op.f('fk_complaints_tenant_id_listing_id'), ondelete='SET NULL (listing_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_complaints_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_complaints_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_complaints_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_complaints')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_complaints_tenant_id_number'))
    )
    op.create_index('ix_complaints_due', 'complaints', ['tenant_id', 'due_at'], unique=False, postgresql_where=sa.text('due_at is not null'))
    op.create_index(op.f('ix_complaints_tenant_id_customer_id_id'), 'complaints', ['tenant_id', 'customer_id', 'id'], unique=False)
    op.create_index(op.f('ix_complaints_tenant_id_merchant_id_id'), 'complaints', ['tenant_id', 'merchant_id', 'id'], unique=False)
    op.create_index(op.f('ix_complaints_tenant_id_order_id'), 'complaints', ['tenant_id', 'order_id'], unique=False)
    op.create_index(op.f('ix_complaints_tenant_id_state_id'), 'complaints', ['tenant_id', 'state', 'id'], unique=False)
    op.create_table('complaint_messages',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('complaint_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('is_internal', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("side in ('complainant','merchant','operator')", name=op.f('ck_complaint_messages_side')),
    sa.ForeignKeyConstraint(['tenant_id', 'complaint_id'], ['complaints.tenant_id', 'complaints.id'], name=op.f('fk_complaint_messages_tenant_id_complaint_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_complaint_messages_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_complaint_messages'))
    )
    op.create_index(op.f('ix_complaint_messages_tenant_id_complaint_id_id'), 'complaint_messages', ['tenant_id', 'complaint_id', 'id'], unique=False)
    protect(
        'complaint_messages',
        'complaint_replies',
        'complaints',
        'rights_notices',
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_complaint_messages_tenant_id_complaint_id_id'), table_name='complaint_messages')
    op.drop_table('complaint_messages')
    op.drop_index(op.f('ix_complaints_tenant_id_state_id'), table_name='complaints')
    op.drop_index(op.f('ix_complaints_tenant_id_order_id'), table_name='complaints')
    op.drop_index(op.f('ix_complaints_tenant_id_merchant_id_id'), table_name='complaints')
    op.drop_index(op.f('ix_complaints_tenant_id_customer_id_id'), table_name='complaints')
    op.drop_index('ix_complaints_due', table_name='complaints', postgresql_where=sa.text('due_at is not null'))
    op.drop_table('complaints')
    op.drop_index(op.f('ix_rights_notices_tenant_id_state_id'), table_name='rights_notices')
    op.drop_index(op.f('ix_rights_notices_tenant_id_merchant_id_id'), table_name='rights_notices')
    op.drop_index(op.f('ix_rights_notices_tenant_id_listing_id'), table_name='rights_notices')
    op.drop_table('rights_notices')
    op.drop_table('complaint_replies')
