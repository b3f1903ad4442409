"""Takes a dispute's answer to the provider: one bundle of what every shop says, with facts of the orders and parcels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.billing import disputes
from core.billing.disputes import Share
from core.fulfilment.models import ParcelRow
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.errors import Conflict
from core.kernel.tx import read_only, transaction
from core.media import uploads
from core.merchants import directory
from core.orders.models import LineRow, PurchaseRow
from core.payments.stripe import disputes as provider


def facts(dispute_id: UUID) -> dict[str, str]:
    """Return the texts of the bundle, by the provider's names: who bought what, how it was sent, what shops say."""
    found, parts = disputes.find(dispute_id), disputes.shares(dispute_id)
    purchase = session().scalars(select(PurchaseRow).where(PurchaseRow.id == found.purchase_id)).one()
    orders = [share.order_id for share in parts]
    lines = session().scalars(select(LineRow).where(LineRow.order_id.in_(orders)).order_by(LineRow.id)).all()
    parcels = session().scalars(select(ParcelRow).where(ParcelRow.order_id.in_(orders)).order_by(ParcelRow.id)).all()
    address = [purchase.address.get(name, "") for name in ("line1", "line2", "postcode", "city", "region", "country")]
    return {
        "customer_name": purchase.address.get("name", ""),
        "customer_email_address": purchase.email,
        "shipping_address": ", ".join(part for part in address if part),
        "product_description": ", ".join(f"{line.quantity} x {line.title}" for line in lines),
        "shipping_carrier": _joined(parcel.carrier for parcel in parcels),
        "shipping_tracking_number": _joined(parcel.tracking for parcel in parcels),
        "shipping_date": _joined(parcel.shipped_at.date().isoformat() for parcel in parcels),
        "uncategorized_text": _answers(parts),
    }


def _joined(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word))


def _answers(parts: Sequence[Share]) -> str:
    names = directory.found(share.merchant_id for share in parts)
    texts = []
    for place, share in enumerate(share for share in parts if share.answered_at):
        paper = "" if share.media_id is None or place < len(provider.FILE_FIELDS) else " (a paper is there on request)"
        texts.append(f"{names[share.merchant_id].name}, order {share.order_number}{paper}:\n{share.answer}")
    return "\n\n".join(texts)


def _papers(parts: Sequence[Share]) -> list[provider.Paper]:
    found = []
    for share in parts:
        if share.media_id is not None and share.answered_at is not None:
            blob = uploads.original(share.media_id)
            found.append(provider.Paper(f"paper:{share.media_id}", f"{share.order_number}.pdf", blob.data))
    return found


def _under_way(payload: jobs.Payload, what: str) -> bool:
    found = disputes.find(UUID(payload["dispute"]))
    return found.state == "open" and found.asked == what


@jobs.slow_job("billing.dispute_submit", retries=50)
def _submit(payload: jobs.Payload) -> None:
    dispute_id = UUID(payload["dispute"])
    with read_only():
        if not _under_way(payload, "submit"):
            return
        ref = disputes.find(dispute_id).ref
        texts: Mapping[str, str] = facts(dispute_id)
        papers = _papers(disputes.shares(dispute_id))
    try:
        provider.submit(ref, texts, papers, key=f"dispute:{dispute_id}:submit")
    except Conflict as refusal:
        _refused(dispute_id, refusal)
        return
    with transaction():
        disputes.note_submitted(dispute_id)


@jobs.slow_job("billing.dispute_accept", retries=50)
def _accept(payload: jobs.Payload) -> None:
    dispute_id = UUID(payload["dispute"])
    with read_only():
        if not _under_way(payload, "accept"):
            return
        ref = disputes.find(dispute_id).ref
    try:
        provider.accept(ref, key=f"dispute:{dispute_id}:accept")
    except Conflict as refusal:
        _refused(dispute_id, refusal)
        return
    with transaction():
        disputes.note_lost(dispute_id)


def _refused(dispute_id: UUID, refusal: Conflict) -> None:
    with transaction():
        disputes.note_refused(dispute_id, str(refusal.facts.get("reason") or refusal.code))
