"""Orders and purchases in full, as pages and the API show them: lines, parcels, moments, charges, refunds, payment.

Everything is loaded for all orders of a purchase at once, so the number of statements does not grow with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from core.billing import charges as stored_charges
from core.billing.charges import StoredCharge
from core.billing.models import RefundLineRow, RefundRow
from core.fulfilment.shipping import Parcel, auto_deliver_days, parcels_of
from core.hooks.types import Party
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money, total
from core.kernel.secrets import digest
from core.merchants.models import MerchantRow, ShopRow
from core.orders import queries, timeline
from core.orders.models import OrderRow, PurchaseRow
from core.orders.queries import LineView
from core.orders.states import UNPAID
from core.orders.timeline import Moment
from core.payments.models import PaymentRow


@dataclass(frozen=True, slots=True)
class RefundView:
    """Money that went back: how much for which units, and why."""

    id: UUID
    number: str
    amount: Money
    delivery: Money
    reason: str
    by_kind: str
    at: datetime
    units: Mapping[UUID, int]
    value: Money


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A purchase's payment; `provider_ref` is what the provider calls it."""

    id: UUID
    provider: str
    provider_ref: str
    state: str
    method: str
    failure: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ShopContact:
    """Who sells: what the buyer sees and whom they write to."""

    id: UUID
    name: str
    slug: str
    merchant_id: UUID
    merchant_name: str
    email: str
    phone: str
    return_days: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with everything that belongs to it. Amounts are frozen at placing but for refunds."""

    id: UUID
    number: str
    state: str
    purchase_id: UUID
    purchase_number: str
    merchant_id: UUID
    customer_id: UUID
    shop: ShopContact
    is_house: bool
    buyer: str
    email: str
    address: Mapping[str, str]
    note: str
    cancel_reason: str
    labels: Mapping[str, str]
    goods: Money
    discount: Money
    delivery: Money
    delivery_label: str
    fee: Money
    tax: Money
    total: Money
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    arrives_by: datetime | None
    lines: tuple[LineView, ...]
    parcels: tuple[Parcel, ...]
    moments: tuple[Moment, ...]
    charges: tuple[StoredCharge, ...]
    refunds: tuple[RefundView, ...]

    @property
    def is_paid(self) -> bool:
        """Whether money has moved and was not all given back by cancelling."""
        return self.state not in UNPAID

    @property
    def to_send(self) -> int:
        """Units that still go out."""
        return sum(line.to_send for line in self.lines)

    @property
    def has_sent(self) -> bool:
        """Whether anything has left."""
        return any(line.shipped for line in self.lines)

    @property
    def is_cancellable(self) -> bool:
        """Whether the shop may still cancel it as a whole."""
        return self.state in ("paid", "accepted") and not self.has_sent

    @property
    def is_cancel_asked(self) -> bool:
        """Whether the buyer has asked to cancel and nobody has decided."""
        return self.is_cancellable and any(moment.kind == "cancel_asked" for moment in self.moments)

    @property
    def refunded(self) -> Money:
        """What has gone back to the buyer."""
        return total((refund.amount for refund in self.refunds), self.total.currency)

    @property
    def delivery_left(self) -> Money:
        """What can still be refunded of the delivery price."""
        return self.delivery - total((refund.delivery for refund in self.refunds), self.total.currency)

    @property
    def is_refundable(self) -> bool:
        """Whether anything is left to give back."""
        return self.is_paid and (bool(self.delivery_left) or any(line.refundable for line in self.lines))

    @property
    def platform_discount(self) -> Money:
        """What the marketplace has paid of the buyer's price."""
        return total((line.platform_discount for line in self.lines), self.total.currency)

    @property
    def fees(self) -> Money:
        """What the merchant owes the marketplace for it: fees with tax, after refunds."""
        return total((_owed(charge) for charge in self.charges), self.total.currency)

    @property
    def earned(self) -> Money:
        """What the merchant gets: value with delivery, less refunds and fees."""
        value = total((line.net + line.tax for line in self.lines), self.total.currency) + self.delivery
        return value - total((refund.value for refund in self.refunds), self.total.currency) - self.fees


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """What a buyer placed at once: its orders and its payment."""

    id: UUID
    number: str
    state: str
    customer_id: UUID
    email: str
    locale: str
    address: Mapping[str, str]
    total: Money
    placed_at: datetime
    paid_at: datetime | None
    expires_at: datetime | None
    payment: PaymentView | None
    orders: tuple[OrderView, ...]


def fee_of(charges: Sequence[StoredCharge], line_id: UUID, currency: str) -> tuple[Money, Money]:
    """Return the merchant's fee on a line and the tax on it, as frozen at placing."""
    mine = [c for c in charges if c.line_id == line_id and (c.payer, c.payee) == (Party.MERCHANT, Party.PLATFORM)]
    return total((c.amount for c in mine), currency), total((c.tax for c in mine), currency)


def _owed(charge: StoredCharge) -> Money:
    left = charge.amount - charge.reversed + charge.tax - charge.reversed_tax
    if (charge.payer, charge.payee) == (Party.MERCHANT, Party.PLATFORM):
        return left
    if (charge.payer, charge.payee) == (Party.PLATFORM, Party.MERCHANT):
        return -left
    return Money.zero(left.currency)


