"""What a dispute gives back: an amount over the order's lines, by the owning service, once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.billing import refund as refunds
from core.billing import refund_decisions
from core.billing.models import RefundRow
from core.billing.parts import left_of
from core.billing.refund import Refund, RefundRequest
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money, spread, total
from core.orders.models import LineRow
from core.processes.conflicts import moving
from core.processes.conflicts.models import ConflictRow

PAY = "conflicts.pay"


def left(row: ConflictRow) -> Money:
    """Return what can still go back for the goods of the order."""
    return total(left_of(_lines(row.order_id)).values(), row.currency)


def _lines(order_id: UUID) -> list[LineRow]:
    return list(session().scalars(select(LineRow).where(LineRow.order_id == order_id).order_by(LineRow.position)))


def require_left(row: ConflictRow, amount: Money, path: str = "amount") -> None:
    """Raise Invalid at the field for an amount that is negative or more than is left."""
    most = left(row)
    if amount.minor < 0 or amount > most:
        message = _("Between nothing and {most}")
        raise Invalid("conflicts.amount", message, fields=(FieldError(path, message.format(most=most)),), most=most)


def request_of(row: ConflictRow) -> RefundRequest | None:
    """Return the refund that an agreement or decision asks for; None for none. The same dispute asks for one alone."""
    rest = {key: amount for key, amount in left_of(_lines(row.order_id)).items() if amount}
    if not row.awarded_minor or not rest:
        return None
    parts = spread(Money(row.awarded_minor, row.currency), [amount.minor for amount in rest.values()])
    amounts = {key: part for key, part in zip(rest, parts, strict=True) if part}
    return RefundRequest(row.order_id, {}, f"conflict:{row.id}", row.number, amounts=amounts)


def pay_later(row: ConflictRow) -> None:
    """Have an agreed amount given back after this transaction: both sides want it, so nobody else decides."""
    if row.awarded_minor:
        jobs.soon(PAY, {"conflict": str(row.id)})


@jobs.job(PAY)
def pay(payload: jobs.Payload) -> None:
    """Give an agreed amount back, once."""
    row = moving.locked(UUID(payload["conflict"]))
    request = request_of(row)
    if row.refund_id is None and row.state == "agreed" and request is not None:
        row.refund_id = refunds.refund(request).id


def command(row: ConflictRow, *, by: UUID) -> None:
    """Have a decided amount given back, or put before a second person where it is large."""
    request = request_of(row)
    if request is not None:
        done = refund_decisions.refund(request, by=by)
        row.refund_id = done.id if isinstance(done, Refund) else None


def found(row: ConflictRow) -> UUID | None:
    """Return the refund of a dispute, made here or after a second person agreed; None while there is none."""
    from_order = select(RefundRow.id).where(RefundRow.order_id == row.order_id,
                                                    RefundRow.key == f"conflict:{row.id}")  # fmt: skip
    return row.refund_id or session().scalar(from_order)
