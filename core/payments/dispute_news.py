"""What the provider says of disputes: passed on as values to whoever keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.errors import Conflict, _
from core.kernel.money import Money
from core.payments.models import PaymentRow
from core.payments.stripe.amounts import received

_STATES = {"needs_response": "open", "under_review": "submitted", "won": "won", "lost": "lost"}


@dataclass(frozen=True, slots=True)
class DisputeNews:
    """A dispute as the provider has it now: `state` is open, submitted, won or lost; `fee` is known once it is taken."""

    ref: str
    payment_id: UUID
    provider: str
    amount: Money
    fee: Money
    reason: str
    state: str
    due_at: datetime | None


Listener = Callable[[DisputeNews], None]
_listeners: list[Listener] = []


def when_told(listener: Listener) -> Listener:
    """Call back, in the transaction of the event, with what is said of a dispute."""
    _listeners.append(listener)
    return listener


def heard(obj: Mapping[str, Any]) -> None:
    """Pass on what an event says. Inquiries move no money and are left alone.

    Raise Conflict while the payment is not here yet: the event is tried again.
    """
    state = _STATES.get(str(obj.get("status")))
    if state is None:
        return
    payment = session().scalars(
        select(PaymentRow).where(PaymentRow.provider == "stripe", PaymentRow.provider_ref == obj.get("payment_intent"))
    ).one_or_none()  # fmt: skip
    if payment is None or payment.state not in ("captured", "late"):
        raise Conflict("payments.unknown", _("An event came for a payment that is not here yet"))
    due = (obj.get("evidence_details") or {}).get("due_by")
    news = DisputeNews(
        str(obj["id"]), payment.id, payment.provider, received(int(obj["amount"]), str(obj["currency"])), _fee(obj),
        str(obj.get("reason") or ""), state, datetime.fromtimestamp(due, UTC) if due else None,
    )  # fmt: skip
    for listener in _listeners:
        listener(news)


def _fee(obj: Mapping[str, Any]) -> Money:
    """Return what the provider has taken for its trouble, in the dispute's currency."""
    rows = obj.get("balance_transactions") or []
    fee = sum(int(row["fee"]) for row in rows if row["currency"] == obj["currency"])
    return received(fee, str(obj["currency"]))
