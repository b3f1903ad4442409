"""What rules read of disputes: what a buyer who was defrauded is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.compliance import holdings
from core.compliance.facts import Tree
from core.kernel.db import session
from core.kernel.money import Money
from core.orders.models import OrderRow
from core.processes.conflicts.deciding import SOURCE
from core.processes.conflicts.models import ConflictRow


def _facts(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Tree]]:
    """The law counts the compensation besides the price, which goes back anyway."""
    query = select(ConflictRow, OrderRow.total_minor).join(
        OrderRow, (OrderRow.tenant_id == ConflictRow.tenant_id) & (OrderRow.id == ConflictRow.order_id)
    )
    return {
        row.id: {"d": {"fraud": row.is_fraud, "price": str(Money(total, row.currency).decimal),
                       "awarded": str(Money(row.extra_minor, row.currency).decimal)}}
        for row, total in session().execute(query.where(ConflictRow.id.in_(ids)))
    }  # fmt: skip


holdings.register(SOURCE, _facts)
