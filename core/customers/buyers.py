"""Buyers: one row for each guest address, one for each account; a proven address joins the two."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.customers.models import CustomerRow
from core.identity.addresses import email as read_email
from core.kernel import audit
from core.kernel.db import fetched_together, session, written
from core.kernel.errors import Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name, naming
from core.kernel.rows import store
from core.kernel.tenancy import current_id


@dataclass(frozen=True, slots=True)
class Customer:
    """A buyer as the rest of the house sees one. A guest has no user."""

    id: UUID
    user_id: UUID | None
    email: str
    name: str
    phone: str


def ensure_customer(user_id: UUID, email: str, name: str) -> UUID:
    """Return the buyer of an account whose address is proven, made at the first call.

    A guest of the same address becomes this buyer, with everything that the guest has ordered.
    """
    who = read_email(email)
    lock_name(f"customer:{who.key}")
    known = _of_user(user_id)
    if known is not None:
        return known.id
    row = _guest(who.key)
    if row is None:
        row = CustomerRow(id=new_id(), email=who.shown, email_key=who.key, name=name)
        session().add(row)
    row.user_id, row.name = user_id, name or row.name
    session().flush()
    audit.record("customers.joined", "customer", row.id, user_id=str(user_id))
    return row.id


def ensure_guest(email: str, name: str = "", phone: str = "") -> UUID:
    """Return the guest of an address, made at the first call; a newer name and number replace the older ones."""
    who = read_email(email)
    values = {"tenant": current_id(), "key": who.key, "name": name, "phone": phone}
    _locked, found = fetched_together(naming(f"customer:{who.key}"), (_GUEST, values))
    if not found:
        made = new_id()
        store(CustomerRow, [{"id": made, "email": who.shown, "email_key": who.key, "name": name, "phone": phone}])
        return made
    guest_id, known_name, known_phone = found[0]
    if (name or known_name, phone or known_phone) != (known_name, known_phone):
        written(_RENAME, {**values, "id": guest_id})
    return UUID(str(guest_id))


_GUEST = """
    select id, name, phone from customers
     where tenant_id = %(tenant)s and email_key = %(key)s and user_id is null and erased_at is null
     order by id limit 1"""
_RENAME = """
    update customers set name = coalesce(nullif(%(name)s, ''), name), phone = coalesce(nullif(%(phone)s, ''), phone)
     where tenant_id = %(tenant)s and id = %(id)s"""


def customer_of(user_id: UUID) -> Customer | None:
    """Return the buyer of an account; None before `ensure_customer`."""
    row = _of_user(user_id)
    return _value(row) if row is not None else None


def customer_ids_of(user_id: UUID) -> tuple[UUID, ...]:
    """Return the buyer of an account and a guest of the same proven address, whose orders are theirs too."""
    row = _of_user(user_id)
    if row is None:
        return ()
    later = _guest(row.email_key)
    return (row.id,) if later is None else (row.id, later.id)


def get(customer_id: UUID) -> Customer:
    """Return a buyer. Raise Missing for an unknown one."""
    row = session().scalars(select(CustomerRow).where(CustomerRow.id == customer_id)).one_or_none()
    if row is None:
        raise Missing("customers.none", _("There is no such customer"))
    return _value(row)


def change(customer_id: UUID, name: str, phone: str) -> None:
    """Change how a buyer is called and reached."""
    row = session().scalars(select(CustomerRow).where(CustomerRow.id == customer_id)).one_or_none()
    if row is None:
        raise Missing("customers.none", _("There is no such customer"))
    row.name, row.phone = " ".join(name.split())[:80], " ".join(phone.split())[:40]
    audit.record("customers.changed", "customer", customer_id)


def _of_user(user_id: UUID) -> CustomerRow | None:
    return session().scalars(select(CustomerRow).where(CustomerRow.user_id == user_id)).one_or_none()


def _guest(key: str) -> CustomerRow | None:
    query = select(CustomerRow).where(
        CustomerRow.email_key == key, CustomerRow.user_id.is_(None), CustomerRow.erased_at.is_(None)
    )
    return session().scalars(query.order_by(CustomerRow.id).limit(1)).one_or_none()


def _value(row: CustomerRow) -> Customer:
    return Customer(row.id, row.user_id, row.email, row.name, row.phone)
