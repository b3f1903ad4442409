"""baseline"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import core.kernel.db
from migrations.ops import append_only, protect, share

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('plans',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('limits', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_plans'))
    )
    op.create_table('tenants',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('plan_code', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('timezone', sa.String(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('preset', sa.String(), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('suspended_reason', sa.String(), nullable=False),
    sa.CheckConstraint("state in ('provisioning','active','suspended','closed')", name=op.f('ck_tenants_state')),
    sa.ForeignKeyConstraint(['plan_code'], ['plans.code'], name=op.f('fk_tenants_plan_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenants')),
    sa.UniqueConstraint('slug', name=op.f('uq_tenants_slug'))
    )
    op.create_table('api_keys',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('prefix', sa.String(), nullable=False),
    sa.Column('key_digest', sa.String(), nullable=False),
    sa.Column('realm', sa.String(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('permissions', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_api_keys_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_api_keys')),
    sa.UniqueConstraint('tenant_id', 'key_digest', name=op.f('uq_api_keys_tenant_id_key_digest'))
    )
    op.create_table('approvals',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('asked','approved','rejected','void')", name=op.f('ck_approvals_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_approvals_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_approvals'))
    )
    op.create_index(op.f('ix_approvals_tenant_id_kind_subject_id'), 'approvals', ['tenant_id', 'kind', 'subject_id'], unique=False)
    op.create_table('attempts',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('bucket', sa.String(), nullable=False),
    sa.Column('window_start', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_attempts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_attempts')),
    sa.UniqueConstraint('tenant_id', 'bucket', 'window_start', name=op.f('uq_attempts_tenant_id_bucket_window_start'))
    )
    op.create_table('audit_log',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_kind', sa.String(), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor_name', sa.String(), nullable=False),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('subject_kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('txid', core.kernel.db.TransactionId(), server_default=sa.text('pg_current_xact_id()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_audit_log_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_audit_log'))
    )
    op.create_index(op.f('ix_audit_log_tenant_id_subject_kind_subject_id_id'), 'audit_log', ['tenant_id', 'subject_kind', 'subject_id', 'id'], unique=False)
    op.create_index(op.f('ix_audit_log_tenant_id_txid'), 'audit_log', ['tenant_id', 'txid'], unique=False)
    op.create_table('categories',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'parent_id'], ['categories.tenant_id', 'categories.id'], name=op.f('fk_categories_tenant_id_parent_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_categories_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_categories')),
    sa.UniqueConstraint('tenant_id', 'path', name=op.f('uq_categories_tenant_id_path')),
    sa.UniqueConstraint('tenant_id', 'slug', name=op.f('uq_categories_tenant_id_slug'))
    )
    op.create_index(op.f('ix_categories_tenant_id_parent_id_position'), 'categories', ['tenant_id', 'parent_id', 'position'], unique=False)
    op.create_table('counters',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('series', sa.String(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_counters_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_counters')),
    sa.UniqueConstraint('tenant_id', 'series', name=op.f('uq_counters_tenant_id_series'))
    )
    op.create_table('departments',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('duties', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_departments_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_departments')),
    sa.UniqueConstraint('tenant_id', 'merchant_id', 'name', name=op.f('uq_departments_tenant_id_merchant_id_name'), postgresql_nulls_not_distinct=True)
    )
    op.create_table('idempotency_keys',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('principal', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('request_digest', sa.String(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_idempotency_keys_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_idempotency_keys')),
    sa.UniqueConstraint('tenant_id', 'principal', 'key', name=op.f('uq_idempotency_keys_tenant_id_principal_key'))
    )
    op.create_table('ledger_entries',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('reverses_id', sa.Uuid(), nullable=True),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('txid', core.kernel.db.TransactionId(), server_default=sa.text('pg_current_xact_id()'), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'reverses_id'], ['ledger_entries.tenant_id', 'ledger_entries.id'], name=op.f('fk_ledger_entries_tenant_id_reverses_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_ledger_entries_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_ledger_entries')),
    sa.UniqueConstraint('tenant_id', 'id', 'txid', name=op.f('uq_ledger_entries_tenant_id_id_txid')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_ledger_entries_tenant_id_key')),
    sa.UniqueConstraint('tenant_id', 'reverses_id', name=op.f('uq_ledger_entries_tenant_id_reverses_id'))
    )
    op.create_index(op.f('ix_ledger_entries_tenant_id_effective_on_id'), 'ledger_entries', ['tenant_id', 'effective_on', 'id'], unique=False)
    op.create_index(op.f('ix_ledger_entries_tenant_id_order_id'), 'ledger_entries', ['tenant_id', 'order_id'], unique=False)
    op.create_index(op.f('ix_ledger_entries_tenant_id_txid'), 'ledger_entries', ['tenant_id', 'txid'], unique=False)
    op.create_table('ledger_snapshots',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account', sa.String(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('upto', core.kernel.db.TransactionId(), nullable=False),
    sa.Column('balance_minor', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_ledger_snapshots_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_ledger_snapshots')),
    sa.UniqueConstraint('tenant_id', 'account', 'currency', name=op.f('uq_ledger_snapshots_tenant_id_account_currency'))
    )
    op.create_table('mail_suppressions',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_mail_suppressions_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_mail_suppressions')),
    sa.UniqueConstraint('tenant_id', 'address', 'purpose', name=op.f('uq_mail_suppressions_tenant_id_address_purpose'))
    )
    op.create_table('mails',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('html', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('queued','sent','suppressed','failed')", name=op.f('ck_mails_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_mails_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_mails'))
    )
    op.create_index(op.f('ix_mails_tenant_id_recipient_id'), 'mails', ['tenant_id', 'recipient', 'id'], unique=False)
    op.create_table('media',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('widths', sa.String(), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('source_url', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('stored','ready','refused','fetching','failed')", name=op.f('ck_media_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_media_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_media'))
    )
    op.create_index(op.f('ix_media_tenant_id_sha256'), 'media', ['tenant_id', 'sha256'], unique=False)
    op.create_table('merchants',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('registration_number', sa.String(), nullable=False),
    sa.Column('tax_number', sa.String(), nullable=False),
    sa.Column('address', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('is_house', sa.Boolean(), nullable=False),
    sa.Column('external_key', sa.String(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind in ('person','company','promoter')", name=op.f('ck_merchants_kind')),
    sa.CheckConstraint("state in ('draft','applied','info_asked','approved','rejected','suspended','closed')", name=op.f('ck_merchants_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_merchants_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_merchants')),
    sa.UniqueConstraint('tenant_id', 'external_key', name=op.f('uq_merchants_tenant_id_external_key'))
    )
    op.create_index(op.f('ix_merchants_tenant_id_state_id'), 'merchants', ['tenant_id', 'state', 'id'], unique=False)
    op.create_index('uq_merchants_house', 'merchants', ['tenant_id'], unique=True, postgresql_where=sa.text('is_house'))
    op.create_table('outbox',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('handler', sa.String(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('subject', sa.String(), nullable=True),
    sa.Column('key', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dead_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_outbox_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_outbox'))
    )
    op.create_index('ix_outbox_due', 'outbox', ['next_at'], unique=False, postgresql_where=sa.text('done_at is null and dead_at is null'))
    op.create_index('ix_outbox_subject', 'outbox', ['tenant_id', 'subject', 'handler', 'id'], unique=False, postgresql_where=sa.text('done_at is null and dead_at is null and subject is not null'))
    op.create_index('uq_outbox_key', 'outbox', ['tenant_id', 'key'], unique=True, postgresql_where=sa.text('done_at is null and key is not null'))
    op.create_table('provider_events',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('event_ref', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('object_ref', sa.String(), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_provider_events_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_provider_events')),
    sa.UniqueConstraint('tenant_id', 'provider', 'event_ref', name=op.f('uq_provider_events_tenant_id_provider_event_ref'))
    )
    op.create_index(op.f('ix_provider_events_tenant_id_object_ref'), 'provider_events', ['tenant_id', 'object_ref'], unique=False)
    op.create_table('roles',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('realm', sa.String(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('permissions', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_roles_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_roles')),
    sa.UniqueConstraint('tenant_id', 'realm', 'merchant_id', 'name', name=op.f('uq_roles_tenant_id_realm_merchant_id_name'), postgresql_nulls_not_distinct=True)
    )
    op.create_table('seals',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('chain', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('upto', core.kernel.db.TransactionId(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('previous', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_seals_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_seals')),
    sa.UniqueConstraint('tenant_id', 'chain', 'number', name=op.f('uq_seals_tenant_id_chain_number'))
    )
    op.create_table('search_misses',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_search_misses_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_search_misses')),
    sa.UniqueConstraint('tenant_id', 'day', 'words', name=op.f('uq_search_misses_tenant_id_day_words'))
    )
    op.create_table('tenant_domains',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('host', sa.String(), nullable=False),
    sa.Column('challenge', sa.String(), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_tenant_domains_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_tenant_domains')),
    sa.UniqueConstraint('tenant_id', 'host', name=op.f('uq_tenant_domains_tenant_id_host'))
    )
    op.create_index('uq_tenant_domains_served', 'tenant_domains', ['host'], unique=True, postgresql_where=sa.text('verified_at is not null'))
    op.create_table('tenant_plugins',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('plugin', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('schema_version', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('enabled','draining','disabled','purged')", name=op.f('ck_tenant_plugins_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_tenant_plugins_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_tenant_plugins')),
    sa.UniqueConstraint('tenant_id', 'plugin', name=op.f('uq_tenant_plugins_tenant_id_plugin'))
    )
    op.create_table('tenant_provisioning',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_tenant_provisioning_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_tenant_provisioning')),
    sa.UniqueConstraint('tenant_id', 'position', name=op.f('uq_tenant_provisioning_tenant_id_position'))
    )
    op.create_table('users',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('realm', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('email_key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('locale', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("realm in ('platform','operator','merchant','buyer')", name=op.f('ck_users_realm')),
    sa.CheckConstraint("state in ('active','blocked')", name=op.f('ck_users_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_users_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_users')),
    sa.UniqueConstraint('tenant_id', 'realm', 'email_key', name=op.f('uq_users_tenant_id_realm_email_key'))
    )
    op.create_table('attributes',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('category_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.Column('is_facet', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind in ('text','number','choice','yes_no')", name=op.f('ck_attributes_kind')),
    sa.ForeignKeyConstraint(['tenant_id', 'category_id'], ['categories.tenant_id', 'categories.id'], name=op.f('fk_attributes_tenant_id_category_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_attributes_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_attributes')),
    sa.UniqueConstraint('tenant_id', 'category_id', 'code', name=op.f('uq_attributes_tenant_id_category_id_code'))
    )
    op.create_table('customers',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('email_key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('external_key', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['users.tenant_id', 'users.id'], name=op.f('fk_customers_tenant_id_user_id'), ondelete='SET NULL (user_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_customers_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_customers')),
    sa.UniqueConstraint('tenant_id', 'external_key', name=op.f('uq_customers_tenant_id_external_key')),
    sa.UniqueConstraint('tenant_id', 'user_id', name=op.f('uq_customers_tenant_id_user_id'))
    )
    op.create_index(op.f('ix_customers_tenant_id_email_key'), 'customers', ['tenant_id', 'email_key'], unique=False)
    op.create_table('import_runs',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('media_id', sa.Uuid(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('is_trusted', sa.Boolean(), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('report', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind in ('dry_run','run')", name=op.f('ck_import_runs_kind')),
    sa.CheckConstraint("state in ('waiting','running','done','failed')", name=op.f('ck_import_runs_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'media_id'], ['media.tenant_id', 'media.id'], name=op.f('fk_import_runs_tenant_id_media_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_import_runs_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_import_runs_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_import_runs'))
    )
    op.create_index(op.f('ix_import_runs_tenant_id_merchant_id_id'), 'import_runs', ['tenant_id', 'merchant_id', 'id'], unique=False)
    op.create_table('ledger_postings',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('destination', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('memo', sa.String(), nullable=False),
    sa.Column('txid', core.kernel.db.TransactionId(), server_default=sa.text('pg_current_xact_id()'), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_ledger_postings_amount')),
    sa.CheckConstraint('source <> destination', name=op.f('ck_ledger_postings_ends')),
    sa.ForeignKeyConstraint(['tenant_id', 'entry_id', 'txid'], ['ledger_entries.tenant_id', 'ledger_entries.id', 'ledger_entries.txid'], name='fk_ledger_postings_entry'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_ledger_postings_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_ledger_postings')),
    sa.UniqueConstraint('tenant_id', 'entry_id', 'number', name=op.f('uq_ledger_postings_tenant_id_entry_id_number'))
    )
    op.create_index('ix_ledger_postings_destination', 'ledger_postings', ['tenant_id', 'destination', 'currency', 'txid'], unique=False, postgresql_include=['amount_minor'])
    op.create_index('ix_ledger_postings_source', 'ledger_postings', ['tenant_id', 'source', 'currency', 'txid'], unique=False, postgresql_include=['amount_minor'])
    op.create_table('memberships',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('role_id', sa.Uuid(), nullable=True),
    sa.Column('department_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'department_id'], ['departments.tenant_id', 'departments.id'], name=op.f('fk_memberships_tenant_id_department_id'), ondelete='SET NULL (department_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'role_id'], ['roles.tenant_id', 'roles.id'], name=op.f('fk_memberships_tenant_id_role_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['users.tenant_id', 'users.id'], name=op.f('fk_memberships_tenant_id_user_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_memberships_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_memberships')),
    sa.UniqueConstraint('tenant_id', 'user_id', 'merchant_id', name=op.f('uq_memberships_tenant_id_user_id_merchant_id'), postgresql_nulls_not_distinct=True)
    )
    op.create_index(op.f('ix_memberships_tenant_id_merchant_id'), 'memberships', ['tenant_id', 'merchant_id'], unique=False)
    op.create_table('merchant_documents',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('requirement', sa.String(), nullable=False),
    sa.Column('media_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('submitted','accepted','refused')", name=op.f('ck_merchant_documents_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'media_id'], ['media.tenant_id', 'media.id'], name=op.f('fk_merchant_documents_tenant_id_media_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_merchant_documents_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_merchant_documents_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_merchant_documents'))
    )
    op.create_index(op.f('ix_merchant_documents_tenant_id_merchant_id'), 'merchant_documents', ['tenant_id', 'merchant_id'], unique=False)
    op.create_table('sessions',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('token_digest', sa.String(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('agent', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['users.tenant_id', 'users.id'], name=op.f('fk_sessions_tenant_id_user_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_sessions_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('tenant_id', 'token_digest', name=op.f('uq_sessions_tenant_id_token_digest'))
    )
    op.create_index(op.f('ix_sessions_tenant_id_user_id'), 'sessions', ['tenant_id', 'user_id'], unique=False)
    op.create_table('shops',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('story', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('holiday_note', sa.String(), nullable=False),
    sa.Column('holiday_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('logo_id', sa.Uuid(), nullable=True),
    sa.Column('banner_id', sa.Uuid(), nullable=True),
    sa.Column('policies', sa.JSON(), nullable=False),
    sa.Column('return_address', sa.JSON(), nullable=False),
    sa.Column('hours', sa.JSON(), nullable=False),
    sa.Column('return_days', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.CheckConstraint("state in ('open','holiday','closed')", name=op.f('ck_shops_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'banner_id'], ['media.tenant_id', 'media.id'], name=op.f('fk_shops_tenant_id_banner_id'), ondelete='SET NULL (banner_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'logo_id'], ['media.tenant_id', 'media.id'], name=op.f('fk_shops_tenant_id_logo_id'), ondelete='SET NULL (logo_id)', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_shops_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_shops_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_shops')),
    sa.UniqueConstraint('tenant_id', 'merchant_id', 'id', name=op.f('uq_shops_tenant_id_merchant_id_id')),
    sa.UniqueConstraint('tenant_id', 'slug', name=op.f('uq_shops_tenant_id_slug'))
    )
    op.create_index(op.f('ix_shops_tenant_id_merchant_id'), 'shops', ['tenant_id', 'merchant_id'], unique=False)
    op.create_table('stock_locations',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_stock_locations_tenant_id_merchant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_stock_locations_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_stock_locations')),
    sa.UniqueConstraint('tenant_id', 'merchant_id', 'name', name=op.f('uq_stock_locations_tenant_id_merchant_id_name'))
    )
    op.create_table('tokens',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('token_digest', sa.String(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['users.tenant_id', 'users.id'], name=op.f('fk_tokens_tenant_id_user_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_tokens_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_tokens')),
    sa.UniqueConstraint('tenant_id', 'token_digest', name=op.f('uq_tokens_tenant_id_token_digest'))
    )
    op.create_table('addresses',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_addresses_tenant_id_customer_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_addresses_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_addresses'))
    )
    op.create_index(op.f('ix_addresses_tenant_id_customer_id'), 'addresses', ['tenant_id', 'customer_id'], unique=False)
    op.create_table('carts',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_digest', sa.String(), nullable=True),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('codes', sa.JSON(), nullable=False),
    sa.Column('deliveries', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_carts_tenant_id_customer_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_carts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_carts')),
    sa.UniqueConstraint('tenant_id', 'customer_id', name=op.f('uq_carts_tenant_id_customer_id')),
    sa.UniqueConstraint('tenant_id', 'token_digest', name=op.f('uq_carts_tenant_id_token_digest'))
    )
    op.create_table('consents',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False),
    sa.Column('wording', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_consents_tenant_id_customer_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_consents_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_consents'))
    )
    op.create_index(op.f('ix_consents_tenant_id_customer_id_purpose_id'), 'consents', ['tenant_id', 'customer_id', 'purpose', 'id'], unique=False)
    op.create_table('customer_labels',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('plugin', sa.String(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_customer_labels_tenant_id_customer_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_customer_labels_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_customer_labels')),
    sa.UniqueConstraint('tenant_id', 'customer_id', 'label', 'plugin', name=op.f('uq_customer_labels_tenant_id_customer_id_label_plugin'))
    )
    op.create_table('listings',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('category_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('title_key', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('brand', sa.String(), nullable=False),
    sa.Column('attributes', sa.JSON(), nullable=False),
    sa.Column('option_names', sa.JSON(), nullable=False),
    sa.Column('tax_bps', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('price_from_minor', sa.BigInteger(), nullable=False),
    sa.Column('price_to_minor', sa.BigInteger(), nullable=False),
    sa.Column('was_minor', sa.BigInteger(), nullable=True),
    sa.Column('picture_id', sa.Uuid(), nullable=True),
    sa.Column('is_available', sa.Boolean(), nullable=False),
    sa.Column('sold_count', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('blocked_reason', sa.String(), nullable=False),
    sa.Column('plugin', sa.String(), nullable=True),
    sa.Column('external_key', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unpublish_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('search', postgresql.TSVECTOR(), nullable=True),
    sa.CheckConstraint("state in ('draft','review','live','hidden','blocked','archived')", name=op.f('ck_listings_state')),
    sa.CheckConstraint('tax_bps between 0 and 10000', name=op.f('ck_listings_tax')),
    sa.ForeignKeyConstraint(['tenant_id', 'category_id'], ['categories.tenant_id', 'categories.id'], name=op.f('fk_listings_tenant_id_category_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id', 'shop_id'], ['shops.tenant_id', 'shops.merchant_id', 'shops.id'], name='fk_listings_shop_of_merchant', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_listings_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'shop_id'], ['shops.tenant_id', 'shops.id'], name=op.f('fk_listings_tenant_id_shop_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_listings_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_listings')),
    sa.UniqueConstraint('tenant_id', 'shop_id', 'external_key', name=op.f('uq_listings_tenant_id_shop_id_external_key')),
    sa.UniqueConstraint('tenant_id', 'slug', name=op.f('uq_listings_tenant_id_slug'))
    )
    op.create_index('ix_listings_category', 'listings', ['tenant_id', 'category_id', sa.literal_column('published_at desc'), sa.literal_column('id desc')], unique=False, postgresql_where=sa.text("state = 'live'"))
    op.create_index('ix_listings_cheapest', 'listings', ['tenant_id', 'price_from_minor', 'id'], unique=False, postgresql_where=sa.text("state = 'live'"))
    op.create_index('ix_listings_merchant', 'listings', ['tenant_id', 'merchant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_index('ix_listings_newest', 'listings', ['tenant_id', sa.literal_column('published_at desc'), sa.literal_column('id desc')], unique=False, postgresql_where=sa.text("state = 'live'"))
    op.create_index('ix_listings_popular', 'listings', ['tenant_id', sa.literal_column('sold_count desc'), sa.literal_column('id desc')], unique=False, postgresql_where=sa.text("state = 'live'"))
    op.create_index('ix_listings_search', 'listings', ['tenant_id', 'search'], unique=False, postgresql_using='gin')
    op.create_index('ix_listings_shop', 'listings', ['tenant_id', 'shop_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_index('ix_listings_title_trgm', 'listings', ['tenant_id', sa.literal_column('title_key gin_trgm_ops')], unique=False, postgresql_using='gin')
    op.create_table('purchases',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('placing_key', sa.String(), nullable=True),
    sa.Column('external_key', sa.String(), nullable=True),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('locale', sa.String(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('prices_include_tax', sa.Boolean(), nullable=False),
    sa.Column('address', sa.JSON(), nullable=False),
    sa.Column('codes', sa.JSON(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('visit', sa.String(), nullable=True),
    sa.Column('guest_digest', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('pending','paid','cancelled','expired')", name=op.f('ck_purchases_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_purchases_tenant_id_customer_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_purchases_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_purchases')),
    sa.UniqueConstraint('tenant_id', 'external_key', name=op.f('uq_purchases_tenant_id_external_key')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_purchases_tenant_id_number')),
    sa.UniqueConstraint('tenant_id', 'placing_key', name=op.f('uq_purchases_tenant_id_placing_key'))
    )
    op.create_index(op.f('ix_purchases_tenant_id_customer_id'), 'purchases', ['tenant_id', 'customer_id', sa.literal_column('id desc')], unique=False)
    op.create_table('saved_listings',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_saved_listings_tenant_id_customer_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_saved_listings_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_saved_listings')),
    sa.UniqueConstraint('tenant_id', 'customer_id', 'listing_id', name=op.f('uq_saved_listings_tenant_id_customer_id_listing_id'))
    )
    op.create_table('shop_deliveries',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('free_from_minor', sa.BigInteger(), nullable=True),
    sa.Column('min_days', sa.Integer(), nullable=False),
    sa.Column('max_days', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.CheckConstraint('min_days >= 0 and max_days >= min_days', name=op.f('ck_shop_deliveries_days')),
    sa.CheckConstraint('price_minor >= 0', name=op.f('ck_shop_deliveries_price')),
    sa.ForeignKeyConstraint(['tenant_id', 'shop_id'], ['shops.tenant_id', 'shops.id'], name=op.f('fk_shop_deliveries_tenant_id_shop_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_shop_deliveries_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_shop_deliveries')),
    sa.UniqueConstraint('tenant_id', 'shop_id', 'code', name=op.f('uq_shop_deliveries_tenant_id_shop_id_code'))
    )
    op.create_table('applied_adjustments',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=True),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('plugin', sa.String(), nullable=False),
    sa.Column('stage', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('funded_by', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'purchase_id'], ['purchases.tenant_id', 'purchases.id'], name=op.f('fk_applied_adjustments_tenant_id_purchase_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_applied_adjustments_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_applied_adjustments'))
    )
    op.create_index(op.f('ix_applied_adjustments_tenant_id_purchase_id'), 'applied_adjustments', ['tenant_id', 'purchase_id'], unique=False)
    op.create_table('listing_pictures',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('media_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('alt', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'listing_id'], ['listings.tenant_id', 'listings.id'], name=op.f('fk_listing_pictures_tenant_id_listing_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'media_id'], ['media.tenant_id', 'media.id'], name=op.f('fk_listing_pictures_tenant_id_media_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_listing_pictures_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_listing_pictures')),
    sa.UniqueConstraint('tenant_id', 'listing_id', 'position', name=op.f('uq_listing_pictures_tenant_id_listing_id_position'))
    )
    op.create_table('listing_tags',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('tag', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'listing_id'], ['listings.tenant_id', 'listings.id'], name=op.f('fk_listing_tags_tenant_id_listing_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_listing_tags_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_listing_tags')),
    sa.UniqueConstraint('tenant_id', 'listing_id', 'tag', name=op.f('uq_listing_tags_tenant_id_listing_id_tag'))
    )
    op.create_index(op.f('ix_listing_tags_tenant_id_tag'), 'listing_tags', ['tenant_id', 'tag'], unique=False)
    op.create_table('orders',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('is_house', sa.Boolean(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('goods_minor', sa.BigInteger(), nullable=False),
    sa.Column('discount_minor', sa.BigInteger(), nullable=False),
    sa.Column('delivery_minor', sa.BigInteger(), nullable=False),
    sa.Column('fee_minor', sa.BigInteger(), nullable=False),
    sa.Column('tax_minor', sa.BigInteger(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('delivery_code', sa.String(), nullable=False),
    sa.Column('delivery_label', sa.String(), nullable=False),
    sa.Column('delivery_min_days', sa.Integer(), nullable=False),
    sa.Column('delivery_max_days', sa.Integer(), nullable=False),
    sa.Column('labels', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('cancel_reason', sa.String(), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('pending_payment','paid','accepted','shipped','delivered','completed','cancelled')", name=op.f('ck_orders_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_orders_tenant_id_customer_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_orders_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'purchase_id'], ['purchases.tenant_id', 'purchases.id'], name=op.f('fk_orders_tenant_id_purchase_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'shop_id'], ['shops.tenant_id', 'shops.id'], name=op.f('fk_orders_tenant_id_shop_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_orders_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_orders')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_orders_tenant_id_number'))
    )
    op.create_index(op.f('ix_orders_tenant_id'), 'orders', ['tenant_id', sa.literal_column('placed_at desc')], unique=False)
    op.create_index(op.f('ix_orders_tenant_id_merchant_id'), 'orders', ['tenant_id', 'merchant_id', sa.literal_column('placed_at desc')], unique=False)
    op.create_index(op.f('ix_orders_tenant_id_merchant_id_state'), 'orders', ['tenant_id', 'merchant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_index(op.f('ix_orders_tenant_id_purchase_id'), 'orders', ['tenant_id', 'purchase_id'], unique=False)
    op.create_index(op.f('ix_orders_tenant_id_state'), 'orders', ['tenant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_table('payments',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('provider_ref', sa.String(), nullable=True),
    sa.Column('client_secret', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('failure', sa.String(), nullable=False),
    sa.Column('captured_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('created','pending','failed','captured','cancelled','late')", name=op.f('ck_payments_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'purchase_id'], ['purchases.tenant_id', 'purchases.id'], name=op.f('fk_payments_tenant_id_purchase_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_payments_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_payments')),
    sa.UniqueConstraint('tenant_id', 'provider', 'provider_ref', name=op.f('uq_payments_tenant_id_provider_provider_ref')),
    sa.UniqueConstraint('tenant_id', 'purchase_id', name=op.f('uq_payments_tenant_id_purchase_id'))
    )
    op.create_table('variants',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('option_key', sa.String(), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('was_minor', sa.BigInteger(), nullable=True),
    sa.Column('barcode', sa.String(), nullable=False),
    sa.Column('weight_g', sa.Integer(), nullable=False),
    sa.Column('picture_id', sa.Uuid(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.CheckConstraint('price_minor >= 0', name=op.f('ck_variants_price')),
    sa.ForeignKeyConstraint(['tenant_id', 'listing_id'], ['listings.tenant_id', 'listings.id'], name=op.f('fk_variants_tenant_id_listing_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_variants_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_variants_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_variants')),
    sa.UniqueConstraint('tenant_id', 'listing_id', 'option_key', name=op.f('uq_variants_tenant_id_listing_id_option_key')),
    sa.UniqueConstraint('tenant_id', 'merchant_id', 'sku', name=op.f('uq_variants_tenant_id_merchant_id_sku'))
    )
    op.create_index(op.f('ix_variants_tenant_id_listing_id_position'), 'variants', ['tenant_id', 'listing_id', 'position'], unique=False)
    op.create_table('cart_lines',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cart_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('seen_minor', sa.BigInteger(), nullable=False),
    sa.Column('is_selected', sa.Boolean(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity between 1 and 9999', name=op.f('ck_cart_lines_quantity')),
    sa.ForeignKeyConstraint(['tenant_id', 'cart_id'], ['carts.tenant_id', 'carts.id'], name=op.f('fk_cart_lines_tenant_id_cart_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'variant_id'], ['variants.tenant_id', 'variants.id'], name=op.f('fk_cart_lines_tenant_id_variant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_cart_lines_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_cart_lines')),
    sa.UniqueConstraint('tenant_id', 'cart_id', 'variant_id', name=op.f('uq_cart_lines_tenant_id_cart_id_variant_id'))
    )
    op.create_table('listing_facets',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('category_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'listing_id'], ['listings.tenant_id', 'listings.id'], name=op.f('fk_listing_facets_tenant_id_listing_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'variant_id'], ['variants.tenant_id', 'variants.id'], name=op.f('fk_listing_facets_tenant_id_variant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_listing_facets_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_listing_facets')),
    sa.UniqueConstraint('tenant_id', 'variant_id', 'code', 'value', name=op.f('uq_listing_facets_tenant_id_variant_id_code_value'))
    )
    op.create_index(op.f('ix_listing_facets_tenant_id_code_value_listing_id'), 'listing_facets', ['tenant_id', 'code', 'value', 'listing_id'], unique=False)
    op.create_index(op.f('ix_listing_facets_tenant_id_listing_id'), 'listing_facets', ['tenant_id', 'listing_id'], unique=False)
    op.create_table('order_lines',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('category_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('picture_id', sa.Uuid(), nullable=True),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit_price_minor', sa.BigInteger(), nullable=False),
    sa.Column('gross_minor', sa.BigInteger(), nullable=False),
    sa.Column('merchant_discount_minor', sa.BigInteger(), nullable=False),
    sa.Column('platform_discount_minor', sa.BigInteger(), nullable=False),
    sa.Column('discounted_minor', sa.BigInteger(), nullable=False),
    sa.Column('net_minor', sa.BigInteger(), nullable=False),
    sa.Column('tax_minor', sa.BigInteger(), nullable=False),
    sa.Column('tax_bps', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('shipped', sa.Integer(), nullable=False),
    sa.Column('refunded', sa.Integer(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_order_lines_quantity')),
    sa.CheckConstraint('refunded between 0 and quantity', name=op.f('ck_order_lines_refunded')),
    sa.CheckConstraint('shipped between 0 and quantity', name=op.f('ck_order_lines_shipped')),
    sa.ForeignKeyConstraint(['tenant_id', 'listing_id'], ['listings.tenant_id', 'listings.id'], name=op.f('fk_order_lines_tenant_id_listing_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_order_lines_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'variant_id'], ['variants.tenant_id', 'variants.id'], name=op.f('fk_order_lines_tenant_id_variant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_order_lines_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_order_lines'))
    )
    op.create_index(op.f('ix_order_lines_tenant_id_listing_id'), 'order_lines', ['tenant_id', 'listing_id'], unique=False)
    op.create_index(op.f('ix_order_lines_tenant_id_order_id_position'), 'order_lines', ['tenant_id', 'order_id', 'position'], unique=False)
    op.create_table('order_timeline',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('by_kind', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_order_timeline_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_order_timeline_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_order_timeline'))
    )
    op.create_index(op.f('ix_order_timeline_tenant_id_order_id_id'), 'order_timeline', ['tenant_id', 'order_id', 'id'], unique=False)
    op.create_table('parcels',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('tracking', sa.String(), nullable=False),
    sa.Column('tracking_url', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('shipped','delivered','lost','returned')", name=op.f('ck_parcels_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_parcels_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_parcels_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_parcels'))
    )
    op.create_index(op.f('ix_parcels_tenant_id_order_id'), 'parcels', ['tenant_id', 'order_id'], unique=False)
    op.create_table('payment_refunds',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('provider_ref', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('failure', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('intended','pending','succeeded','failed')", name=op.f('ck_payment_refunds_state')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_payment_refunds_amount')),
    sa.ForeignKeyConstraint(['tenant_id', 'payment_id'], ['payments.tenant_id', 'payments.id'], name=op.f('fk_payment_refunds_tenant_id_payment_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_payment_refunds_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_payment_refunds')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_payment_refunds_tenant_id_key'))
    )
    op.create_index(op.f('ix_payment_refunds_tenant_id_payment_id'), 'payment_refunds', ['tenant_id', 'payment_id'], unique=False)
    op.create_table('price_history',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'variant_id'], ['variants.tenant_id', 'variants.id'], name=op.f('fk_price_history_tenant_id_variant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_price_history_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_price_history'))
    )
    op.create_index(op.f('ix_price_history_tenant_id_variant_id_since'), 'price_history', ['tenant_id', 'variant_id', 'since'], unique=False)
    op.create_table('refunds',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('request_digest', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('delivery_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_kind', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_refunds_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_refunds_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_refunds')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_refunds_tenant_id_key'))
    )
    op.create_index(op.f('ix_refunds_tenant_id_order_id'), 'refunds', ['tenant_id', 'order_id'], unique=False)
    op.create_table('reservations',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('purchase_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('location_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('held','allocated','shipped','released')", name=op.f('ck_reservations_state')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_reservations_quantity')),
    sa.ForeignKeyConstraint(['tenant_id', 'location_id'], ['stock_locations.tenant_id', 'stock_locations.id'], name=op.f('fk_reservations_tenant_id_location_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'variant_id'], ['variants.tenant_id', 'variants.id'], name=op.f('fk_reservations_tenant_id_variant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_reservations_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_reservations'))
    )
    op.create_index('ix_reservations_open', 'reservations', ['tenant_id', 'variant_id'], unique=False, postgresql_where=sa.text("state in ('held','allocated')"))
    op.create_index(op.f('ix_reservations_tenant_id_purchase_id'), 'reservations', ['tenant_id', 'purchase_id'], unique=False)
    op.create_index('uq_reservations_line', 'reservations', ['tenant_id', 'line_id', 'location_id'], unique=True, postgresql_where=sa.text("state in ('held','allocated')"))
    op.create_table('stock',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('location_id', sa.Uuid(), nullable=False),
    sa.Column('available', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.Column('low_at', sa.Integer(), nullable=False),
    sa.CheckConstraint('available >= 0', name=op.f('ck_stock_available')),
    sa.CheckConstraint('reserved >= 0', name=op.f('ck_stock_reserved')),
    sa.ForeignKeyConstraint(['tenant_id', 'location_id'], ['stock_locations.tenant_id', 'stock_locations.id'], name=op.f('fk_stock_tenant_id_location_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'variant_id'], ['variants.tenant_id', 'variants.id'], name=op.f('fk_stock_tenant_id_variant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_stock_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_stock')),
    sa.UniqueConstraint('tenant_id', 'variant_id', 'location_id', name=op.f('uq_stock_tenant_id_variant_id_location_id'))
    )
    op.create_table('stock_movements',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('location_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('key', sa.String(), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('receipt','correction','sale','return','write_off','transfer','import')", name=op.f('ck_stock_movements_kind')),
    sa.ForeignKeyConstraint(['tenant_id', 'location_id'], ['stock_locations.tenant_id', 'stock_locations.id'], name=op.f('fk_stock_movements_tenant_id_location_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'variant_id'], ['variants.tenant_id', 'variants.id'], name=op.f('fk_stock_movements_tenant_id_variant_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_stock_movements_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_stock_movements')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_stock_movements_tenant_id_key'))
    )
    op.create_index(op.f('ix_stock_movements_tenant_id_variant_id_location_id_id'), 'stock_movements', ['tenant_id', 'variant_id', 'location_id', 'id'], unique=False)
    op.create_table('charges',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=True),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('plugin', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('payer', sa.String(), nullable=False),
    sa.Column('payee', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('tax_minor', sa.BigInteger(), nullable=False),
    sa.Column('fixed_minor', sa.BigInteger(), nullable=False),
    sa.Column('basis_minor', sa.BigInteger(), nullable=False),
    sa.Column('rate_bps', sa.Integer(), nullable=True),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('on_refund', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('explanation', sa.JSON(), nullable=False),
    sa.Column('reversed_minor', sa.BigInteger(), nullable=False),
    sa.Column('reversed_tax_minor', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("on_refund in ('proportional','keep','keep_fixed')", name=op.f('ck_charges_on_refund')),
    sa.ForeignKeyConstraint(['tenant_id', 'line_id'], ['order_lines.tenant_id', 'order_lines.id'], name=op.f('fk_charges_tenant_id_line_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_charges_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_charges_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_charges'))
    )
    op.create_index(op.f('ix_charges_tenant_id_order_id'), 'charges', ['tenant_id', 'order_id'], unique=False)
    op.create_table('parcel_lines',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('parcel_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_parcel_lines_quantity')),
    sa.ForeignKeyConstraint(['tenant_id', 'line_id'], ['order_lines.tenant_id', 'order_lines.id'], name=op.f('fk_parcel_lines_tenant_id_line_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'parcel_id'], ['parcels.tenant_id', 'parcels.id'], name=op.f('fk_parcel_lines_tenant_id_parcel_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_parcel_lines_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_parcel_lines')),
    sa.UniqueConstraint('tenant_id', 'parcel_id', 'line_id', name=op.f('uq_parcel_lines_tenant_id_parcel_id_line_id'))
    )
    op.create_table('refund_lines',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('refund_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('discounted_minor', sa.BigInteger(), nullable=False),
    sa.Column('platform_discount_minor', sa.BigInteger(), nullable=False),
    sa.Column('net_minor', sa.BigInteger(), nullable=False),
    sa.Column('tax_minor', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'line_id'], ['order_lines.tenant_id', 'order_lines.id'], name=op.f('fk_refund_lines_tenant_id_line_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'refund_id'], ['refunds.tenant_id', 'refunds.id'], name=op.f('fk_refund_lines_tenant_id_refund_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_refund_lines_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_refund_lines')),
    sa.UniqueConstraint('tenant_id', 'refund_id', 'line_id', name=op.f('uq_refund_lines_tenant_id_refund_id_line_id'))
    )
    op.create_index(op.f('ix_refund_lines_tenant_id_line_id'), 'refund_lines', ['tenant_id', 'line_id'], unique=False)
    share(
        'plans',
    )
    protect('tenants', key='id')
    protect(
        'api_keys',
        'approvals',
        'attempts',
        'audit_log',
        'categories',
        'counters',
        'departments',
        'idempotency_keys',
        'ledger_entries',
        'ledger_snapshots',
        'mail_suppressions',
        'mails',
        'media',
        'merchants',
        'outbox',
        'provider_events',
        'roles',
        'seals',
        'search_misses',
        'tenant_domains',
        'tenant_plugins',
        'tenant_provisioning',
        'users',
        'attributes',
        'customers',
        'import_runs',
        'ledger_postings',
        'memberships',
        'merchant_documents',
        'sessions',
        'shops',
        'stock_locations',
        'tokens',
        'addresses',
        'carts',
        'consents',
        'customer_labels',
        'listings',
        'purchases',
        'saved_listings',
        'shop_deliveries',
        'applied_adjustments',
        'listing_pictures',
        'listing_tags',
        'orders',
        'payments',
        'variants',
        'cart_lines',
        'listing_facets',
        'order_lines',
        'order_timeline',
        'parcels',
        'payment_refunds',
        'price_history',
        'refunds',
        'reservations',
        'stock',
        'stock_movements',
        'charges',
        'parcel_lines',
        'refund_lines',
    )
    append_only(
        'audit_log',
        'ledger_entries',
        'seals',
        'ledger_postings',
        'consents',
        'stock_movements',
    )
    op.execute("""
        create function app.tenant_of_host(host text, slug text) returns uuid
        language plpgsql volatile security definer set search_path = public, pg_temp as $$
        declare found uuid;
        begin
          perform pg_catalog.set_config('app.maintenance', 'on', true);
          select coalesce(
            (select d.tenant_id from tenant_domains d where d.host = $1 and d.verified_at is not null),
            (select t.id from tenants t where t.slug = $2)) into found;
          perform pg_catalog.set_config('app.maintenance', '', true);
          return found;
        end $$""")
    op.execute("revoke all on function app.tenant_of_host(text, text) from public")
    op.execute("grant execute on function app.tenant_of_host(text, text) to galleria_app, galleria_platform")
    op.execute("revoke all on tenants, tenant_domains, tenant_provisioning from galleria_app")
    op.execute("grant select, update (name, timezone, languages, settings, version) on tenants to galleria_app")
    op.execute("grant select, insert (tenant_id, id, host, challenge), delete on tenant_domains to galleria_app")
    op.execute("grant select, update (done_at) on tenant_provisioning to galleria_app")


def downgrade() -> None:
    """Undo."""
    op.execute("drop function if exists app.tenant_of_host(text, text)")
    op.drop_index(op.f('ix_refund_lines_tenant_id_line_id'), table_name='refund_lines')
    op.drop_table('refund_lines')
    op.drop_table('parcel_lines')
    op.drop_index(op.f('ix_charges_tenant_id_order_id'), table_name='charges')
    op.drop_table('charges')
    op.drop_index(op.f('ix_stock_movements_tenant_id_variant_id_location_id_id'), table_name='stock_movements')
    op.drop_table('stock_movements')
    op.drop_table('stock')
    op.drop_index('uq_reservations_line', table_name='reservations', postgresql_where=sa.text("state in ('held','allocated')"))
    op.drop_index(op.f('ix_reservations_tenant_id_purchase_id'), table_name='reservations')
    op.drop_index('ix_reservations_open', table_name='reservations', postgresql_where=sa.text("state in ('held','allocated')"))
    op.drop_table('reservations')
    op.drop_index(op.f('ix_refunds_tenant_id_order_id'), table_name='refunds')
    op.drop_table('refunds')
    op.drop_index(op.f('ix_price_history_tenant_id_variant_id_since'), table_name='price_history')
    op.drop_table('price_history')
    op.drop_index(op.f('ix_payment_refunds_tenant_id_payment_id'), table_name='payment_refunds')
    op.drop_table('payment_refunds')
    op.drop_index(op.f('ix_parcels_tenant_id_order_id'), table_name='parcels')
    op.drop_table('parcels')
    op.drop_index(op.f('ix_order_timeline_tenant_id_order_id_id'), table_name='order_timeline')
    op.drop_table('order_timeline')
    op.drop_index(op.f('ix_order_lines_tenant_id_order_id_position'), table_name='order_lines')
    op.drop_index(op.f('ix_order_lines_tenant_id_listing_id'), table_name='order_lines')
    op.drop_table('order_lines')
    op.drop_index(op.f('ix_listing_facets_tenant_id_listing_id'), table_name='listing_facets')
    op.drop_index(op.f('ix_listing_facets_tenant_id_code_value_listing_id'), table_name='listing_facets')
    op.drop_table('listing_facets')
    op.drop_table('cart_lines')
    op.drop_index(op.f('ix_variants_tenant_id_listing_id_position'), table_name='variants')
    op.drop_table('variants')
    op.drop_table('payments')
    op.drop_index(op.f('ix_orders_tenant_id_state'), table_name='orders')
    op.drop_index(op.f('ix_orders_tenant_id_purchase_id'), table_name='orders')
    op.drop_index(op.f('ix_orders_tenant_id_merchant_id_state'), table_name='orders')
    op.drop_index(op.f('ix_orders_tenant_id_merchant_id'), table_name='orders')
    op.drop_index(op.f('ix_orders_tenant_id'), table_name='orders')
    op.drop_table('orders')
    op.drop_index(op.f('ix_listing_tags_tenant_id_tag'), table_name='listing_tags')
    op.drop_table('listing_tags')
    op.drop_table('listing_pictures')
    op.drop_index(op.f('ix_applied_adjustments_tenant_id_purchase_id'), table_name='applied_adjustments')
    op.drop_table('applied_adjustments')
    op.drop_table('shop_deliveries')
    op.drop_table('saved_listings')
    op.drop_index(op.f('ix_purchases_tenant_id_customer_id'), table_name='purchases')
    op.drop_table('purchases')
    op.drop_index('ix_listings_title_trgm', table_name='listings', postgresql_using='gin')
    op.drop_index('ix_listings_shop', table_name='listings')
    op.drop_index('ix_listings_search', table_name='listings', postgresql_using='gin')
    op.drop_index('ix_listings_popular', table_name='listings', postgresql_where=sa.text("state = 'live'"))
    op.drop_index('ix_listings_newest', table_name='listings', postgresql_where=sa.text("state = 'live'"))
    op.drop_index('ix_listings_merchant', table_name='listings')
    op.drop_index('ix_listings_cheapest', table_name='listings', postgresql_where=sa.text("state = 'live'"))
    op.drop_index('ix_listings_category', table_name='listings', postgresql_where=sa.text("state = 'live'"))
    op.drop_table('listings')
    op.drop_table('customer_labels')
    op.drop_index(op.f('ix_consents_tenant_id_customer_id_purpose_id'), table_name='consents')
    op.drop_table('consents')
    op.drop_table('carts')
    op.drop_index(op.f('ix_addresses_tenant_id_customer_id'), table_name='addresses')
    op.drop_table('addresses')
    op.drop_table('tokens')
    op.drop_table('stock_locations')
    op.drop_index(op.f('ix_shops_tenant_id_merchant_id'), table_name='shops')
    op.drop_table('shops')
    op.drop_index(op.f('ix_sessions_tenant_id_user_id'), table_name='sessions')
    op.drop_table('sessions')
    op.drop_index(op.f('ix_merchant_documents_tenant_id_merchant_id'), table_name='merchant_documents')
    op.drop_table('merchant_documents')
    op.drop_index(op.f('ix_memberships_tenant_id_merchant_id'), table_name='memberships')
    op.drop_table('memberships')
    op.drop_index('ix_ledger_postings_source', table_name='ledger_postings', postgresql_include=['amount_minor'])
    op.drop_index('ix_ledger_postings_destination', table_name='ledger_postings', postgresql_include=['amount_minor'])
    op.drop_table('ledger_postings')
    op.drop_index(op.f('ix_import_runs_tenant_id_merchant_id_id'), table_name='import_runs')
    op.drop_table('import_runs')
    op.drop_index(op.f('ix_customers_tenant_id_email_key'), table_name='customers')
    op.drop_table('customers')
    op.drop_table('attributes')
    op.drop_table('users')
    op.drop_table('tenant_provisioning')
    op.drop_table('tenant_plugins')
    op.drop_index('uq_tenant_domains_served', table_name='tenant_domains', postgresql_where=sa.text('verified_at is not null'))
    op.drop_table('tenant_domains')
    op.drop_table('search_misses')
    op.drop_table('seals')
    op.drop_table('roles')
    op.drop_index(op.f('ix_provider_events_tenant_id_object_ref'), table_name='provider_events')
    op.drop_table('provider_events')
    op.drop_index('uq_outbox_key', table_name='outbox', postgresql_where=sa.text('done_at is null and key is not null'))
    op.drop_index('ix_outbox_subject', table_name='outbox', postgresql_where=sa.text('done_at is null and dead_at is null and subject is not null'))
    op.drop_index('ix_outbox_due', table_name='outbox', postgresql_where=sa.text('done_at is null and dead_at is null'))
    op.drop_table('outbox')
    op.drop_index('uq_merchants_house', table_name='merchants', postgresql_where=sa.text('is_house'))
    op.drop_index(op.f('ix_merchants_tenant_id_state_id'), table_name='merchants')
    op.drop_table('merchants')
    op.drop_index(op.f('ix_media_tenant_id_sha256'), table_name='media')
    op.drop_table('media')
    op.drop_index(op.f('ix_mails_tenant_id_recipient_id'), table_name='mails')
    op.drop_table('mails')
    op.drop_table('mail_suppressions')
    op.drop_table('ledger_snapshots')
    op.drop_index(op.f('ix_ledger_entries_tenant_id_txid'), table_name='ledger_entries')
    op.drop_index(op.f('ix_ledger_entries_tenant_id_order_id'), table_name='ledger_entries')
    op.drop_index(op.f('ix_ledger_entries_tenant_id_effective_on_id'), table_name='ledger_entries')
    op.drop_table('ledger_entries')
    op.drop_table('idempotency_keys')
    op.drop_table('departments')
    op.drop_table('counters')
    op.drop_index(op.f('ix_categories_tenant_id_parent_id_position'), table_name='categories')
    op.drop_table('categories')
    op.drop_index(op.f('ix_audit_log_tenant_id_txid'), table_name='audit_log')
    op.drop_index(op.f('ix_audit_log_tenant_id_subject_kind_subject_id_id'), table_name='audit_log')
    op.drop_table('audit_log')
    op.drop_table('attempts')
    op.drop_index(op.f('ix_approvals_tenant_id_kind_subject_id'), table_name='approvals')
    op.drop_table('approvals')
    op.drop_table('api_keys')
    op.drop_table('tenants')
    op.drop_table('plans')
