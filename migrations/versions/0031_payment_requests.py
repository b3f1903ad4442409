"""requests for payment of debts are papers with numbers of their own"""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ck_fiscal_documents_kind", "fiscal_documents"
_BEFORE = "kind in ('fee_invoice','fee_credit','invoice','credit_note')"
_AFTER = "kind in ('fee_invoice','fee_credit','invoice','credit_note','payment_request')"


def upgrade() -> None:
    """Apply."""
    op.drop_constraint(op.f(_NAME), _TABLE, type_="check")
    op.create_check_constraint(op.f(_NAME), _TABLE, _AFTER)


def downgrade() -> None:
    """Undo; requests that were issued stand in the way, for papers are never deleted."""
    op.drop_constraint(op.f(_NAME), _TABLE, type_="check")
    op.create_check_constraint(op.f(_NAME), _TABLE, _BEFORE)
