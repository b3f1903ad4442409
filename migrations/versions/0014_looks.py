"""saved views of lists, and how each person wants the consoles"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('saved_views',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('realm', sa.String(), nullable=False),
    sa.Column('merchant_id', sa.Uuid(), nullable=True),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('listing', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('query', sa.String(), nullable=False),
    sa.Column('is_shared', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("realm in ('platform','operator','merchant')", name=op.f('ck_saved_views_realm')),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['users.tenant_id', 'users.id'], name=op.f('fk_saved_views_tenant_id_user_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_saved_views_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_saved_views')),
    sa.UniqueConstraint('tenant_id', 'user_id', 'listing', 'name', name=op.f('uq_saved_views_tenant_id_user_id_listing_name'))
    )
    op.create_index(op.f('ix_saved_views_tenant_id_listing_merchant_id'), 'saved_views', ['tenant_id', 'listing', 'merchant_id'], unique=False)
    op.create_table('preferences',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('theme', sa.String(), nullable=False),
    sa.Column('density', sa.String(), nullable=False),
    sa.Column('has_shortcuts', sa.Boolean(), nullable=False),
    sa.Column('page_size', sa.Integer(), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.CheckConstraint("theme in ('light','dark','')", name=op.f('ck_preferences_theme')),
    sa.CheckConstraint("density in ('compact','')", name=op.f('ck_preferences_density')),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['users.tenant_id', 'users.id'], name=op.f('fk_preferences_tenant_id_user_id'), ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_preferences_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_preferences')),
    sa.UniqueConstraint('tenant_id', 'user_id', name=op.f('uq_preferences_tenant_id_user_id'))
    )
    protect('saved_views', 'preferences')


def downgrade() -> None:
    """Undo."""
    op.drop_table('preferences')
    op.drop_table('saved_views')
