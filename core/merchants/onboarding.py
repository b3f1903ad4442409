"""Merchants whom the operator takes in by hand: known, approved, with a shop that can sell at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.hooks.runtime import move
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.merchants import delivery, shops
from core.merchants.delivery import Terms
from core.merchants.models import MerchantRow, ShopRow
from core.merchants.moving import moved
from core.merchants.states import MACHINE


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is taken in, and the first shop with its one way of delivery."""

    name: str
    email: str
    kind: str = "company"
    country: str = ""
    shop_name: str = ""
    shop_slug: str = ""
    delivery_label: str = "Standard"
    delivery: Money | None = None


def take_in(who: Newcomer) -> tuple[UUID, UUID]:
    """Make an approved merchant with an open shop; return both keys. Raise Invalid by field."""
    if not who.name.strip():
        raise Invalid(
            "merchants.invalid", _("The merchant needs a name"), fields=(FieldError("name", _("Fill this in")),)
        )
    row = MerchantRow(
        id=new_id(), name=who.name.strip(), kind=who.kind, country=who.country or current().country,
        email=who.email.strip(), state="draft", created_at=clock.now(),
    )  # fmt: skip
    session().add(row)
    session().flush()
    move(MACHINE, row, "applied")
    row.applied_at = row.approved_at = clock.now()
    moved(row, "approved", "approved")
    name = who.shop_name.strip() or row.name
    shop = ShopRow(id=new_id(), merchant_id=row.id, name=name, slug=shops.free_slug(name, who.shop_slug))
    session().add(shop)
    session().flush()
    price = who.delivery or Money.zero(current().currency)
    delivery.add(row.id, shop.id, Terms(who.delivery_label, price))
    return row.id, shop.id
