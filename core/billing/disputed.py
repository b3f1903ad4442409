"""Whether a purchase's payment is disputed, which keeps it from being refunded."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.billing.dispute_models import DisputeRow
from core.kernel.db import session
from core.kernel.errors import Conflict, _


def refuse_if_disputed(purchase_id: UUID) -> None:
    """Raise Conflict if the buyer's bank has taken the payment back or may keep it: a refund would pay twice."""
    query = select(DisputeRow.state).where(DisputeRow.purchase_id == purchase_id, DisputeRow.state != "won")
    states = session().scalars(query).all()
    if "lost" in states:
        raise Conflict("refunds.charged_back", _("The buyer's bank has taken this payment back already"))
    if states:
        raise Conflict("refunds.disputed", _("The buyer's bank disputes this payment; answer the dispute instead"))
