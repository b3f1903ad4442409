"""Whether something is still open between buyer and shop about an order: then its money is not released."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from core.kernel.db import session
from core.orders.aftersale_models import AftersaleRow
from core.orders.states import AFTERSALE_OPEN

Open = Callable[[UUID], bool]
_others: dict[str, Open] = {}


def register(name: str, is_open: Open) -> None:
    """Have an area above say of an order whether something of its own is open. Needs a transaction."""
    _others[name] = is_open


def has_open_case(order_id: UUID) -> bool:
    """Tell whether an after-sales case of an order, or what another area registered, is not at its end."""
    query = select(AftersaleRow.id).where(AftersaleRow.order_id == order_id, AftersaleRow.state.in_(AFTERSALE_OPEN))
    return session().scalar(query.limit(1)) is not None or any(is_open(order_id) for is_open in _others.values())
