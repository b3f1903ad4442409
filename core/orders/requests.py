"""What people ask and note about an order without moving it: to cancel, and notes among staff."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.orders import progress, timeline
from core.orders.models import LineRow, TimelineRow

_LONGEST = 2000


def ask_to_cancel(order_id: UUID, why: str) -> None:
    """Ask the shop to cancel a paid order of which nothing was sent; asking again changes nothing. Raise Conflict."""
    order = progress.locked(order_id)
    sent = select(LineRow.id).where(LineRow.order_id == order_id, LineRow.shipped > 0).limit(1)
    if order.state not in ("paid", "accepted") or session().scalar(sent) is not None:
        raise Conflict("orders.too_late_to_cancel", _("This order is past cancelling; you may send the goods back"))
    asked = select(TimelineRow.id).where(TimelineRow.order_id == order_id, TimelineRow.kind == "cancel_asked").limit(1)
    if session().scalar(asked) is None:
        timeline.note(order_id, "cancel_asked", {"text": why.strip()[:_LONGEST]})


def add_note(order_id: UUID, text: str, *, merchant_id: UUID | None = None) -> None:
    """Write a note that only staff read. Raise Missing or Invalid."""
    progress.find(order_id, merchant_id=merchant_id)
    if not text.strip():
        raise Invalid("orders.empty_note", _("Write something first"),
                      fields=(FieldError("text", _("Fill this in")),))  # fmt: skip
    timeline.note(order_id, "note", {"text": text.strip()[:_LONGEST]}, is_public=False)
