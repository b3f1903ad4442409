"""Sellers become approved merchants with a shop each; customers become buyers without an account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.catalogue.slugs import slugify
from core.customers.models import CustomerRow
from core.kernel import limits
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import current, current_id
from core.merchants.models import MerchantRow, ShopRow
from tenants.history.reader import Customer, Place
from tenants.history.rows import Values, known, write

_MAIL = "history.invalid"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a seller of the source sells here."""

    merchant_id: UUID
    shop_id: UUID


def address(place: Place, name: str) -> dict[str, str]:
    """Return a place as addresses are stored; the street is not known."""
    return {
        "name": name, "line1": "", "postcode": place.postcode, "city": place.city.title(), "region": place.region,
        "country": current().country,
    }  # fmt: skip


def seller_name(key: str, place: Place) -> str:
    """Return what a seller is called: the source gives no names."""
    return f"{place.city.title() or 'Seller'} {key[:6].upper()}"[:80]


def customer_name(key: str) -> str:
    """Return what a customer is called: the source gives no names."""
    return f"Customer {key[:6].upper()}"


def add_merchants(sellers: Sequence[tuple[str, Place]], since: Mapping[str, datetime]) -> None:
    """Add the sellers that are not here yet; `since` is each one's first order. Raise Conflict beyond the plan."""
    there = known(MerchantRow, [key for key, _place in sellers])
    fresh = [(key, place, new_id()) for key, place in sellers if key not in there]
    if not fresh:
        return
    if limits.limit_of("merchants") is not None:
        count = len(session().scalars(select(MerchantRow.id).where(MerchantRow.is_house.is_(False))).all())
        limits.require_within("merchants", count, adding=len(fresh))
    write(MerchantRow, [_merchant(key, place, row_id, since[key]) for key, place, row_id in fresh])
    write(ShopRow, [_shop(key, place, row_id, since[key]) for key, place, row_id in fresh])


def _merchant(key: str, place: Place, row_id: UUID, since: datetime) -> Values:
    name = seller_name(key, place)
    return {
        "id": row_id, "name": name, "kind": "company", "country": current().country, "email": f"{key[:24]}@{_MAIL}",
        "address": address(place, name), "state": "approved", "external_key": key, "created_at": since,
        "approved_at": since,
    }  # fmt: skip


def _shop(key: str, place: Place, merchant_id: UUID, since: datetime) -> Values:
    name = seller_name(key, place)
    return {
        "id": new_id(), "merchant_id": merchant_id, "slug": f"{slugify(place.city, 40) or 'shop'}-{key[:10]}",
        "name": name, "city": place.city.title(), "state": "open", "return_address": address(place, name),
        "created_at": since,
    }  # fmt: skip


def seats(keys: Iterable[str]) -> Mapping[str, Seat]:
    """Return where sellers sell."""
    query = (
        select(MerchantRow.external_key, MerchantRow.id, ShopRow.id)
        .join(ShopRow, (ShopRow.tenant_id == MerchantRow.tenant_id) & (ShopRow.merchant_id == MerchantRow.id))
        .where(MerchantRow.tenant_id == current_id(), MerchantRow.external_key.in_(sorted(set(keys))))
        .order_by(ShopRow.id.desc())
    )
    return {key: Seat(merchant_id, shop_id) for key, merchant_id, shop_id in session().execute(query) if key}


def add_customers(customers: Sequence[Customer], since: Mapping[str, datetime]) -> None:
    """Add the customers that are not here yet, with an address that reaches nobody."""
    there = known(CustomerRow, [customer.key for customer in customers])
    write(CustomerRow, [_customer(who.key, since[who.key]) for who in customers if who.key not in there])


def _customer(key: str, since: datetime) -> Values:
    email = customer_email(key)
    return {
        "id": new_id(), "user_id": None, "email": email, "email_key": email, "name": customer_name(key),
        "external_key": key, "created_at": since,
    }  # fmt: skip


def customer_email(key: str) -> str:
    """Return a made-up address of a customer, below a name that never resolves (RFC 2606)."""
    return f"{key[:32].lower()}@{_MAIL}"
