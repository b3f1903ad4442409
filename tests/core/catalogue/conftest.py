"""What catalogue tests start from: an approved merchant with a shop, a category, a listing on the shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from core.catalogue import categories, moderation, variants
from core.catalogue.editing import create_listing
from core.catalogue.values import ListingInput, Seller, VariantInput
from core.kernel.db import session
from core.kernel.ids import new_id, short_code
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.merchants.models import MerchantRow, ShopRow


def open_shop() -> Seller:
    """Write an approved merchant and a shop. Needs a transaction."""
    merchant = MerchantRow(id=new_id(), name="Oak", kind="company", country="IE", email="a@b.ie", state="approved")
    shop = ShopRow(id=new_id(), merchant_id=merchant.id, slug=f"oak-{short_code().lower()}", name="Oak")
    session().add_all([merchant, shop])
    session().flush()
    return Seller(merchant.id, shop.id)


@pytest.fixture
def tenant(make_tenant: Callable[..., Tenant]) -> Iterator[Tenant]:
    """A fresh marketplace that lets listings on its shelf without a review, bound for the test."""
    made = make_tenant(settings={"review_listings": False})
    with bind(made):
        yield made


@pytest.fixture
def seller(tenant: Tenant) -> Seller:
    """An approved merchant and its shop."""
    with transaction():
        return open_shop()


@pytest.fixture
def category(tenant: Tenant) -> UUID:
    """A category at the root."""
    with transaction():
        return categories.create({"en": "Kitchen", "zh": "厨房用品"})


def eur(minor: int) -> Money:
    """Return cents."""
    return Money(minor, "EUR")


@pytest.fixture
def make_listing(seller: Seller, category: UUID) -> Callable[..., UUID]:
    """Write a listing with one variant of 12.50; keyword arguments replace what it says."""

    def make(price: int = 1250, **given: object) -> UUID:
        entered = ListingInput(**{"title": "Oak board", "category_id": category, **given})  # type: ignore[arg-type]
        listing_id = create_listing(seller, entered)
        variants.set_variants(listing_id, seller.merchant_id, (), [VariantInput((), eur(price))])
        return listing_id

    return make


@pytest.fixture
def live(make_listing: Callable[..., UUID], seller: Seller) -> UUID:
    """A listing on the shelf."""
    with transaction():
        listing_id = make_listing()
        moderation.submit(listing_id, seller)
    return listing_id
