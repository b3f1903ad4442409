"""A small marketplace for tests: merchants with shops, goods with stock, and a buyer's way through checkout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from core.catalogue.models import CategoryRow, ListingRow, VariantRow
from core.catalogue.stock_models import LocationRow, MovementRow, StockRow
from core.checkout import cart as carts
from core.checkout.cart import Owner
from core.checkout.place import Placing, place
from core.hooks.types import Viewer
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.ledger import balances as journal_balances
from core.merchants.models import DeliveryRow, MerchantRow, ShopRow
from core.orders.models import OrderRow

_numbers = count(1)
ADDRESS = {"name": "Ada Byrne", "line1": "1 Quay Street", "postcode": "D01 F5P2", "city": "Dublin", "country": "IE"}


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop with one way of delivery."""

    id: UUID
    merchant_id: UUID


def make_category(slug: str = "") -> UUID:
    """Add a category at the root."""
    slug = slug or f"category-{next(_numbers)}"
    row = CategoryRow(id=new_id(), slug=slug, path=slug, names={"en": slug.title()})
    session().add(row)
    session().flush()
    return row.id


def make_shop(*, delivery: int = 0, house: bool = False) -> Shop:
    """Add an approved merchant with an open shop."""
    number = next(_numbers)
    merchant = MerchantRow(
        id=new_id(), name=f"Merchant {number}", kind="company", country="IE", email="m@example.com", state="approved"
    )
    if house:
        merchant = session().query(MerchantRow).filter_by(is_house=True).one()
    shop = ShopRow(id=new_id(), merchant_id=merchant.id, slug=f"shop-{number}", name=f"Shop {number}")
    option = DeliveryRow(
        shop_id=shop.id, code="standard", label="Standard", price_minor=delivery, currency=current().currency
    )
    session().add_all([merchant, shop, option, LocationRow(merchant_id=merchant.id, name="Main")])
    session().flush()
    return Shop(shop.id, merchant.id)


def make_good(
    shop: Shop, price: int, *, stock: int = 100, tax_bps: int = 2000, category_id: UUID | None = None
) -> UUID:
    """Add a live listing with one variant on the shelf; return the variant."""
    number = next(_numbers)
    listing = ListingRow(
        id=new_id(), merchant_id=shop.merchant_id, shop_id=shop.id, category_id=category_id or make_category(),
        slug=f"good-{number}", title=f"Good {number}", tax_bps=tax_bps, currency=current().currency,
        price_from_minor=price, price_to_minor=price, is_available=stock > 0, state="live", published_at=clock.now(),
    )  # fmt: skip
    variant = VariantRow(
        id=new_id(), listing_id=listing.id, merchant_id=shop.merchant_id, sku=f"SKU-{number}", price_minor=price,
        currency=current().currency,
    )  # fmt: skip
    location = session().query(LocationRow).filter_by(merchant_id=shop.merchant_id).first()
    assert location is not None
    session().add_all([listing, variant])
    session().add(StockRow(variant_id=variant.id, location_id=location.id, available=stock))
    session().add(MovementRow(variant_id=variant.id, location_id=location.id, kind="receipt", quantity=stock))
    session().flush()
    return variant.id


def viewer() -> Viewer:
    """A guest who reads English."""
    return Viewer(None, "en", "IE")


def buy(units: Mapping[UUID, int], *, key: str = "", codes: tuple[str, ...] = (), **given: object) -> UUID:
    """Fill a guest's cart and place it; return the purchase."""
    cart, _token = carts.open_cart(Owner())
    for variant_id, quantity in units.items():
        carts.add(cart, variant_id, quantity)
    for code in codes:
        carts.add_code(cart, code)
    session().flush()
    request = Placing(viewer(), "ada@example.com", ADDRESS, key or f"key-{next(_numbers)}", **given)  # type: ignore[arg-type]
    return place(cart, request)


def orders_of(purchase_id: UUID) -> list[OrderRow]:
    """Return a purchase's orders in the order of their numbers."""
    return session().query(OrderRow).filter_by(purchase_id=purchase_id).order_by(OrderRow.number).all()


def balances() -> dict[str, int]:
    """Return every account that is not zero, in minor units."""
    return {b.account: b.amount.minor for b in journal_balances.balances()}


def euros(minor: int) -> Money:
    """Return an amount in the test market's currency."""
    return Money(minor, current().currency)
