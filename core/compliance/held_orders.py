"""Personal data of buyers in purchases, orders and payments: copied out whole; the amounts stay, the person goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from core.compliance.parts import Part, Person, Record, records, register
from core.fulfilment.models import ParcelRow
from core.hooks.data import Erasure
from core.kernel.db import session
from core.kernel.errors import _
from core.orders.models import LineRow, OrderRow, PurchaseRow, TimelineRow
from core.payments.models import PaymentRefundRow, PaymentRow, ProviderEventRow

_PLACE = ("name", "line1", "line2", "postcode", "city", "region", "country", "phone")
_TAXED_BY = ("country", "region")
_BUYERS = ("buyer", "guest")
_BY_LAW = _("Goods, amounts and taxes must be kept for the books; who you are and where you live is gone")


def _orders(who: Person) -> Mapping[str, Sequence[Record]]:
    purchases = select(PurchaseRow.id).where(PurchaseRow.customer_id.in_(who.customer_ids))
    orders = select(OrderRow.id).where(OrderRow.customer_id.in_(who.customer_ids))
    payments = select(PaymentRow.id).where(PaymentRow.purchase_id.in_(purchases))
    return {
        "purchases": records(PurchaseRow, PurchaseRow.customer_id.in_(who.customer_ids),
                             without=("placing_key", "guest_digest")),
        "orders": records(OrderRow, OrderRow.customer_id.in_(who.customer_ids)),
        "order_lines": records(LineRow, LineRow.order_id.in_(orders)),
        "order_timeline": records(TimelineRow, TimelineRow.order_id.in_(orders), TimelineRow.is_public.is_(True),
                                  without=("by_name",)),
        "parcels": records(ParcelRow, ParcelRow.order_id.in_(orders)),
        "payments": records(PaymentRow, PaymentRow.purchase_id.in_(purchases), without=("client_secret",)),
        "payment_refunds": records(PaymentRefundRow, PaymentRefundRow.payment_id.in_(payments)),
    }  # fmt: skip


def _erase_orders(who: Person) -> Sequence[Erasure]:
    mine = session().scalars(select(PurchaseRow).where(PurchaseRow.customer_id.in_(who.customer_ids))).all()
    for bought in mine:
        known = bought.address or {}
        bought.address = {name: known.get(name, "") if name in _TAXED_BY else "" for name in _PLACE}
        bought.email, bought.guest_digest, bought.visit, bought.answers = "", "", None, {}
    session().flush()
    orders = select(OrderRow.id).where(OrderRow.customer_id.in_(who.customer_ids))
    plain: dict[str, Any] = {"execution_options": {"synchronize_session": False}}
    session().execute(update(OrderRow).where(OrderRow.id.in_(orders)).values(note=""), **plain)
    session().execute(
        update(TimelineRow).where(TimelineRow.order_id.in_(orders), TimelineRow.by_kind.in_(_BUYERS))
        .values(by_name="", facts={}), **plain,
    )  # fmt: skip
    return [Erasure("purchases", len(mine), _BY_LAW), *_erase_payments(who)]


def _erase_payments(who: Person) -> Sequence[Erasure]:
    purchases = select(PurchaseRow.id).where(PurchaseRow.customer_id.in_(who.customer_ids))
    query = select(PaymentRow).where(PaymentRow.purchase_id.in_(purchases))
    mine = session().scalars(query).all()
    for payment in mine:
        payment.client_secret = ""
    references = [payment.provider_ref for payment in mine if payment.provider_ref]
    session().flush()
    values: dict[str, Any] = {"body": {}}
    told = session().execute(
        update(ProviderEventRow)
        .where(ProviderEventRow.object_ref.in_(references), ProviderEventRow.handled_at.is_not(None))
        .values(**values), execution_options={"synchronize_session": False},
    )  # fmt: skip
    kept = _("The payment provider's numbers and the amounts must be kept for the books")
    return [Erasure("provider_events", int(told.rowcount)), Erasure("payments", 0, kept)]  # type: ignore[attr-defined]


register(Part("orders", _orders, _erase_orders))
