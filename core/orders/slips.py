"""What has to be packed for orders: where it goes and the units that are still to be sent or were sent, no prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.merchants.models import MerchantRow, ShopRow
from core.orders import queries
from core.orders.models import OrderRow, PurchaseRow

MOST = 100
"""Slips of one file."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """An article and how many units of it belong into the parcel."""

    title: str
    options: tuple[str, ...]
    sku: str
    units: int


@dataclass(frozen=True, slots=True)
class Slip:
    """One order's packing slip. `email` is where the buyer asks the shop."""

    number: str
    shop: str
    email: str
    address: Mapping[str, str]
    note: str
    delivery: str
    placed_at: datetime
    lines: tuple[SlipLine, ...]


def slips(order_ids: Sequence[UUID], *, merchant_id: UUID | None = None) -> list[Slip]:
    """Return the slips of orders in the order of their numbers; of a merchant if one is named. Three statements.

    Raise Missing if none of them is there.
    """
    query = (
        select(OrderRow, PurchaseRow.address, ShopRow.name, MerchantRow.email)
        .join(PurchaseRow, (PurchaseRow.tenant_id == OrderRow.tenant_id) & (PurchaseRow.id == OrderRow.purchase_id))
        .join(ShopRow, (ShopRow.tenant_id == OrderRow.tenant_id) & (ShopRow.id == OrderRow.shop_id))
        .join(MerchantRow, (MerchantRow.tenant_id == OrderRow.tenant_id) & (MerchantRow.id == OrderRow.merchant_id))
        .where(OrderRow.id.in_(order_ids[:MOST]))
        .order_by(OrderRow.number)
    )
    if merchant_id is not None:
        query = query.where(OrderRow.merchant_id == merchant_id)
    rows = session().execute(query).all()
    if not rows:
        raise Missing("orders.no_order", _("There is no such order"))
    lines = queries.lines([row[0].id for row in rows])
    return [
        Slip(
            order.number, shop, email, address, order.note, order.delivery_label, order.placed_at,
            tuple(SlipLine(line.title, line.options, line.sku, line.quantity - line.refunded)
                  for line in lines[order.id] if line.quantity > line.refunded),
        )
        for order, address, shop, email in rows
    ]  # fmt: skip
