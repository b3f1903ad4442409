"""The marketplace as a merchant of its own: its key, and its shop."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.tenancy import current
from core.merchants import shops
from core.merchants.models import MerchantRow, ShopRow


def house_id() -> UUID:
    """Return the key of the marketplace's own merchant. Raise Missing while it is being set up."""
    found = session().scalars(select(MerchantRow.id).where(MerchantRow.is_house)).one_or_none()
    if found is None:
        raise Missing("merchants.no_house", _("The marketplace has no merchant of its own yet"))
    return found


def ensure_house_shop(name: str = "", slug: str = "own") -> UUID:
    """Return the key of the house's first shop; open one where there is none. Safe to repeat.

    Without a name it is called as the marketplace is; a slug that is taken gives way to one made of the name.
    """
    lock_name("merchants.house_shop")
    merchant_id = house_id()
    query = select(ShopRow.id).where(ShopRow.merchant_id == merchant_id).order_by(ShopRow.id).limit(1)
    found = session().scalars(query).first()
    if found is not None:
        return found
    name = name.strip() or current().name
    wished = "" if shops.is_taken(slug) else slug
    shop = ShopRow(id=new_id(), merchant_id=merchant_id, name=name, slug=shops.free_slug(name, wished))
    session().add(shop)
    session().flush()
    audit.record("shop.created", "shop", shop.id, name=shop.name, slug=shop.slug)
    return shop.id
