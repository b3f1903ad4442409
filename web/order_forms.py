"""Reads the forms of order pages: what a parcel holds, what to give back."""

from __future__ import annotations

from uuid import UUID

from flask import request

from core.billing.refund import RefundRequest
from core.fulfilment.shipping import Shipment
from core.http.errors import message
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.money import Money
from core.orders.queries import LineView


def _whole(text: str, path: str) -> int:
    if not text.strip():
        return 0
    if not text.strip().isdecimal() or len(text.strip()) > 6:
        fault = FieldError(path, _("Type a whole number"))
        raise Invalid("orders.not_a_number", _("A number of units is not a whole number"), fields=(fault,))
    return int(text)


def units(prefix: str, lines: tuple[LineView, ...]) -> dict[UUID, int]:
    """Read how many of each line: fields called prefix and the line's key. Zeros are left out. Raise Invalid."""
    asked = {line.id: _whole(request.form.get(f"{prefix}{line.id}", ""), f"{prefix}{line.id}") for line in lines}
    return {key: number for key, number in asked.items() if number}


def shipment(lines: tuple[LineView, ...]) -> Shipment:
    """Read what a merchant says when sending; without any numbers everything that is left goes out."""
    form = request.form
    has_numbers = any(form.get(f"send-{line.id}", "").strip() for line in lines)
    chosen = units("send-", lines) if has_numbers else None
    return Shipment(form.get("carrier", "")[:80], form.get("tracking", "")[:120], form.get("tracking_url", "")[:500],
                    chosen)  # fmt: skip


def refund(order_id: UUID, lines: tuple[LineView, ...], currency: str, merchant_id: UUID | None) -> RefundRequest:
    """Read what to give back. The form's key makes a double click harmless."""
    form = request.form
    return RefundRequest(
        order_id, units("units-", lines), f"form:{form.get('key', '')[:64]}", form.get("reason", "").strip()[:500],
        _delivery(form.get("delivery", ""), currency), restock="restock" in form, merchant_id=merchant_id,
        amounts=_amounts(lines, currency),
    )  # fmt: skip


def _amounts(lines: tuple[LineView, ...], currency: str) -> dict[UUID, Money]:
    """Read amounts for lines whose goods stay where they are: fields called amount- and the line's key."""
    given = {line.id: request.form.get(f"amount-{line.id}", "").strip() for line in lines}
    return {key: Money.parse(text.replace(",", "."), currency) for key, text in given.items() if text}


def _delivery(text: str, currency: str) -> Money | None:
    if not text.strip():
        return None
    found = Money.parse(text.replace(",", "."), currency)
    if found.minor < 0:
        raise Invalid("refunds.delivery", _("An amount to give back is not negative"))
    return found


def refusal(error: AppError | None) -> str:
    """Say why a form was refused, with each field's own fault."""
    if error is None:
        return ""
    faults = [fault.message for fault in getattr(error, "fields", ())]
    return " ".join([message(error), *(message(AppError("field", fault)) for fault in faults)])
