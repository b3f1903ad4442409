"""Where a buyer lives: addresses to deliver to, one of which is the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from babel import Locale
from sqlalchemy import func, select, update

from core.customers.models import AddressRow
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id

_MOST = 50
# CLDR's codes for groups and for tests are no places to deliver to.
_NO_COUNTRIES = frozenset("EU EZ UN XA XB ZZ QO AC CP CQ DG EA IC TA".split())
_CODES = (str(code) for code in Locale("en").territories)
COUNTRIES = frozenset(code for code in _CODES if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


@dataclass(frozen=True, slots=True)
class Place:
    """An address as it is written on a parcel. `country` has two letters."""

    name: str
    line1: str
    city: str
    country: str
    line2: str = ""
    postcode: str = ""
    region: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A stored address of a buyer."""

    id: UUID
    place: Place
    is_default: bool


def place(fields: Mapping[str, str]) -> Place:
    """Read an address. Raise Invalid with an error for each field at fault."""
    names = Place.__dataclass_fields__
    tidy = {name: " ".join(str(fields.get(name) or "").split()) for name in names}
    tidy["country"] = tidy["country"].upper()
    wrong = [FieldError(name, _("Fill this in")) for name in ("name", "line1", "city", "country") if not tidy[name]] + [
        FieldError(name, _("Write at most 120 characters")) for name in names if len(tidy[name]) > 120
    ]
    if tidy["country"] and tidy["country"] not in COUNTRIES:
        wrong.append(FieldError("country", _("Give the country as two letters, such as IE")))
    if wrong:
        raise Invalid("customers.bad_address", _("The address is not complete"), fields=tuple(wrong))
    return Place(**tidy)


def addresses(customer_id: UUID) -> list[Address]:
    """Return a buyer's addresses, the default first."""
    query = select(AddressRow).where(AddressRow.customer_id == customer_id)
    return [_value(r) for r in session().scalars(query.order_by(AddressRow.is_default.desc(), AddressRow.id))]


def address(customer_id: UUID, address_id: UUID) -> Address:
    """Return one address of a buyer. Raise Missing for any other."""
    return _value(_find(customer_id, address_id))


def add(customer_id: UUID, written: Place) -> UUID:
    """Keep an address; the first becomes the default. Raise Conflict when there are very many."""
    query = select(func.count()).select_from(AddressRow).where(AddressRow.customer_id == customer_id)
    count = session().scalar(query) or 0
    if count >= _MOST:
        raise Conflict("customers.too_many_addresses", _("Remove an address first; {most} are enough"), most=_MOST)
    row = AddressRow(id=new_id(), customer_id=customer_id, fields=asdict(written), is_default=count == 0)
    session().add(row)
    return row.id


def edit(customer_id: UUID, address_id: UUID, written: Place) -> None:
    """Replace what an address says."""
    _find(customer_id, address_id).fields = asdict(written)


def make_default(customer_id: UUID, address_id: UUID) -> None:
    """Deliver to this one unless the buyer says otherwise."""
    chosen = _find(customer_id, address_id)
    session().execute(update(AddressRow).where(AddressRow.customer_id == customer_id).values(is_default=False))
    chosen.is_default = True


def remove(customer_id: UUID, address_id: UUID) -> None:
    """Forget an address; of those that are left the oldest becomes the default."""
    row = _find(customer_id, address_id)
    session().delete(row)
    session().flush()
    if row.is_default:
        left = addresses(customer_id)
        if left:
            make_default(customer_id, left[0].id)


def _find(customer_id: UUID, address_id: UUID) -> AddressRow:
    query = select(AddressRow).where(AddressRow.id == address_id, AddressRow.customer_id == customer_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("customers.no_such_address", _("There is no such address"))
    return row


def _value(row: AddressRow) -> Address:
    return Address(row.id, Place(**row.fields), row.is_default)
