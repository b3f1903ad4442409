"""Settlement: payouts with their rows, terms, holds, reserves, debts, clawbacks; transfers by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = '0006'
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('payout_runs',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_payout_runs_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_payout_runs')),
    sa.UniqueConstraint('tenant_id', 'day', name=op.f('uq_payout_runs_tenant_id_day'))
    )
    op.create_table('bank_accounts',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('holder', sa.String(), nullable=False),
    sa.Column('sealed_number', sa.String(), nullable=False),
    sa.Column('ending', sa.String(), nullable=False),
    sa.Column('bank_code', sa.String(), nullable=False),
    sa.Column('bank_name', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('is_iban', sa.Boolean(), nullable=False),
    sa.Column('by_kind', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('usable_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_bank_accounts_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_bank_accounts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_bank_accounts'))
    )
    op.create_index(op.f('ix_bank_accounts_tenant_id_merchant_id_id'), 'bank_accounts', ['tenant_id', 'merchant_id', 'id'], unique=False)
    op.create_index('uq_bank_accounts_present', 'bank_accounts', ['tenant_id', 'merchant_id'], unique=True, postgresql_where=sa.text('replaced_at is null'), postgresql_nulls_not_distinct=True)
    op.create_table('clawbacks',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('taken_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('failure', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('planned','reversed','partly_reversed','failed','carried','written_off')", name=op.f('ck_clawbacks_state')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_clawbacks_amount')),
    sa.CheckConstraint('taken_minor between 0 and amount_minor', name=op.f('ck_clawbacks_taken')),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_clawbacks_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_clawbacks_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_clawbacks'))
    )
    op.create_index(op.f('ix_clawbacks_tenant_id_merchant_id'), 'clawbacks', ['tenant_id', 'merchant_id', sa.literal_column('id desc')], unique=False)
    op.create_table('payout_holds',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(), nullable=True),
    sa.Column('message', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_payout_holds_amount')),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_payout_holds_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_payout_holds_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_payout_holds'))
    )
    op.create_index(op.f('ix_payout_holds_tenant_id_merchant_id'), 'payout_holds', ['tenant_id', 'merchant_id'], unique=False)
    op.create_index('uq_payout_holds_key', 'payout_holds', ['tenant_id', 'key'], unique=True, postgresql_where=sa.text('lifted_at is null'))
    op.create_table('payout_terms',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('every', sa.String(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('month_day', sa.Integer(), nullable=False),
    sa.Column('minimum_minor', sa.BigInteger(), nullable=False),
    sa.Column('reserve_bps', sa.Integer(), nullable=False),
    sa.Column('reserve_days', sa.Integer(), nullable=False),
    sa.Column('adapter', sa.String(), nullable=False),
    sa.Column('approval_above_minor', sa.BigInteger(), nullable=True),
    sa.Column('takes_back', sa.Boolean(), nullable=False),
    sa.CheckConstraint("every in ('daily','weekly','monthly','manual')", name=op.f('ck_payout_terms_every')),
    sa.CheckConstraint('month_day between 1 and 28', name=op.f('ck_payout_terms_month_day')),
    sa.CheckConstraint('reserve_bps between 0 and 10000', name=op.f('ck_payout_terms_reserve')),
    sa.CheckConstraint('reserve_days between 0 and 365', name=op.f('ck_payout_terms_reserve_days')),
    sa.CheckConstraint('weekday between 0 and 6', name=op.f('ck_payout_terms_weekday')),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_payout_terms_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_payout_terms_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_payout_terms')),
    sa.UniqueConstraint('tenant_id', 'merchant_id', name=op.f('uq_payout_terms_tenant_id_merchant_id'), postgresql_nulls_not_distinct=True)
    )
    op.create_table('payouts',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('adapter', sa.String(), nullable=False),
    sa.Column('account', sa.String(), nullable=False),
    sa.Column('leaves_from', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('by_kind', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('provider_ref', sa.String(), nullable=False),
    sa.Column('bank_ref', sa.String(), nullable=False),
    sa.Column('failure', sa.String(), nullable=False),
    sa.Column('trouble', sa.String(), nullable=False),
    sa.Column('taken_back_minor', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('awaiting_approval','claimed','sent','paid','failed','returned','cancelled')", name=op.f('ck_payouts_state')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_payouts_amount')),
    sa.CheckConstraint('taken_back_minor between 0 and amount_minor', name=op.f('ck_payouts_taken_back')),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_payouts_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_payouts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_payouts')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_payouts_tenant_id_number'))
    )
    op.create_index(op.f('ix_payouts_tenant_id_merchant_id'), 'payouts', ['tenant_id', 'merchant_id', sa.literal_column('id desc')], unique=False)
    op.create_index(op.f('ix_payouts_tenant_id_state'), 'payouts', ['tenant_id', 'state', sa.literal_column('id desc')], unique=False)
    op.create_table('bank_files',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('csv','pain001')", name=op.f('ck_bank_files_kind')),
    sa.ForeignKeyConstraint(['tenant_id', 'account_id'], ['bank_accounts.tenant_id', 'bank_accounts.id'], name=op.f('fk_bank_files_tenant_id_account_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_bank_files_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_bank_files')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_bank_files_tenant_id_number'))
    )
    op.create_table('merchant_debts',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('clawback_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('invoiced','paid','asked','written_off','rejected')", name=op.f('ck_merchant_debts_state')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_merchant_debts_amount')),
    sa.ForeignKeyConstraint(['tenant_id', 'clawback_id'], ['clawbacks.tenant_id', 'clawbacks.id'], name=op.f('fk_merchant_debts_tenant_id_clawback_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_merchant_debts_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_merchant_debts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_merchant_debts')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_merchant_debts_tenant_id_number'))
    )
    op.create_index(op.f('ix_merchant_debts_tenant_id_merchant_id'), 'merchant_debts', ['tenant_id', 'merchant_id', sa.literal_column('id desc')], unique=False)
    op.create_table('payout_items',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('payout_id', sa.Uuid(), nullable=False),
    sa.Column('posting_id', sa.Uuid(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('reopened_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'payout_id'], ['payouts.tenant_id', 'payouts.id'], name=op.f('fk_payout_items_tenant_id_payout_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'posting_id'], ['ledger_postings.tenant_id', 'ledger_postings.id'], name=op.f('fk_payout_items_tenant_id_posting_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_payout_items_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_payout_items'))
    )
    op.create_index(op.f('ix_payout_items_tenant_id_payout_id_entry_id'), 'payout_items', ['tenant_id', 'payout_id', 'entry_id'], unique=False)
    op.create_index('uq_payout_items_claim', 'payout_items', ['tenant_id', 'posting_id'], unique=True, postgresql_where=sa.text('reopened_at is null'))
    op.create_table('bank_transfers',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('payout_id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=True),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('bank_ref', sa.String(), nullable=False),
    sa.Column('failure', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('to_do','in_file','paid','failed','returned')", name=op.f('ck_bank_transfers_state')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_bank_transfers_amount')),
    sa.ForeignKeyConstraint(['tenant_id', 'account_id'], ['bank_accounts.tenant_id', 'bank_accounts.id'], name=op.f('fk_bank_transfers_tenant_id_account_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'file_id'], ['bank_files.tenant_id', 'bank_files.id'], name=op.f('fk_bank_transfers_tenant_id_file_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_bank_transfers_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_bank_transfers_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_bank_transfers')),
    sa.UniqueConstraint('tenant_id', 'payout_id', name=op.f('uq_bank_transfers_tenant_id_payout_id'))
    )
    op.create_index(op.f('ix_bank_transfers_tenant_id_state_id'), 'bank_transfers', ['tenant_id', 'state', 'id'], unique=False)
    op.create_table('reserves',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('rate_bps', sa.Integer(), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_reserves_amount')),
    sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_reserves_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_reserves_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_reserves_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_reserves')),
    sa.UniqueConstraint('tenant_id', 'order_id', name=op.f('uq_reserves_tenant_id_order_id'))
    )
    op.create_index('ix_reserves_open', 'reserves', ['tenant_id', 'merchant_id', 'due_at'], unique=False, postgresql_where=sa.text('released_at is null'))
    protect(
        'bank_accounts',
        'bank_files',
        'bank_transfers',
        'clawbacks',
        'merchant_debts',
        'payout_holds',
        'payout_items',
        'payout_runs',
        'payout_terms',
        'payouts',
        'reserves',
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index('ix_reserves_open', table_name='reserves', postgresql_where=sa.text('released_at is null'))
    op.drop_table('reserves')
    op.drop_index(op.f('ix_bank_transfers_tenant_id_state_id'), table_name='bank_transfers')
    op.drop_table('bank_transfers')
    op.drop_index('uq_payout_items_claim', table_name='payout_items', postgresql_where=sa.text('reopened_at is null'))
    op.drop_index(op.f('ix_payout_items_tenant_id_payout_id_entry_id'), table_name='payout_items')
    op.drop_table('payout_items')
    op.drop_index(op.f('ix_merchant_debts_tenant_id_merchant_id'), table_name='merchant_debts')
    op.drop_table('merchant_debts')
    op.drop_table('bank_files')
    op.drop_index(op.f('ix_payouts_tenant_id_state'), table_name='payouts')
    op.drop_index(op.f('ix_payouts_tenant_id_merchant_id'), table_name='payouts')
    op.drop_table('payouts')
    op.drop_table('payout_terms')
    op.drop_index('uq_payout_holds_key', table_name='payout_holds', postgresql_where=sa.text('lifted_at is null'))
    op.drop_index(op.f('ix_payout_holds_tenant_id_merchant_id'), table_name='payout_holds')
    op.drop_table('payout_holds')
    op.drop_index(op.f('ix_clawbacks_tenant_id_merchant_id'), table_name='clawbacks')
    op.drop_table('clawbacks')
    op.drop_index('uq_bank_accounts_present', table_name='bank_accounts', postgresql_where=sa.text('replaced_at is null'), postgresql_nulls_not_distinct=True)
    op.drop_index(op.f('ix_bank_accounts_tenant_id_merchant_id_id'), table_name='bank_accounts')
    op.drop_table('bank_accounts')
    op.drop_table('payout_runs')
