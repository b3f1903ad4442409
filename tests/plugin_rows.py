"""The least valid rows of a marketplace for tests of plugins, and keys to call its API with."""

from __future__ import annotations

from uuid import UUID

from core.catalogue.models import CategoryRow
from core.identity.models import ApiKeyRow
from core.identity.principals import KEY_PREFIX
from core.kernel.db import session
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest
from core.merchants.models import MerchantRow, ShopRow


def make_shop(name: str = "Shop") -> ShopRow:
    """Write a shop of an approved merchant of its own."""
    merchant = MerchantRow(name=name, kind="company", country="IE", email="", state="approved")
    session().add(merchant)
    session().flush()
    shop = ShopRow(merchant_id=merchant.id, slug=f"shop-{new_id().hex[-12:]}", name=name)
    session().add(shop)
    session().flush()
    return shop


def make_category(name: str = "Books", parent: CategoryRow | None = None) -> CategoryRow:
    """Write a category at the root or below another."""
    slug = f"{name.lower()}-{new_id().hex[-12:]}"
    path = f"{parent.path}/{slug}" if parent else slug
    row = CategoryRow(parent_id=parent.id if parent else None, slug=slug, path=path, names={"en": name})
    session().add(row)
    session().flush()
    return row


def make_key(realm: str, *permissions: str, merchant_id: UUID | None = None) -> dict[str, str]:
    """Write an API key and return the header that carries it."""
    secret = f"{KEY_PREFIX}{token()}"
    session().add(
        ApiKeyRow(
            name="test", prefix=secret[:6], key_digest=digest(secret), realm=realm, merchant_id=merchant_id,
            permissions=list(permissions),
        )
    )  # fmt: skip
    session().flush()
    return {"Authorization": f"Bearer {secret}"}
