"""The provider's events: stored first, worked on after; duplicates and disorder change nothing.

`HANDLED` says what is done about each kind; docs/payments.md lists them. Others are kept and left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.kernel import clock, jobs, outbox
from core.kernel.db import session
from core.kernel.errors import Conflict, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.tenancy import current_id
from core.payments import dispute_news, invoice_news, payments, payout_news
from core.payments.models import PaymentRefundRow, PaymentRow, ProviderEventRow

HANDLER = "payments.event"


def store(event: Mapping[str, Any]) -> UUID | None:
    """Keep an event and have it worked on; return the outbox row, None if it had come before."""
    key = park(event)
    return outbox.put(HANDLER, {"event": str(key)}) if key else None


def again(event_id: UUID) -> UUID:
    """Have a stored event worked on once more; what it says changes nothing a second time. Return the outbox row."""
    return outbox.put(HANDLER, {"event": str(event_id)})


def park(event: Mapping[str, Any]) -> UUID | None:
    """Keep an event and leave it alone: it is nobody's here. Return its row, None if it had come before."""
    key = new_id()
    values = {
        "tenant_id": current_id(), "id": key, "provider": "stripe", "event_ref": event["id"], "kind": event["type"],
        "object_ref": _about(event), "created": _moment(event["created"]), "body": dict(event),
        "received_at": clock.now(),
    }  # fmt: skip
    written = session().execute(
        insert(ProviderEventRow).values(values).on_conflict_do_nothing().returning(ProviderEventRow.id)
    )
    if written.first() is None:
        return None
    return key


def _about(event: Mapping[str, Any]) -> str:
    """Return the reference of the object that an event is about; a thin event only names it."""
    return str((event.get("related_object") or event.get("data", {}).get("object", {})).get("id", ""))


def _moment(created: int | str) -> datetime:
    return datetime.fromisoformat(created) if isinstance(created, str) else datetime.fromtimestamp(created, UTC)


@jobs.job(HANDLER, retries=50)
def handle(payload: jobs.Payload) -> None:
    """Work on a stored event. Raise Conflict while we do not know its object yet: it is tried again."""
    row = session().scalars(select(ProviderEventRow).where(ProviderEventRow.id == UUID(payload["event"]))).one()
    work = HANDLED.get(row.kind)
    if work is not None:
        work(row.body.get("data", {}).get("object") or {"id": row.object_ref})
    row.handled_at = clock.now()


def _succeeded(obj: Mapping[str, Any]) -> None:
    row = _payment_row(obj)
    types = obj.get("payment_method_types") or ["card"]
    payments.captured(row, _method(obj) or types[0])


def _failed(obj: Mapping[str, Any]) -> None:
    row = _payment_row(obj)
    error = obj.get("last_payment_error") or {}
    payments.failed(row, str(error.get("decline_code") or error.get("code") or "declined"))


def _cancelled(obj: Mapping[str, Any]) -> None:
    payments.cancelled(_payment_row(obj))


def _under_way(obj: Mapping[str, Any]) -> None:
    _payment_row(obj)


def _method(obj: Mapping[str, Any]) -> str:
    charge = obj.get("latest_charge")
    details = charge.get("payment_method_details") if isinstance(charge, Mapping) else None
    return str(details.get("type", "")) if isinstance(details, Mapping) else ""


def _payment_row(obj: Mapping[str, Any]) -> PaymentRow:
    """Find and lock our payment by the provider's reference, or by the purchase that we wrote into it."""
    query = select(PaymentRow.id).where(PaymentRow.provider_ref == obj["id"])
    key = session().scalar(query)
    if key is None:
        purchase = _own(obj, "galleria_purchase")
        key = session().scalar(select(PaymentRow.id).where(PaymentRow.purchase_id == purchase)) if purchase else None
    if key is None:
        raise Conflict("payments.unknown", _("An event came for a payment that is not here yet"))
    (row,) = lock(PaymentRow, [key])
    row.provider_ref = row.provider_ref or obj["id"]
    return row


def _own(obj: Mapping[str, Any], name: str) -> UUID | None:
    """Return an id that we wrote into the provider's object; None if it carries none."""
    try:
        return UUID(str((obj.get("metadata") or {}).get(name, "")).rpartition(":")[2])
    except ValueError:
        return None


def _refund(obj: Mapping[str, Any]) -> None:
    """Find our refund by the provider's reference, or by the key that we wrote into it; others are left alone."""
    key = session().scalar(select(PaymentRefundRow.id).where(PaymentRefundRow.provider_ref == obj["id"]))
    key = key or _own(obj, "galleria_refund")
    for row in lock(PaymentRefundRow, [key] if key else []):
        row.provider_ref = row.provider_ref or obj["id"]
        payments.note_refund(row, obj["status"], str(obj.get("failure_reason") or ""))


def _account(obj: Mapping[str, Any]) -> None:
    jobs.soon("payments.account_changed", {"account": obj["id"]}, subject=f"account:{obj['id']}")


HANDLED: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "payment_intent.created": _under_way,
    "payment_intent.processing": _under_way,
    "payment_intent.requires_action": _under_way,
    "payment_intent.succeeded": _succeeded,
    "payment_intent.payment_failed": _failed,
    "payment_intent.canceled": _cancelled,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "transfer.reversed": payout_news.reversed_there,
    "payout.paid": payout_news.paid,
    "payout.failed": payout_news.failed,
    "payout.canceled": payout_news.failed,
    "charge.dispute.created": dispute_news.heard,
    "charge.dispute.updated": dispute_news.heard,
    "charge.dispute.funds_withdrawn": dispute_news.heard,
    "charge.dispute.funds_reinstated": dispute_news.heard,
    "charge.dispute.closed": dispute_news.heard,
    "invoice.paid": invoice_news.heard,
    "invoice.payment_failed": invoice_news.declined,
    "invoice.voided": invoice_news.heard,
    "invoice.marked_uncollectible": invoice_news.heard,
    "setup_intent.succeeded": invoice_news.card_saved,
    "v2.core.account.created": _account,
    "v2.core.account.updated": _account,
    "v2.core.account.closed": _account,
    "v2.core.account[requirements].updated": _account,
    "v2.core.account[configuration.recipient].updated": _account,
    "v2.core.account[configuration.recipient].capability_status_updated": _account,
}
"""What is done about each kind of event, given the object that it is about."""
