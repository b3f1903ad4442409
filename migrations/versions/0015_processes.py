"""policies, and records that processes hold"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0015'
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('policy_versions',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.Column('summaries', sa.JSON(), nullable=False),
    sa.Column('is_weighty', sa.Boolean(), nullable=False),
    sa.Column('weight_reason', sa.String(), nullable=False),
    sa.Column('adaptation_days', sa.Integer(), nullable=False),
    sa.Column('commented_texts', sa.JSON(), nullable=False),
    sa.Column('correction', sa.String(), nullable=False),
    sa.Column('withdrawal', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('comment_opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('comment_closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answers_published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('notified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('draft','review','comment','closed','approved','published','in_force','superseded','withdrawn')", name=op.f('ck_policy_versions_state')),
    sa.CheckConstraint('number > 0', name=op.f('ck_policy_versions_number')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_policy_versions_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_policy_versions')),
    sa.UniqueConstraint('tenant_id', 'kind', 'number', name=op.f('uq_policy_versions_tenant_id_kind_number'))
    )
    op.create_index(op.f('ix_policy_versions_tenant_id_state_kind'), 'policy_versions', ['tenant_id', 'state', 'kind'], unique=False)
    op.create_index('uq_policy_versions_in_force', 'policy_versions', ['tenant_id', 'kind'], unique=True, postgresql_where=sa.text("state = 'in_force'"))
    op.create_index('uq_policy_versions_open', 'policy_versions', ['tenant_id', 'kind'], unique=True, postgresql_where=sa.text("state in ('draft','review','comment','closed','approved','published')"))
    op.create_table('policy_exits',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('objected_number', sa.Integer(), nullable=False),
    sa.Column('governing_number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settle_by', sa.Date(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('leaving','left','stayed')", name=op.f('ck_policy_exits_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_policy_exits_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'version_id'], ['policy_versions.tenant_id', 'policy_versions.id'], name=op.f('fk_policy_exits_tenant_id_version_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_policy_exits_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_policy_exits'))
    )
    op.create_index(op.f('ix_policy_exits_tenant_id_state_id'), 'policy_exits', ['tenant_id', 'state', 'id'], unique=False)
    op.create_index('uq_policy_exits_leaving', 'policy_exits', ['tenant_id', 'merchant_id'], unique=True, postgresql_where=sa.text("state = 'leaving'"))
    op.create_table('policy_acceptances',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state in ('pending','accepted','objected','silent')", name=op.f('ck_policy_acceptances_state')),
    sa.CheckConstraint('merchant_id is null or customer_id is null', name=op.f('ck_policy_acceptances_one')),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_policy_acceptances_tenant_id_customer_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_policy_acceptances_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'version_id'], ['policy_versions.tenant_id', 'policy_versions.id'], name=op.f('fk_policy_acceptances_tenant_id_version_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_policy_acceptances_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_policy_acceptances')),
    sa.UniqueConstraint('tenant_id', 'version_id', 'customer_id', name=op.f('uq_policy_acceptances_tenant_id_version_id_customer_id')),
    sa.UniqueConstraint('tenant_id', 'version_id', 'merchant_id', name=op.f('uq_policy_acceptances_tenant_id_version_id_merchant_id'))
    )
    op.create_index(op.f('ix_policy_acceptances_tenant_id_customer_id'), 'policy_acceptances', ['tenant_id', 'customer_id'], unique=False)
    op.create_index(op.f('ix_policy_acceptances_tenant_id_merchant_id_state'), 'policy_acceptances', ['tenant_id', 'merchant_id', 'state'], unique=False)
    op.create_index(op.f('ix_policy_acceptances_tenant_id_version_id_state_id'), 'policy_acceptances', ['tenant_id', 'version_id', 'state', 'id'], unique=False)
    op.create_table('policy_comments',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("outcome in ('taken','partly','not_taken','')", name=op.f('ck_policy_comments_outcome')),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_policy_comments_tenant_id_customer_id'), ondelete='SET NULL (customer_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_policy_comments_tenant_id_merchant_id'), ondelete='SET NULL (merchant_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'version_id'], ['policy_versions.tenant_id', 'policy_versions.id'], name=op.f('fk_policy_comments_tenant_id_version_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_policy_comments_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_policy_comments'))
    )
    op.create_index(op.f('ix_policy_comments_tenant_id_customer_id'), 'policy_comments', ['tenant_id', 'customer_id'], unique=False)
    op.create_index(op.f('ix_policy_comments_tenant_id_version_id_id'), 'policy_comments', ['tenant_id', 'version_id', 'id'], unique=False)
    op.add_column('compliance_records', sa.Column('source_kind', sa.String(), server_default='', nullable=False))
    op.alter_column('compliance_records', 'source_kind', server_default=None)
    op.add_column('compliance_records', sa.Column('source_id', sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f('uq_compliance_records_tenant_id_source_id_rule'), 'compliance_records', ['tenant_id', 'source_id', 'rule'])
    protect(
        'policy_acceptances',
        'policy_comments',
        'policy_exits',
        'policy_versions',
    )


def downgrade() -> None:
    """Undo."""
    op.drop_constraint(op.f('uq_compliance_records_tenant_id_source_id_rule'), 'compliance_records', type_='unique')
    op.drop_column('compliance_records', 'source_id')
    op.drop_column('compliance_records', 'source_kind')
    op.drop_index(op.f('ix_policy_comments_tenant_id_version_id_id'), table_name='policy_comments')
    op.drop_index(op.f('ix_policy_comments_tenant_id_customer_id'), table_name='policy_comments')
    op.drop_table('policy_comments')
    op.drop_index(op.f('ix_policy_acceptances_tenant_id_version_id_state_id'), table_name='policy_acceptances')
    op.drop_index(op.f('ix_policy_acceptances_tenant_id_merchant_id_state'), table_name='policy_acceptances')
    op.drop_index(op.f('ix_policy_acceptances_tenant_id_customer_id'), table_name='policy_acceptances')
    op.drop_table('policy_acceptances')
    op.drop_index('uq_policy_exits_leaving', table_name='policy_exits', postgresql_where=sa.text("state = 'leaving'"))
    op.drop_index(op.f('ix_policy_exits_tenant_id_state_id'), table_name='policy_exits')
    op.drop_table('policy_exits')
    op.drop_index('uq_policy_versions_open', table_name='policy_versions', postgresql_where=sa.text("state in ('draft','review','comment','closed','approved','published')"))
    op.drop_index('uq_policy_versions_in_force', table_name='policy_versions', postgresql_where=sa.text("state = 'in_force'"))
    op.drop_index(op.f('ix_policy_versions_tenant_id_state_kind'), table_name='policy_versions')
    op.drop_table('policy_versions')
