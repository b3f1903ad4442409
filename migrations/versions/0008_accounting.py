"""accounting: how far the books are done, statements, fiscal documents, manual entries, chart of accounts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import append_only, protect

revision = '0008'
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    'ledger_books', 'statement_runs', 'statements', 'statement_lines', 'fiscal_documents', 'manual_entries',
    'chart_accounts',
)
# The name is hashed as core.kernel.locks.lock_name does. Statements of plpgsql see what was committed meanwhile.
DATE_ENTRY = """
    create function app.date_entry() returns trigger language plpgsql as $$
    declare done public.ledger_books%rowtype;
    begin
      perform pg_advisory_xact_lock_shared(hashtextextended(new.tenant_id::text || '\\:ledger.books', 0));
      select * into done from public.ledger_books b where b.tenant_id = new.tenant_id;
      new.effective_on := greatest(new.effective_on, done.closed_until);
      new.stated_on := case when done.stated_until > new.effective_on then done.stated_until end;
      return new;
    end $$"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'ledger_books',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('closed_until', sa.Date(), nullable=True),
        sa.Column('stated_until', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_ledger_books_tenant_id')),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_ledger_books')),
        sa.UniqueConstraint('tenant_id', name=op.f('uq_ledger_books_tenant_id')),
    )
    op.create_table(
        'statement_runs',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('closing','issued')", name=op.f('ck_statement_runs_state')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_statement_runs_tenant_id')),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_statement_runs')),
        sa.UniqueConstraint('tenant_id', 'month', name=op.f('uq_statement_runs_tenant_id_month')),
    )
    op.create_table(
        'statements',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('merchant_id', sa.Uuid(), nullable=False),
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('currency', sa.String(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('opening_minor', sa.BigInteger(), nullable=False),
        sa.Column('closing_minor', sa.BigInteger(), nullable=False),
        sa.Column('held_opening_minor', sa.BigInteger(), nullable=False),
        sa.Column('held_closing_minor', sa.BigInteger(), nullable=False),
        sa.Column('reserve_opening_minor', sa.BigInteger(), nullable=False),
        sa.Column('reserve_closing_minor', sa.BigInteger(), nullable=False),
        sa.Column('seller', sa.JSON(), nullable=False),
        sa.Column('buyer', sa.JSON(), nullable=False),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('hash', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_statements_tenant_id')),
        sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_statements_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
        sa.ForeignKeyConstraint(['tenant_id', 'run_id'], ['statement_runs.tenant_id', 'statement_runs.id'], name=op.f('fk_statements_tenant_id_run_id'), initially='DEFERRED', deferrable=True),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_statements')),
        sa.UniqueConstraint('tenant_id', 'merchant_id', 'currency', 'month', name=op.f('uq_statements_tenant_id_merchant_id_currency_month')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_statements_tenant_id_number')),
    )
    op.create_index(op.f('ix_statements_tenant_id_run_id_id'), 'statements', ['tenant_id', 'run_id', 'id'], unique=False)
    op.create_table(
        'statement_lines',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('statement_id', sa.Uuid(), nullable=False),
        sa.Column('pot', sa.String(), nullable=False),
        sa.Column('section', sa.String(), nullable=False),
        sa.Column('amount_minor', sa.BigInteger(), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_statement_lines_tenant_id')),
        sa.ForeignKeyConstraint(['tenant_id', 'statement_id'], ['statements.tenant_id', 'statements.id'], name=op.f('fk_statement_lines_tenant_id_statement_id'), initially='DEFERRED', deferrable=True),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_statement_lines')),
        sa.UniqueConstraint('tenant_id', 'statement_id', 'pot', 'section', name=op.f('uq_statement_lines_tenant_id_statement_id_pot_section')),
    )
    op.create_table(
        'fiscal_documents',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('series', sa.String(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('merchant_id', sa.Uuid(), nullable=False),
        sa.Column('statement_id', sa.Uuid(), nullable=True),
        sa.Column('order_id', sa.Uuid(), nullable=True),
        sa.Column('corrects_id', sa.Uuid(), nullable=True),
        sa.Column('issued_on', sa.Date(), nullable=False),
        sa.Column('supplied_on', sa.Date(), nullable=False),
        sa.Column('currency', sa.String(), nullable=False),
        sa.Column('seller', sa.JSON(), nullable=False),
        sa.Column('buyer', sa.JSON(), nullable=False),
        sa.Column('lines', sa.JSON(), nullable=False),
        sa.Column('taxes', sa.JSON(), nullable=False),
        sa.Column('net_minor', sa.BigInteger(), nullable=False),
        sa.Column('tax_minor', sa.BigInteger(), nullable=False),
        sa.Column('settled_minor', sa.BigInteger(), nullable=False),
        sa.Column('hash', sa.String(), nullable=False),
        sa.CheckConstraint("kind in ('fee_invoice','fee_credit','invoice','credit_note')", name=op.f('ck_fiscal_documents_kind')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_fiscal_documents_tenant_id')),
        sa.ForeignKeyConstraint(['tenant_id', 'corrects_id'], ['fiscal_documents.tenant_id', 'fiscal_documents.id'], name=op.f('fk_fiscal_documents_tenant_id_corrects_id'), initially='DEFERRED', deferrable=True),
        sa.ForeignKeyConstraint(['tenant_id', 'merchant_id'], ['merchants.tenant_id', 'merchants.id'], name=op.f('fk_fiscal_documents_tenant_id_merchant_id'), initially='DEFERRED', deferrable=True),
        sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['orders.tenant_id', 'orders.id'], name=op.f('fk_fiscal_documents_tenant_id_order_id'), initially='DEFERRED', deferrable=True),
        sa.ForeignKeyConstraint(['tenant_id', 'statement_id'], ['statements.tenant_id', 'statements.id'], name=op.f('fk_fiscal_documents_tenant_id_statement_id'), initially='DEFERRED', deferrable=True),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_fiscal_documents')),
        sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_fiscal_documents_tenant_id_key')),
        sa.UniqueConstraint('tenant_id', 'series', 'number', name=op.f('uq_fiscal_documents_tenant_id_series_number')),
    )
    op.create_index(op.f('ix_fiscal_documents_tenant_id_merchant_id'), 'fiscal_documents', ['tenant_id', 'merchant_id', sa.text('id desc')], unique=False)
    op.create_index(op.f('ix_fiscal_documents_tenant_id_order_id'), 'fiscal_documents', ['tenant_id', 'order_id'], unique=False)
    op.create_index(op.f('ix_fiscal_documents_tenant_id_statement_id'), 'fiscal_documents', ['tenant_id', 'statement_id'], unique=False)
    op.create_table(
        'manual_entries',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('effective_on', sa.Date(), nullable=False),
        sa.Column('postings', sa.JSON(), nullable=False),
        sa.Column('entry_id', sa.Uuid(), nullable=True),
        sa.Column('drafted_by', sa.Uuid(), nullable=False),
        sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('waiting','posted','rejected')", name=op.f('ck_manual_entries_state')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_manual_entries_tenant_id')),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_manual_entries')),
    )
    op.create_table(
        'chart_accounts',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('account', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_chart_accounts_tenant_id')),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_chart_accounts')),
        sa.UniqueConstraint('tenant_id', 'account', name=op.f('uq_chart_accounts_tenant_id_account')),
    )
    protect(*TABLES)
    append_only('statements', 'statement_lines', 'fiscal_documents')
    op.add_column('ledger_entries', sa.Column('stated_on', sa.Date(), nullable=True))
    op.create_index('ix_ledger_entries_stated', 'ledger_entries', ['tenant_id', sa.text('coalesce(stated_on, effective_on)')], unique=False)
    op.execute(DATE_ENTRY)
    op.execute("create trigger date_entry before insert on ledger_entries for each row execute function app.date_entry()")


def downgrade() -> None:
    """Undo."""
    op.execute("drop trigger date_entry on ledger_entries")
    op.execute("drop function app.date_entry()")
    op.drop_index('ix_ledger_entries_stated', table_name='ledger_entries')
    op.drop_column('ledger_entries', 'stated_on')
    for table in reversed(TABLES):
        op.drop_table(table)
