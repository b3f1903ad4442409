"""indexes that give a category's and a shop's listings in the orders that lists have"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LIVE = text("state = 'live'")
_INDEXES = {
    "ix_listings_category_cheapest": ["tenant_id", "category_id", "price_from_minor", "id"],
    "ix_listings_category_popular": ["tenant_id", "category_id", text("sold_count desc"), text("id desc")],
    "ix_listings_shop_popular": ["tenant_id", "shop_id", text("sold_count desc"), text("id desc")],
}


def upgrade() -> None:
    """Make them."""
    for name, columns in _INDEXES.items():
        op.create_index(name, "listings", columns, postgresql_where=_LIVE)


def downgrade() -> None:
    """Drop them."""
    for name in reversed(_INDEXES):
        op.drop_index(name, table_name="listings")
