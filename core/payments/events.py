"""The provider's events: stored first, worked on after; duplicates and disorder change nothing.

Handled: payment_intent.succeeded, .payment_failed, .processing, .canceled; refund.updated, refund.failed,
charge.refunded. Others are kept and left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from core.payments import payments
from core.payments.models import PaymentRefundRow, PaymentRow, ProviderEventRow

HANDLER = "payments.event"


def tenant_of(event: Mapping[str, Any]) -> UUID | None:
    """Return whose event it is, by the metadata that we gave its object; None if it carries none."""
    metadata = event.get("data", {}).get("object", {}).get("metadata") or {}
    try:
        return UUID(metadata.get("galleria_tenant", ""))
    except ValueError:
        return None


def store(event: Mapping[str, Any]) -> UUID | None:
    """Keep an event and have it worked on; return the outbox row, None if it had come before."""
    key = park(event)
    return outbox.put(HANDLER, {"event": str(key)}) if key else None


def park(event: Mapping[str, Any]) -> UUID | None:
    """Keep an event and leave it alone: it is nobody's here. Return its row, None if it had come before."""
    obj = event["data"]["object"]
    key = new_id()
    values = {
        "tenant_id": current_id(), "id": key, "provider": "stripe", "event_ref": event["id"], "kind": event["type"],
        "object_ref": obj["id"], "created": datetime.fromtimestamp(event["created"], UTC), "body": dict(event),
        "received_at": clock.now(),
    }  # fmt: skip
    written = session().execute(
        insert(ProviderEventRow).values(values).on_conflict_do_nothing().returning(ProviderEventRow.id)
    )
    if written.first() is None:
        return None
    return key


@jobs.job(HANDLER, retries=50)
def handle(payload: jobs.Payload) -> None:
    """Work on a stored event. Raise Conflict while we do not know its object yet: it is tried again."""
    row = session().scalars(select(ProviderEventRow).where(ProviderEventRow.id == UUID(payload["event"]))).one()
    obj = row.body["data"]["object"]
    if row.kind.startswith("payment_intent."):
        _payment(row.kind.partition(".")[2], obj)
    elif row.kind in ("refund.updated", "refund.failed", "refund.created"):
        _refund(obj)
    row.handled_at = clock.now()


def _payment(kind: str, obj: Mapping[str, Any]) -> None:
    row = _payment_row(obj)
    if kind == "succeeded":
        types = obj.get("payment_method_types") or ["card"]
        payments.captured(row, _method(obj) or types[0])
    elif kind == "payment_failed":
        error = obj.get("last_payment_error") or {}
        payments.failed(row, str(error.get("decline_code") or error.get("code") or "declined"))
    elif kind == "canceled":
        payments.cancelled(row)


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
