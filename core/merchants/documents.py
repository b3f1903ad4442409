"""Documents and statements that merchants hand in against requirements, and what the operator thinks of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from core.hooks.compliance import Requirement
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, Missing, _
from core.merchants.directory import row_of
from core.merchants.files import require_own
from core.merchants.models import DocumentRow, MerchantRow
from core.merchants.requirements import ATTESTATION, DOCUMENT, required_of
from core.merchants.states import EDITABLE
from core.merchants.values import Document, document_of


def hand_in(merchant_id: UUID | None, requirement: str, media_id: UUID) -> Document:
    """Hand in a stored file against a requirement; it replaces what was handed in and not accepted."""
    row = _editable(merchant_id)
    _require(row, requirement, DOCUMENT)
    require_own(row.id, media_id)
    return _put(row, requirement, media_id)


def agree(merchant_id: UUID | None, requirement: str) -> Document:
    """Agree to a statement that is required. Raise Invalid if it is none."""
    row = _editable(merchant_id)
    _require(row, requirement, ATTESTATION)
    return _put(row, requirement, None)


def withdraw(merchant_id: UUID | None, requirement: str) -> None:
    """Take back what was handed in against a requirement and not accepted."""
    row = _editable(merchant_id)
    _forget(row, requirement)
    audit.record("merchant.document_withdrawn", "merchant", row.id, requirement=requirement)


def of_merchant(merchant_id: UUID | None) -> tuple[Document, ...]:
    """Return what a merchant has handed in, oldest first."""
    query = select(DocumentRow).where(DocumentRow.merchant_id == merchant_id).order_by(DocumentRow.id)
    return tuple(document_of(row) for row in session().scalars(query))


def find(merchant_id: UUID | None, document_id: UUID) -> Document:
    """Return one document of a merchant. Raise Missing if it is not the merchant's."""
    return document_of(_row(merchant_id, document_id))


def accept(merchant_id: UUID, document_id: UUID) -> None:
    """Say that a document proves what it should."""
    _judge(merchant_id, document_id, "accepted", "")


def refuse(merchant_id: UUID, document_id: UUID, note: str) -> None:
    """Say that a document will not do, and why; the merchant has to hand in another."""
    if not note.strip():
        raise Invalid("merchants.reason_missing", _("Say what is wrong with the document"))
    _judge(merchant_id, document_id, "refused", note.strip())


def missing(row: MerchantRow) -> tuple[Requirement, ...]:
    """Return the requirements against selling that nothing acceptable was handed in for."""
    supplied = {d.requirement for d in of_merchant(row.id) if d.state != "refused"}
    kinds = {DOCUMENT, ATTESTATION}
    return tuple(r for r in required_of(row) if "sell" in r.blocks and r.kind in kinds and r.code not in supplied)


def _editable(merchant_id: UUID | None) -> MerchantRow:
    row = row_of(merchant_id)
    if row.state not in EDITABLE:
        raise Conflict("merchants.not_editable", _("The application is being looked at and cannot be changed now"))
    return row


def _require(row: MerchantRow, code: str, kind: str) -> None:
    if not any(r.code == code and r.kind == kind for r in required_of(row)):
        raise Invalid("merchants.not_required", _("This was not asked for"), requirement=code)


def _forget(row: MerchantRow, requirement: str) -> None:
    session().execute(
        delete(DocumentRow).where(
            DocumentRow.merchant_id == row.id,
            DocumentRow.requirement == requirement,
            DocumentRow.state != "accepted",
        )
    )


def _put(row: MerchantRow, requirement: str, media_id: UUID | None) -> Document:
    _forget(row, requirement)
    document = DocumentRow(merchant_id=row.id, requirement=requirement, media_id=media_id)
    session().add(document)
    session().flush()
    audit.record("merchant.document_handed_in", "merchant", row.id, requirement=requirement)
    return document_of(document)


def _row(merchant_id: UUID | None, document_id: UUID) -> DocumentRow:
    query = select(DocumentRow).where(DocumentRow.id == document_id, DocumentRow.merchant_id == merchant_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("merchants.document_missing", _("There is no such document"))
    return row


def _judge(merchant_id: UUID, document_id: UUID, state: str, note: str) -> None:
    row = _row(merchant_id, document_id)
    row.state, row.note = state, note
    audit.record(f"merchant.document_{state}", "merchant", merchant_id, requirement=row.requirement, note=note)
