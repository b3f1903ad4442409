"""Licences and filings of merchants: handed in, checked by the operator, and watched until their end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from core.compliance.checking import now
from core.compliance.models import LicenceRow
from core.compliance.shapes import permit_no_ok
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.merchants.files import require_own

FOOD = ("food_operation", "prepackaged_filing", "food_production")
KINDS = (*FOOD, "med_device_2_filing", "med_device_3_licence", "publication", "alcohol_retail", "other")


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence. `scope` are slugs of categories, empty for all; without `valid_until` it is for the long term."""

    id: UUID
    merchant_id: UUID
    kind: str
    number: str
    issuer: str
    scope: tuple[str, ...]
    valid_until: date | None
    media_id: UUID | None
    state: str
    note: str
    created_at: datetime

    def is_valid(self, today: date) -> bool:
        """Whether it was verified and has not ended."""
        return self.state == "verified" and (self.valid_until is None or self.valid_until >= today)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a merchant states of a licence."""

    kind: str
    number: str
    issuer: str = ""
    scope: tuple[str, ...] = ()
    valid_until: date | None = None
    media_id: UUID | None = None


def hand_in(merchant_id: UUID, terms: Terms) -> UUID:
    """Hand a licence in. Raise Invalid with an error for each thing that cannot be right."""
    wrong = tuple(_faults(terms))
    if wrong:
        raise Invalid("compliance.licence", _("Some of this cannot be right"), fields=wrong)
    if terms.media_id:
        require_own(merchant_id, terms.media_id)
    row = LicenceRow(id=new_id(), merchant_id=merchant_id, kind=terms.kind, number=terms.number.strip()[:60],
                     issuer=terms.issuer.strip()[:120], scope=list(terms.scope), valid_until=terms.valid_until,
                     media_id=terms.media_id, state="submitted")  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("compliance.licence_handed_in", "merchant", merchant_id, kind=row.kind, number=row.number)
    return row.id


def verify(merchant_id: UUID, licence_id: UUID) -> None:
    """Say that a licence is what it states."""
    _judge(merchant_id, licence_id, "verified", "")


def refuse(merchant_id: UUID, licence_id: UUID, reason: str) -> None:
    """Say that a licence will not do, and why. Raise Invalid without a reason."""
    if not reason.strip():
        message = _("Give the reason; the merchant reads it")
        raise Invalid("compliance.no_reason", message, fields=(FieldError("reason", message),))
    _judge(merchant_id, licence_id, "refused", reason.strip()[:1000])


def of_merchant(merchant_id: UUID) -> tuple[Licence, ...]:
    """Return a merchant's licences, newest first."""
    query = select(LicenceRow).where(LicenceRow.merchant_id == merchant_id).order_by(LicenceRow.id.desc())
    return tuple(_value(row) for row in session().scalars(query))


def _judge(merchant_id: UUID, licence_id: UUID, state: str, note: str) -> None:
    row = next(iter(lock(LicenceRow, [licence_id])), None)
    if row is None or row.merchant_id != merchant_id:
        raise Missing("compliance.no_licence", _("There is no such licence"))
    row.state, row.note, row.checked_at = state, note, clock.now()
    audit.record(f"compliance.licence_{state}", "merchant", merchant_id, kind=row.kind, number=row.number, note=note)


def _faults(terms: Terms) -> list[FieldError]:
    rules = (
        ("kind", _("Choose the kind of licence"), terms.kind in KINDS),
        ("number", _("Give the number of the licence"), bool(terms.number.strip())),
        ("number", _("A licence number is SC, JY or YB with 14 digits, as your kind needs"),
         terms.kind not in FOOD or not terms.number.strip() or permit_no_ok(terms.number.strip())),
        ("valid_until", _("Give a day in the future, or leave it empty for the long term"),
         terms.valid_until is None or terms.valid_until >= now().today),
    )  # fmt: skip
    return [FieldError(path, message) for path, message, holds in rules if not holds]


def _value(row: LicenceRow) -> Licence:
    return Licence(row.id, row.merchant_id, row.kind, row.number, row.issuer, tuple(row.scope), row.valid_until,
                   row.media_id, row.state, row.note, row.created_at)  # fmt: skip
