"""Whether a listing is fit for the shelf: complete by the catalogue's own rules, and nothing held against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from core.catalogue import attributes
from core.catalogue.models import CategoryRow, ListingRow, VariantRow
from core.hooks.catalogue import ListingDraft, check_listing
from core.hooks.runtime import plugins
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current

Objection = Callable[[ListingRow], Sequence[FieldError]]
"""Says what stands against a listing; parts of the system that the catalogue may not know register here."""

_objections: dict[str, Objection] = {}


def register(name: str, objection: Objection) -> None:
    """Have a listing refused while a function has something against it. Needs a transaction."""
    _objections[name] = objection


def check(row: ListingRow) -> None:
    """Raise Invalid with every reason against publishing the listing: what it lacks, and what plugins say."""
    attributes.checked(row.category_id, row.attributes, is_final=True)
    wrong = _lacks(row)
    lowest = Money(row.price_from_minor, row.currency)
    draft = ListingDraft(row.id, row.merchant_id, row.category_id, row.title, lowest, dict(row.attributes))
    found = plugins().collect(check_listing, tenant=current(), listing=draft)
    wrong += [
        FieldError(violation.field or "listing", violation.message.format(**violation.facts)) for violation in found
    ]
    wrong += [error for objection in _objections.values() for error in objection(row)]
    if wrong:
        reasons = tuple(error.message for error in wrong)
        raise Invalid("catalogue.not_fit", "{reasons}", fields=tuple(wrong), reasons=reasons)


def _lacks(row: ListingRow) -> list[FieldError]:
    is_active = session().scalar(select(CategoryRow.is_active).where(CategoryRow.id == row.category_id))
    has_variant = select(VariantRow.id).where(VariantRow.listing_id == row.id, VariantRow.is_active).limit(1)
    rules = (
        ("category_id", _("The category is closed for listings."), is_active),
        ("variants", _("Give the listing a price first."), session().scalar(has_variant) is not None),
    )
    return [FieldError(path, message) for path, message, holds in rules if not holds]
