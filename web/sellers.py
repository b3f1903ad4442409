"""For whom a merchant's page or program writes listings: its shop, found to be its own, and what it may do."""

from __future__ import annotations

from uuid import UUID

from core.catalogue.values import Seller
from core.http.edge import principal
from core.kernel.errors import Conflict, Missing, _
from core.merchants import directory, shops


def merchant_id() -> UUID:
    """Return the merchant of who asks. Raise Missing for someone without one."""
    found = principal().merchant_id
    if found is None:
        raise Missing("merchants.missing", _("There is no such merchant"))
    return found


def seller_of(merchant: UUID, shop_id: UUID | None = None) -> Seller:
    """Return a merchant as a seller in one of its shops, the first if none is named.

    Raise Missing for a shop of another, Conflict while there is no shop.
    """
    found = directory.find(merchant)
    if shop_id is None:
        own = [shop.id for shop in shops.of_merchant(merchant) if shop.state != "closed"]
        if not own:
            raise Conflict("catalogue.no_shop", _("Open a shop first; products stand in one"))
        shop_id = own[0]
    else:
        shops.find(merchant, shop_id)
    return Seller(merchant, shop_id, is_approved=found.may_sell, is_trusted=found.is_house)


def seller(shop_id: UUID | None = None) -> Seller:
    """Return who asks as a seller."""
    return seller_of(merchant_id(), shop_id)
