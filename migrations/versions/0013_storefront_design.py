"""storefront design"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import append_only, protect

revision = '0013'
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('design_parts',
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('published', sa.JSON(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('draft', sa.JSON(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("part in ('theme','front','menus')", name=op.f('ck_design_parts_part')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_design_parts_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_design_parts')),
    sa.UniqueConstraint('tenant_id', 'part', name=op.f('uq_design_parts_tenant_id_part'))
    )
    op.create_table('design_versions',
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('published_by', sa.String(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("part in ('theme','front','menus')", name=op.f('ck_design_versions_part')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenants.id'], name=op.f('fk_design_versions_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_design_versions')),
    sa.UniqueConstraint('tenant_id', 'part', 'number', name=op.f('uq_design_versions_tenant_id_part_number'))
    )
    protect('design_parts', 'design_versions')
    append_only('design_versions')


def downgrade() -> None:
    """Take back."""
    op.drop_table('design_versions')
    op.drop_table('design_parts')
