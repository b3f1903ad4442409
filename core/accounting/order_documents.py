"""A shop's invoice for an order and its credit notes for refunds, made from the frozen amounts of the order (R6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.accounting import documents, parties
from core.accounting.documents import Draft, PaperLine
from core.accounting.models import FiscalDocumentRow
from core.accounting.parties import PartyOnPaper
from core.billing.models import RefundLineRow, RefundRow
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.money import Money, total
from core.kernel.tenancy import current
from core.merchants.models import MerchantRow
from core.orders import progress
from core.orders.models import LineRow, OrderRow, PurchaseRow
from core.orders.states import UNPAID


def invoice(order_id: UUID) -> UUID:
    """Issue an order's invoice, once; return its key. Raise Missing, or Conflict while the order is not paid."""
    known = issued(order_id)
    if known is not None:
        return known
    order = progress.find(order_id)
    if order.state in UNPAID or order.paid_at is None:
        raise Conflict("accounting.not_paid", _("There is an invoice when the order is paid"))
    lines = session().scalars(select(LineRow).where(LineRow.order_id == order_id).order_by(LineRow.position)).all()
    rows = [
        PaperLine("", _title(line), line.quantity, Money(line.net_minor, line.currency),
                  Money(line.tax_minor, line.currency), line.tax_bps)
        for line in lines
    ]  # fmt: skip
    rows += _others(order)
    promo = Money(sum(line.platform_discount_minor for line in lines), order.currency)
    key = f"order:{order_id}"
    return documents.issue([_draft(order, key, "invoice", rows, promo, order.shipped_at or order.paid_at)])[key]


def credit(refund_id: UUID) -> UUID:
    """Issue the credit note of a refund, once, and the invoice that it corrects. Raise Missing."""
    refund = session().scalars(select(RefundRow).where(RefundRow.id == refund_id)).one_or_none()
    if refund is None:
        raise Missing("accounting.no_refund", _("There is no such refund"))
    order = progress.find(refund.order_id)
    parts = session().scalars(select(RefundLineRow).where(RefundLineRow.refund_id == refund_id)).all()
    lines = {line.id: line for line in session().scalars(select(LineRow).where(LineRow.order_id == order.id))}
    rows = [
        PaperLine("", _title(lines[part.line_id]), part.quantity, Money(part.net_minor, order.currency),
                  Money(part.tax_minor, order.currency), lines[part.line_id].tax_bps)
        for part in sorted(parts, key=lambda part: lines[part.line_id].position)
    ]  # fmt: skip
    if refund.delivery_minor:
        rows.append(_untaxed("delivery", Money(refund.delivery_minor, order.currency)))
    promo = Money(sum(part.platform_discount_minor for part in parts), order.currency)
    key = f"refund:{refund_id}"
    draft = _draft(order, key, "credit_note", rows, promo, refund.at, corrects=invoice(order.id))
    return documents.issue([draft])[key]


def issued(order_id: UUID) -> UUID | None:
    """Return the key of an order's invoice; None while there is none."""
    query = select(FiscalDocumentRow.id).where(FiscalDocumentRow.key == f"order:{order_id}")
    return session().scalars(query).one_or_none()


def _title(line: LineRow) -> str:
    return " · ".join([line.title, *line.options])


def _untaxed(code: str, amount: Money) -> PaperLine:
    return PaperLine(code, "", 1, amount, Money.zero(amount.currency), 0)


def _others(order: OrderRow) -> list[PaperLine]:
    amounts = {"delivery": order.delivery_minor, "fees": order.fee_minor}
    return [_untaxed(code, Money(minor, order.currency)) for code, minor in amounts.items() if minor]


def _draft(
    order: OrderRow, key: str, kind: str, rows: list[PaperLine], promo: Money, at: datetime,
    *, corrects: UUID | None = None,
) -> Draft:  # fmt: skip
    merchant = session().scalars(select(MerchantRow).where(MerchantRow.id == order.merchant_id)).one()
    seller = parties.platform() if merchant.is_house else parties.merchant(merchant)
    gross = total((row.gross for row in rows), order.currency)
    return Draft(
        key=key, kind=kind, issuer=str(order.merchant_id), merchant_id=order.merchant_id, supplied_on=_day(at),
        currency=order.currency, seller=seller, buyer=_buyer(order), lines=rows, settled=min(promo, gross),
        order_id=order.id, corrects_id=corrects,
    )  # fmt: skip


def _buyer(order: OrderRow) -> PartyOnPaper:
    bought = session().scalars(select(PurchaseRow).where(PurchaseRow.id == order.purchase_id)).one()
    address: Mapping[str, str] = bought.address
    return PartyOnPaper(
        address.get("name", "") or bought.email, parties.address_lines(address), address.get("tax_number", ""), "",
        bought.email,
    )  # fmt: skip


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(current().timezone)).date()
