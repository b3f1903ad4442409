"""The demo's people: staff of the platform, of each marketplace and shop, and buyers with an address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.customers import addresses, buyers
from core.identity import accounts, permissions
from core.identity.models import UserRow
from core.identity.principals import Realm
from core.kernel.db import session
from core.merchants.models import MerchantRow, ShopRow
from web.demo.content import Buyer, Marketplace

PASSWORD = "galleria-demo"  # noqa: S105 - the demo's accounts are shown to everybody who starts it
PLATFORM_EMAIL = "platform@galleria.example"


@dataclass(frozen=True, slots=True)
class Login:
    """One demo account on a surface."""

    surface: str
    path: str
    email: str


def add_platform_staff() -> None:
    """Make the platform's owner, on the platform's own ground."""
    if accounts.find(Realm.PLATFORM, PLATFORM_EMAIL) is None:
        accounts.create_staff(Realm.PLATFORM, PLATFORM_EMAIL, "Sam Ferris", PASSWORD)


def operator_email(market: Marketplace) -> str:
    """Return the address of the marketplace's owner."""
    return f"operator@{market.slug}.example"


def support_email(market: Marketplace) -> str:
    """Return the address of a member of staff with fewer rights."""
    return f"support@{market.slug}.example"


def merchant_email(market: Marketplace, shop: str) -> str:
    """Return the address of a shop's owner."""
    return f"{shop}@{market.slug}.example"


def add_operators(market: Marketplace) -> None:
    """Make the marketplace's owner and someone who answers buyers."""
    accounts.create_staff(Realm.OPERATOR, operator_email(market), f"{market.name}", PASSWORD)
    wanted = list(permissions.TEMPLATES[Realm.OPERATOR]["Support"])
    accounts.create_staff(Realm.OPERATOR, support_email(market), "Support", PASSWORD, wanted, role="Support")


def add_merchants(market: Marketplace) -> None:
    """Give every shop its owner's account."""
    query = select(ShopRow.slug, ShopRow.name, ShopRow.merchant_id).order_by(ShopRow.id)
    for slug, name, merchant_id in session().execute(query).all():
        accounts.create_staff(
            Realm.MERCHANT, merchant_email(market, slug), name, PASSWORD, merchant_id=merchant_id
        )  # fmt: skip


def add_buyers(market: Marketplace) -> None:
    """Make the buyers with their accounts and where they live."""
    for buyer in market.buyers:
        user_id = accounts.create_verified(Realm.BUYER, buyer.email, buyer.name, PASSWORD)
        customer_id = buyers.ensure_customer(user_id, buyer.email, buyer.name)
        addresses.add(customer_id, addresses.place(address_of(buyer)))


def address_of(buyer: Buyer) -> dict[str, str]:
    """Return where a buyer lives, as orders keep it."""
    place = buyer.address
    return {
        "name": buyer.name, "line1": place.street, "city": place.city, "region": place.region,
        "postcode": place.postcode, "country": place.country, "phone": place.phone,
    }  # fmt: skip


def is_there(realm: Realm, email: str) -> bool:
    """Tell whether an account was made."""
    return accounts.find(realm, email) is not None


def has_users(realm: Realm) -> bool:
    """Tell whether the realm has any account."""
    return session().scalar(select(UserRow.id).where(UserRow.realm == realm.value).limit(1)) is not None


def merchant_ids() -> list[UUID]:
    """Return the merchants that are not the marketplace itself."""
    return list(session().scalars(select(MerchantRow.id).where(MerchantRow.is_house.is_(False))))
