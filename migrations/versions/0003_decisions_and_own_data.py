"""decisions in words, requests about one's own data, history runs, domain checks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect, see_every_tenant

revision = '0003'
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('api_keys', sa.Column('made_by', sa.Uuid(), nullable=True))
    op.add_column('approvals', sa.Column('proposal', sa.JSON(), server_default='{}', nullable=False))
    op.add_column('approvals', sa.Column('answer', sa.String(), server_default='', nullable=False))
    op.add_column('approvals', sa.Column('asked_name', sa.String(), server_default='', nullable=False))
    op.add_column('approvals', sa.Column('decided_name', sa.String(), server_default='', nullable=False))
    for column in ('proposal', 'answer', 'asked_name', 'decided_name'):
        op.alter_column('approvals', column, server_default=None)
    op.create_index('ix_approvals_waiting', 'approvals', ['tenant_id', 'id'], unique=False, postgresql_where=sa.text("state = 'asked'"))
    op.add_column('tenant_domains', sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('tenant_domains', sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f('ck_payment_refunds_state'), 'payment_refunds', type_='check')
    op.create_check_constraint(op.f('ck_payment_refunds_state'), 'payment_refunds', "state in ('intended','pending','succeeded','failed','outside')")
    see_every_tenant()
    op.execute("""
        update payment_refunds r set state = 'outside' from payments p
         where p.tenant_id = r.tenant_id and p.id = r.payment_id and r.state = 'intended' and p.provider <> 'stripe'""")
    op.create_table('subject_requests',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('report', sa.JSON(), nullable=False),
    sa.CheckConstraint("kind in ('export','erasure')", name=op.f('ck_subject_requests_kind')),
    sa.CheckConstraint("state in ('asked','ready','expired','done','refused')", name=op.f('ck_subject_requests_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customers.tenant_id', 'customers.id'], name=op.f('fk_subject_requests_tenant_id_customer_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_subject_requests_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_subject_requests'))
    )
    op.create_index(op.f('ix_subject_requests_tenant_id_user_id_id'), 'subject_requests', ['tenant_id', 'user_id', 'id'], unique=False)
    op.create_table('history_runs',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('blob', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('next_chunk', sa.Integer(), nullable=False),
    sa.Column('left_out', sa.Integer(), nullable=False),
    sa.Column('report', sa.String(), nullable=False),
    sa.Column('totals', sa.JSON(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('waiting','running','done','failed')", name=op.f('ck_history_runs_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_history_runs_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_history_runs'))
    )
    protect('subject_requests', 'history_runs')


def downgrade() -> None:
    """Undo."""
    op.drop_table('history_runs')
    op.drop_table('subject_requests')
    see_every_tenant()
    op.execute("update payment_refunds set state = 'intended' where state = 'outside'")
    op.drop_constraint(op.f('ck_payment_refunds_state'), 'payment_refunds', type_='check')
    op.create_check_constraint(op.f('ck_payment_refunds_state'), 'payment_refunds', "state in ('intended','pending','succeeded','failed')")
    op.drop_column('tenant_domains', 'failing_since')
    op.drop_column('tenant_domains', 'checked_at')
    op.drop_index('ix_approvals_waiting', table_name='approvals', postgresql_where=sa.text("state = 'asked'"))
    for column in ('decided_name', 'asked_name', 'answer', 'proposal'):
        op.drop_column('approvals', column)
    op.drop_column('api_keys', 'made_by')