def order(order_id: UUID, *, merchant_id: UUID | None = None, public_only: bool = False) -> OrderView:
    """Return an order in full, of a merchant if one is named. Raise Missing if there is none."""
    query = select(OrderRow).where(OrderRow.id == order_id)
    if merchant_id is not None:
        query = query.where(OrderRow.merchant_id == merchant_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("orders.no_order", _("There is no such order"))
    bought = session().scalars(select(PurchaseRow).where(PurchaseRow.id == row.purchase_id)).one()
    return _orders([row], bought, public_only=public_only)[0]


def purchase(
    purchase_id: UUID,
    *,
    customer_ids: Sequence[UUID] | None = None,
    guest_token: str = "",
    public_only: bool = True,
) -> PurchaseView:
    """Return a purchase in full: of these buyers, or of the guest who carries its token, where either is given.

    Raise Missing if there is none for them.
    """
    query = select(PurchaseRow).where(PurchaseRow.id == purchase_id)
    if customer_ids is not None:
        theirs = PurchaseRow.customer_id.in_(customer_ids)
        by_token = PurchaseRow.guest_digest == digest(guest_token)
        query = query.where(or_(theirs, by_token) if guest_token else theirs)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("orders.no_purchase", _("There is no such purchase"))
    rows = session().scalars(select(OrderRow).where(OrderRow.purchase_id == row.id).order_by(OrderRow.id)).all()
    return _purchase(row, _orders(rows, row, public_only=public_only))


def _purchase(row: PurchaseRow, parts: Sequence[OrderView]) -> PurchaseView:
    return PurchaseView(
        id=row.id, number=row.number, state=row.state, customer_id=row.customer_id, email=row.email,
        locale=row.locale, address=row.address, total=Money(row.total_minor, row.currency), placed_at=row.placed_at,
        paid_at=row.paid_at, expires_at=row.expires_at, payment=payment_of(row.id), orders=tuple(parts),
    )  # fmt: skip


def payment_of(purchase_id: UUID) -> PaymentView | None:
    """Return a purchase's payment, if it has one."""
    row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase_id)).one_or_none()
    if row is None:
        return None
    amount = Money(row.amount_minor, row.currency)
    return PaymentView(row.id, row.provider, row.provider_ref or "", row.state, row.method, row.failure, amount)


def _orders(rows: Sequence[OrderRow], bought: PurchaseRow, *, public_only: bool) -> list[OrderView]:
    ids = [row.id for row in rows]
    lines, parcels = queries.lines(ids), parcels_of(ids)
    moments = timeline.moments_of(ids, public_only=public_only)
    charges, refunds = stored_charges.of_orders(ids), refunds_of(ids)
    shops = _shops({row.shop_id for row in rows})
    return [
        OrderView(
            lines=tuple(lines[row.id]), parcels=tuple(parcels[row.id]), moments=tuple(moments[row.id]),
            charges=tuple(charges[row.id]), refunds=tuple(refunds[row.id]), shop=shops[row.shop_id],
            buyer=bought.address.get("name", ""), email=bought.email, address=bought.address,
            purchase_number=bought.number, **_amounts(row), **_facts(row),
        )
        for row in rows
    ]  # fmt: skip


def _amounts(row: OrderRow) -> dict[str, Any]:
    names = ("goods", "discount", "delivery", "fee", "tax", "total")
    return {name: Money(getattr(row, f"{name}_minor"), row.currency) for name in names}


def _facts(row: OrderRow) -> dict[str, Any]:
    names = (
        "id", "number", "state", "purchase_id", "merchant_id", "customer_id", "is_house", "note", "cancel_reason",
        "labels", "delivery_label", "placed_at", "paid_at", "shipped_at", "delivered_at", "completed_at",
    )  # fmt: skip
    arrives_by = None
    if row.state == "shipped" and row.shipped_at is not None:
        arrives_by = row.shipped_at + timedelta(days=auto_deliver_days())
    return {"arrives_by": arrives_by, **{name: getattr(row, name) for name in names}}


def _shops(shop_ids: set[UUID]) -> dict[UUID, ShopContact]:
    query = (
        select(ShopRow, MerchantRow)
        .join(MerchantRow, (MerchantRow.tenant_id == ShopRow.tenant_id) & (MerchantRow.id == ShopRow.merchant_id))
        .where(ShopRow.id.in_(shop_ids))
    )
    return {
        shop.id: ShopContact(
            shop.id, shop.name, shop.slug, merchant.id, merchant.name, merchant.email, merchant.phone, shop.return_days
        )
        for shop, merchant in session().execute(query)
    }


def refunds_of(order_ids: Sequence[UUID]) -> dict[UUID, list[RefundView]]:
    """Return the refunds of orders, oldest first, by order."""
    found: dict[UUID, list[RefundView]] = {key: [] for key in order_ids}
    rows = session().scalars(select(RefundRow).where(RefundRow.order_id.in_(order_ids)).order_by(RefundRow.id)).all()
    units: dict[UUID, dict[UUID, int]] = {row.id: {} for row in rows}
    values = dict.fromkeys(units, 0)
    for part in session().scalars(select(RefundLineRow).where(RefundLineRow.refund_id.in_(units))) if units else ():
        units[part.refund_id][part.line_id] = part.quantity
        values[part.refund_id] += part.net_minor + part.tax_minor
    for row in rows:
        delivery = Money(row.delivery_minor, row.currency)
        value = Money(values[row.id], row.currency) + delivery
        found[row.order_id].append(
            RefundView(
                row.id, row.number, Money(row.amount_minor, row.currency), delivery, row.reason, row.by_kind, row.at,
                units[row.id], value,
            )
        )  # fmt: skip
    return found
