"""Refunds and cancellations as people ask for them: carried out at once, or put before a second person if large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import select

from core.billing import cancelling, refund_limit
from core.billing import refund as refunds
from core.billing.refund import Refund, RefundRequest
from core.billing.refund_limit import KIND
from core.hooks.types import Json
from core.identity import approvals, decisions
from core.identity.approvals import Approval
from core.identity.decisions import Kind, Told, by_mark
from core.kernel.db import session
from core.kernel.errors import Denied, _
from core.kernel.money import Money
from core.orders import progress
from core.orders.models import OrderRow


def refund(request: RefundRequest, *, by: UUID | None) -> Refund | Approval:
    """Give money back, or ask a second person for it; the same request again returns the same answer.

    `by` is the person who answers for it. Raise as `core.billing.refund.refund` does.
    """
    progress.locked(request.order_id, merchant_id=request.merchant_id)
    if refunds.known(request) is None:
        asked = _asked(request, by, is_cancelling=False)
        if asked is not None:
            return asked
    return refunds.refund(request)


def cancel(
    order_id: UUID, reason: str, key: str, *, by: UUID | None, merchant_id: UUID | None = None
) -> Approval | None:
    """Cancel a paid order of which nothing has left, or ask a second person for it; None says that it is done.

    Raise as `core.billing.cancelling.cancel_paid` does.
    """
    progress.locked(order_id, merchant_id=merchant_id)
    request = cancelling.refund_of(order_id, reason, key, merchant_id=merchant_id)
    asked = _asked(request, by, is_cancelling=True) if request is not None else None
    if asked is None:
        cancelling.cancel_paid(order_id, reason, key, merchant_id=merchant_id)
    return asked


def pending(order_id: UUID) -> Approval | None:
    """Return the refund of an order that waits for a second person, or was refused last; None otherwise."""
    found = approvals.latest(KIND, order_id)
    return found if found is not None and found.state in ("asked", "rejected") else None


def _asked(request: RefundRequest, by: UUID | None, *, is_cancelling: bool) -> Approval | None:
    amount = refunds.preview(request).amount
    if not refund_limit.is_above(request.order_id, amount):
        return None
    mark = _mark(request, amount)
    if approvals.is_approved(KIND, request.order_id, mark):
        return None
    if by is None:
        raise Denied("approvals.nobody", _("Sign in: somebody must answer for this"))
    return approvals.request(
        KIND, request.order_id, mark, amount, by=by, reason=request.reason, proposal=_proposal(request, is_cancelling)
    )


def _mark(request: RefundRequest, amount: Money) -> str:
    return refund_limit.mark(request.order_id, request.key, request.digest, amount)


def _proposal(request: RefundRequest, is_cancelling: bool) -> Mapping[str, Json]:
    return {
        "is_cancelling": is_cancelling, "key": request.key, "restock": request.restock,
        "units": {str(line): units for line, units in request.quantities.items()},
        "amounts": {str(line): amount.minor for line, amount in request.amounts.items()},
        "delivery_minor": request.delivery.minor if request.delivery else 0,
        "merchant_id": str(request.merchant_id) if request.merchant_id else "",
    }  # fmt: skip


def _proposed(asked: Approval) -> RefundRequest:
    given = asked.proposal
    units, delivery = cast(Mapping[str, int], given["units"]), cast(int, given["delivery_minor"])
    currency = asked.amount.currency if asked.amount else ""
    amounts = cast(Mapping[str, int], given.get("amounts", {}))
    return RefundRequest(
        asked.subject_id, {UUID(line): number for line, number in units.items()}, str(given["key"]), asked.reason,
        Money(delivery, currency) if delivery else None, restock=bool(given["restock"]),
        merchant_id=UUID(str(given["merchant_id"])) if given["merchant_id"] else None,
        amounts={UUID(line): Money(minor, currency) for line, minor in amounts.items()},
    )  # fmt: skip


def _mark_now(asked: Approval) -> str:
    request = _proposed(asked)
    return _mark(request, refunds.preview(request).amount)


def _carry_out(asked: Approval) -> None:
    request = _proposed(asked)
    if asked.proposal["is_cancelling"]:
        cancelling.cancel_paid(request.order_id, request.reason, request.key, merchant_id=request.merchant_id)
    else:
        refunds.refund(request)


def _describe(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    keys = {one.subject_id for one in asked}
    rows = session().execute(select(OrderRow.id, OrderRow.number).where(OrderRow.id.in_(keys))).all()
    numbers = {row.id: row.number for row in rows}
    return {one.id: _words(one, numbers.get(one.subject_id, "")) for one in asked}


def _words(asked: Approval, number: str) -> Told:
    units = cast(Mapping[str, int], asked.proposal.get("units", {}))
    facts: Mapping[str, str | int] = {"number": number, "units": sum(units.values())}
    is_cancelling = bool(asked.proposal.get("is_cancelling"))
    said = _("Cancel order {number} and give everything back") if is_cancelling else _(
        "Refund {units} units of order {number}"
    )  # fmt: skip
    return Told(said, facts, "operator.order", {"order_id": asked.subject_id})


decisions.register(Kind(KIND, _("Refund"), "orders.refund", _describe, by_mark(_mark_now, _carry_out)))
