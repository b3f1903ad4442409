"""Applying: a draft that is filled in over time, what it still lacks, and handing it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from babel import Locale
from sqlalchemy import select

from core.hooks.compliance import Requirement
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current
from core.merchants import documents, requirements
from core.merchants.directory import row_of
from core.merchants.models import MerchantRow, ShopRow
from core.merchants.moving import locked, moved
from core.merchants.states import EDITABLE
from core.merchants.values import ADDRESS_FIELDS, Document, Merchant, merchant_of

KINDS = ("person", "company", "promoter")
_TERRITORIES = frozenset(code for code in Locale("en").territories if len(str(code)) == 2)


@dataclass(frozen=True, slots=True)
class Application:
    """Where an application stands: what is required, what was handed in, and an error for each thing it lacks."""

    merchant: Merchant
    required: tuple[Requirement, ...]
    documents: tuple[Document, ...]
    lacks: tuple[FieldError, ...] = field(default=())

    @property
    def is_editable(self) -> bool:
        """Whether the applicant may change it now."""
        return self.merchant.state in EDITABLE


def are_open() -> bool:
    """Tell whether the marketplace takes applications."""
    return current().setting("applications_open", True) is not False


def start(*, name: str, email: str, country: str = "", kind: str = "company") -> UUID:
    """Begin a merchant as a draft. Raise Denied if the marketplace takes no applications, Invalid for bad input."""
    if not are_open():
        raise Denied("merchants.applications_closed", _("This marketplace takes no applications at present"))
    country = country or current().country
    _check({"kind": kind, "country": country})
    row = MerchantRow(id=new_id(), name=name.strip()[:120], email=email.strip(), country=country, kind=kind)
    session().add(row)
    session().flush()
    audit.record("merchant.started", "merchant", row.id, name=row.name)
    return row.id


def edit(merchant_id: UUID | None, changes: Mapping[str, str]) -> Merchant:
    """Change fields of an application: name, kind, country, email, phone, registration_number, tax_number.

    Raise Conflict while it is being looked at or after it was decided, Invalid for a kind or country that is none.
    """
    row = _editable(merchant_id)
    _check(changes)
    for name in ("name", "kind", "country", "email", "phone", "registration_number", "tax_number"):
        if name in changes:
            setattr(row, name, changes[name].strip())
    audit.record("merchant.edited", "merchant", row.id, fields=" ".join(sorted(changes)))
    return merchant_of(row)


def set_address(merchant_id: UUID | None, address: Mapping[str, str]) -> Merchant:
    """Set the business address of an application; fields are those of ADDRESS_FIELDS."""
    row = _editable(merchant_id)
    row.address = {name: address[name].strip() for name in ADDRESS_FIELDS if address.get(name, "").strip()}
    audit.record("merchant.edited", "merchant", row.id, fields="address")
    return merchant_of(row)


def application(merchant_id: UUID | None) -> Application:
    """Return where an application stands."""
    row = row_of(merchant_id)
    handed_in = documents.of_merchant(row.id)
    return Application(merchant_of(row), requirements.required_of(row), handed_in, lacking(row))


def submit(merchant_id: UUID | None) -> Merchant:
    """Hand an application in, for the first time, after a question, or after a rejection.

    Raise Invalid with an error for each thing that is missing, Conflict if it is not the applicant's turn.
    """
    row = locked(merchant_id)
    if not are_open():
        raise Denied("merchants.applications_closed", _("This marketplace takes no applications at present"))
    if row.state not in EDITABLE:
        raise Conflict("merchants.not_editable", _("The application is being looked at and cannot be changed now"))
    lacks = lacking(row)
    if lacks:
        raise Invalid("merchants.incomplete", _("Something is still missing"), fields=lacks)
    row.applied_at = clock.now()
    moved(row, "applied", "applied")
    return merchant_of(row)


def lacking(row: MerchantRow) -> tuple[FieldError, ...]:
    """Return an error for each thing that an application lacks; nothing means that it may be handed in."""
    papers = tuple(FieldError(f"documents.{r.code}", r.label) for r in documents.missing(row))
    return (*requirements.missing_fields(row), *papers, *_missing_shop(row))


def _missing_shop(row: MerchantRow) -> tuple[FieldError, ...]:
    if row.kind == "promoter" or session().scalars(select(ShopRow.id).where(ShopRow.merchant_id == row.id)).first():
        return ()
    return (FieldError("shop", _("Name your first shop")),)


def _editable(merchant_id: UUID | None) -> MerchantRow:
    row = row_of(merchant_id)
    if row.state not in EDITABLE:
        raise Conflict("merchants.not_editable", _("The application is being looked at and cannot be changed now"))
    return row


def _check(changes: Mapping[str, str]) -> None:
    wrong = []
    if changes.get("kind", KINDS[0]) not in KINDS:
        wrong.append(FieldError("kind", _("Choose what you are")))
    if changes.get("country", "IE") not in _TERRITORIES:
        wrong.append(FieldError("country", _("Choose the country")))
    if wrong:
        raise Invalid("merchants.invalid", _("Some of this cannot be right"), fields=tuple(wrong))
