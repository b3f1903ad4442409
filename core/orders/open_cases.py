"""Whether something is still open between buyer and shop about an order: then its money is not released."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.kernel.db import session
from core.orders.aftersale_models import AftersaleRow
from core.orders.states import AFTERSALE_OPEN


def has_open_case(order_id: UUID) -> bool:
    """Tell whether an after-sales case of an order is not at its end."""
    query = select(AftersaleRow.id).where(AftersaleRow.order_id == order_id, AftersaleRow.state.in_(AFTERSALE_OPEN))
    return session().scalar(query.limit(1)) is not None
