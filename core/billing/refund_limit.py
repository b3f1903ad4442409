"""The amount above which giving an order's money back needs a second person of the marketplace."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from core.billing.models import RefundRow
from core.identity import approvals
from core.kernel import audit
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import current

KIND = "orders.refund"
SETTING = "refund_second_person"


def limit() -> Money | None:
    """Return the tenant's limit, in its own currency; None if one person is always enough."""
    stored = str(current().setting(SETTING, "") or "")
    return Money.parse(stored, current().currency) if stored else None


def is_above(order_id: UUID, amount: Money) -> bool:
    """Tell whether an order gives back more than the limit with this refund, those before it included.

    Splitting a large refund into small ones does not pass below it. Orders in another currency than the tenant's
    are always above it.
    """
    most = limit()
    if most is None:
        return False
    return amount.currency != most.currency or given(order_id, amount.currency) + amount > most


def given(order_id: UUID, currency: str) -> Money:
    """Return what buyers got back of an order so far."""
    query = select(func.coalesce(func.sum(RefundRow.amount_minor), 0)).where(RefundRow.order_id == order_id)
    return Money(int(session().scalar(query) or 0), currency)


def mark(order_id: UUID, key: str, digest: str, amount: Money) -> str:
    """Return the fingerprint of one refund: its key, what it asks for, its amount, and what was given before."""
    return approvals.fingerprint(KIND, key, digest, amount.minor, amount.currency, given(order_id, amount.currency))


def require(order_id: UUID, key: str, digest: str, amount: Money) -> None:
    """Raise Conflict if this refund is above the limit and no second person has agreed to exactly it.

    What the system does by a rule (cancelling what came too late) is nobody's decision and passes.
    """
    if audit.actor().kind != audit.SYSTEM.kind and is_above(order_id, amount):
        approvals.require(KIND, order_id, mark(order_id, key, digest, amount))
