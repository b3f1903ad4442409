"""compliance"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.db
from migrations.ops import append_only, protect

revision = '0009'
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('compliance_answers',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=True),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_answers_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_answers')),
    sa.UniqueConstraint('tenant_id', 'subject_id', 'path', name=op.f('uq_compliance_answers_tenant_id_subject_id_path'))
    )
    op.create_table('compliance_evidence',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=True),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('snapshot', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('txid', core.kernel.db.TransactionId(), server_default=sa.text('pg_current_xact_id()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_evidence_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_evidence'))
    )
    op.create_index(op.f('ix_compliance_evidence_tenant_id_rule_id'), 'compliance_evidence', ['tenant_id', 'rule', 'id'], unique=False)
    op.create_index(op.f('ix_compliance_evidence_tenant_id_subject_id_id'), 'compliance_evidence', ['tenant_id', 'subject_id', 'id'], unique=False)
    op.create_index(op.f('ix_compliance_evidence_tenant_id_txid'), 'compliance_evidence', ['tenant_id', 'txid'], unique=False)
    op.create_table('compliance_packs',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('pack', sa.String(), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("mode in ('observe','warn','enforce')", name=op.f('ck_compliance_packs_mode')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_packs_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_packs')),
    sa.UniqueConstraint('tenant_id', 'pack', name=op.f('uq_compliance_packs_tenant_id_pack'))
    )
    op.create_table('compliance_settings',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('numbers', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("mode in ('observe','warn','enforce','')", name=op.f('ck_compliance_settings_mode')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_settings_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_settings')),
    sa.UniqueConstraint('tenant_id', 'rule', name=op.f('uq_compliance_settings_tenant_id_rule'))
    )
    op.create_table('compliance_waivers',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('subject_kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('measure', sa.String(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('approval_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('asked','granted','refused','ended')", name=op.f('ck_compliance_waivers_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_waivers_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_waivers'))
    )
    op.create_index(op.f('ix_compliance_waivers_tenant_id_rule_subject_id'), 'compliance_waivers', ['tenant_id', 'rule', 'subject_id'], unique=False)
    op.create_index(op.f('ix_compliance_waivers_tenant_id_state_id'), 'compliance_waivers', ['tenant_id', 'state', 'id'], unique=False)
    op.create_table('compliance_categories',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('category_id', sa.Uuid(), nullable=False),
    sa.Column('food_kind', sa.String(), nullable=False),
    sa.Column('requires', sa.JSON(), nullable=False),
    sa.Column('is_banned', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'category_id'], ['categories.tenant_id', 'categories.id'], name=op.f('fk_compliance_categories_tenant_id_category_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_categories_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_categories')),
    sa.UniqueConstraint('tenant_id', 'category_id', name=op.f('uq_compliance_categories_tenant_id_category_id'))
    )
    op.create_table('compliance_checks',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('again_on', sa.Date(), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status in ('pass','n/a','due','warn','fail','unknown')", name=op.f('ck_compliance_checks_status')),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_compliance_checks_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_checks_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_checks')),
    sa.UniqueConstraint('tenant_id', 'rule', 'subject_id', name=op.f('uq_compliance_checks_tenant_id_rule_subject_id'))
    )
    op.create_index('ix_compliance_checks_again', 'compliance_checks', ['tenant_id', 'again_on'], unique=False, postgresql_where=sa.text('again_on is not null'))
    op.create_index('ix_compliance_checks_merchant', 'compliance_checks', ['tenant_id', 'merchant_id', 'status'], unique=False, postgresql_where=sa.text('merchant_id is not null'))
    op.create_index(op.f('ix_compliance_checks_tenant_id_rule_status'), 'compliance_checks', ['tenant_id', 'rule', 'status'], unique=False)
    op.create_index(op.f('ix_compliance_checks_tenant_id_subject_id'), 'compliance_checks', ['tenant_id', 'subject_id'], unique=False)
    op.create_table('compliance_findings',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('subject_kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('is_blocking', sa.Boolean(), nullable=False),
    sa.Column('has_blocked', sa.Boolean(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waived_until', sa.Date(), nullable=True),
    sa.CheckConstraint("state in ('open','waived','closed')", name=op.f('ck_compliance_findings_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_compliance_findings_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_findings_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_findings'))
    )
    op.create_index('ix_compliance_findings_merchant', 'compliance_findings', ['tenant_id', 'merchant_id', 'state'], unique=False)
    op.create_index(op.f('ix_compliance_findings_tenant_id_state_id'), 'compliance_findings', ['tenant_id', 'state', 'id'], unique=False)
    op.create_index(op.f('ix_compliance_findings_tenant_id_subject_id_state'), 'compliance_findings', ['tenant_id', 'subject_id', 'state'], unique=False)
    op.create_index('uq_compliance_findings_open', 'compliance_findings', ['tenant_id', 'rule', 'subject_id'], unique=True, postgresql_where=sa.text("state <> 'closed'"))
    op.create_table('compliance_food',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('stated', sa.JSON(), nullable=False),
    sa.Column('checks', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('draft','submitted','approved','refused')", name=op.f('ck_compliance_food_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_compliance_food_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_food_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_food')),
    sa.UniqueConstraint('tenant_id', 'merchant_id', name=op.f('uq_compliance_food_tenant_id_merchant_id'))
    )
    op.create_index(op.f('ix_compliance_food_tenant_id_state'), 'compliance_food', ['tenant_id', 'state'], unique=False)
    op.create_table('compliance_licences',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('scope', sa.JSON(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('media_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('submitted','verified','refused')", name=op.f('ck_compliance_licences_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'media_id'], ['media.tenant_id', 'media.id'], name=op.f('fk_compliance_licences_tenant_id_media_id'), ondelete='SET NULL (media_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_compliance_licences_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_licences_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_licences'))
    )
    op.create_index(op.f('ix_compliance_licences_tenant_id_merchant_id'), 'compliance_licences', ['tenant_id', 'merchant_id'], unique=False)
    op.create_table('compliance_records',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_compliance_records_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_compliance_records_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_compliance_records'))
    )
    op.create_index(op.f('ix_compliance_records_tenant_id_rule_id'), 'compliance_records', ['tenant_id', 'rule', 'id'], unique=False)
    protect(
        'compliance_answers',
        'compliance_evidence',
        'compliance_packs',
        'compliance_settings',
        'compliance_categories',
        'compliance_checks',
        'compliance_findings',
        'compliance_food',
        'compliance_licences',
        'compliance_records',
        'compliance_waivers',
    )
    append_only('compliance_evidence')


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_compliance_records_tenant_id_rule_id'), table_name='compliance_records')
    op.drop_table('compliance_records')
    op.drop_index(op.f('ix_compliance_licences_tenant_id_merchant_id'), table_name='compliance_licences')
    op.drop_table('compliance_licences')
    op.drop_index(op.f('ix_compliance_food_tenant_id_state'), table_name='compliance_food')
    op.drop_table('compliance_food')
    op.drop_index('uq_compliance_findings_open', table_name='compliance_findings', postgresql_where=sa.text("state <> 'closed'"))
    op.drop_index(op.f('ix_compliance_findings_tenant_id_subject_id_state'), table_name='compliance_findings')
    op.drop_index(op.f('ix_compliance_findings_tenant_id_state_id'), table_name='compliance_findings')
    op.drop_index('ix_compliance_findings_merchant', table_name='compliance_findings')
    op.drop_table('compliance_findings')
    op.drop_index(op.f('ix_compliance_checks_tenant_id_subject_id'), table_name='compliance_checks')
    op.drop_index(op.f('ix_compliance_checks_tenant_id_rule_status'), table_name='compliance_checks')
    op.drop_index('ix_compliance_checks_merchant', table_name='compliance_checks', postgresql_where=sa.text('merchant_id is not null'))
    op.drop_index('ix_compliance_checks_again', table_name='compliance_checks', postgresql_where=sa.text('again_on is not null'))
    op.drop_table('compliance_checks')
    op.drop_table('compliance_categories')
    op.drop_index(op.f('ix_compliance_waivers_tenant_id_state_id'), table_name='compliance_waivers')
    op.drop_index(op.f('ix_compliance_waivers_tenant_id_rule_subject_id'), table_name='compliance_waivers')
    op.drop_table('compliance_waivers')
    op.drop_table('compliance_settings')
    op.drop_table('compliance_packs')
    op.drop_index(op.f('ix_compliance_evidence_tenant_id_txid'), table_name='compliance_evidence')
    op.drop_index(op.f('ix_compliance_evidence_tenant_id_subject_id_id'), table_name='compliance_evidence')
    op.drop_index(op.f('ix_compliance_evidence_tenant_id_rule_id'), table_name='compliance_evidence')
    op.drop_table('compliance_evidence')
    op.drop_table('compliance_answers')
