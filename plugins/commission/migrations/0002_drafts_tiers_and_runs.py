"""drafts, future lists, tiers and runs over past orders"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect, see_every_tenant

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply. Versions that are there already count from the moment of their writing."""
    op.add_column('commission_lists', sa.Column('approver_id', sa.Uuid(), nullable=True))
    op.add_column('commission_lists', sa.Column('effective_at', _MOMENT, nullable=True))
    op.add_column('commission_lists', sa.Column('withdrawn_at', _MOMENT, nullable=True))
    see_every_tenant()
    op.execute('update commission_lists set effective_at = created_at')
    op.alter_column('commission_lists', 'effective_at', nullable=False)
    op.create_index(op.f('ix_commission_lists_tenant_id_effective_at_version'), 'commission_lists', ['tenant_id', 'effective_at', 'version'])
    op.add_column('commission_rates', sa.Column('tiers', sa.JSON(), nullable=False, server_default='{}'))
    op.add_column('commission_rates', sa.Column('tier_mode', sa.String(), nullable=False, server_default='marginal'))
    op.add_column('commission_rates', sa.Column('with_delivery', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('commission_rates', sa.Column('tax_bps', sa.Integer(), nullable=True))
    for column in ('tiers', 'tier_mode', 'with_delivery'):
        op.alter_column('commission_rates', column, server_default=None)
    op.create_check_constraint(op.f('ck_commission_rates_tier_mode'), 'commission_rates', "tier_mode in ('marginal','whole')")
    op.create_check_constraint(op.f('ck_commission_rates_tax'), 'commission_rates', 'tax_bps between 0 and 10000')
    op.create_table('commission_drafts',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('rates', sa.JSON(), nullable=False),
    sa.Column('based_on', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('released_version', sa.Integer(), nullable=True),
    sa.Column('created_at', _MOMENT, nullable=False),
    sa.Column('changed_at', _MOMENT, nullable=False),
    sa.CheckConstraint("state in ('open','asked','released','discarded')", name=op.f('ck_commission_drafts_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_commission_drafts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_commission_drafts'))
    )
    op.create_index('uq_commission_drafts_live', 'commission_drafts', ['tenant_id'], unique=True, postgresql_where=sa.text("state in ('open','asked')"))
    op.create_table('commission_runs',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('start_on', sa.Date(), nullable=False),
    sa.Column('end_on', sa.Date(), nullable=False),
    sa.Column('rates', sa.JSON(), nullable=False),
    sa.Column('tally', sa.JSON(), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('created_at', _MOMENT, nullable=False),
    sa.Column('finished_at', _MOMENT, nullable=True),
    sa.CheckConstraint("kind in ('simulation','replay')", name=op.f('ck_commission_runs_kind')),
    sa.CheckConstraint("state in ('running','done','failed')", name=op.f('ck_commission_runs_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_commission_runs_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_commission_runs'))
    )
    op.create_index(op.f('ix_commission_runs_tenant_id_kind_id'), 'commission_runs', ['tenant_id', 'kind', 'id'])
    protect('commission_drafts', 'commission_runs')


def downgrade() -> None:
    """Undo. Versions that are to count later, and conditions and tiers of rates, have no place in what was before."""
    op.drop_table('commission_runs')
    op.drop_table('commission_drafts')
    op.drop_constraint(op.f('ck_commission_rates_tax'), 'commission_rates', type_='check')
    op.drop_constraint(op.f('ck_commission_rates_tier_mode'), 'commission_rates', type_='check')
    for column in ('tax_bps', 'with_delivery', 'tier_mode', 'tiers'):
        op.drop_column('commission_rates', column)
    op.drop_index(op.f('ix_commission_lists_tenant_id_effective_at_version'), 'commission_lists')
    for column in ('withdrawn_at', 'effective_at', 'approver_id'):
        op.drop_column('commission_lists', column)
