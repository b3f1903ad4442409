"""Invoices and credit notes of orders: frozen amounts, one series for each issuer, what they sum to; and reports."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.accounting import chart, documents, order_documents, reports
from core.accounting.documents import stated_rate
from core.accounting.models import FiscalDocumentRow
from core.billing.refund import RefundRequest, refund
from core.billing.release import complete
from core.hooks.money import Posting
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid
from core.kernel.money import Money
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.ledger import journal
from core.orders.models import LineRow, OrderRow
from core.payments import payments
from core.payments.models import PaymentRow
from tests.core.accounting.books import JAN, sale
from tests.market import Shop, buy, euros, make_good, make_shop, orders_of


def bought(shop: Shop, *, units: int = 2, is_paid: bool = True) -> tuple[OrderRow, LineRow]:
    """Place an order of so many units at 12.00 with 20 % tax, and pay it."""
    purchase = buy({make_good(shop, 1200): units})
    if is_paid:
        row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase).with_for_update()).one()
        payments.captured(row, "card")
    (order,) = orders_of(purchase)
    return order, session().scalars(select(LineRow).where(LineRow.order_id == order.id)).one()


def test_an_invoice_says_net_tax_and_gross_by_rate(tenant: Tenant) -> None:
    with transaction():
        order, _line = bought(make_shop(delivery=490))
        paper = documents.paper(order_documents.invoice(order.id))
        assert [(t.rate_bps, t.net.minor, t.tax.minor) for t in paper.taxes] == [(2000, 2000, 400), (0, 490, 0)]
        assert (paper.number, paper.gross.minor, paper.order_id) == ("INV-10001", order.total_minor, order.id)
        assert (paper.buyer.name, paper.buyer.address[0]) == ("Ada Byrne", "1 Quay Street")


def test_an_invoice_is_issued_once(tenant: Tenant) -> None:
    with transaction():
        order, _line = bought(make_shop())
        assert order_documents.invoice(order.id) == order_documents.invoice(order.id)
        assert len(session().scalars(select(FiscalDocumentRow)).all()) == 1


def test_an_order_that_is_not_paid_gets_no_invoice(tenant: Tenant) -> None:
    with transaction():
        order, _line = bought(make_shop(), is_paid=False)
        with pytest.raises(Conflict, match=r"accounting\.not_paid"):
            order_documents.invoice(order.id)
        assert session().scalars(select(FiscalDocumentRow)).all() == []


def test_each_shop_numbers_its_invoices_by_itself_without_gaps(tenant: Tenant) -> None:
    with transaction():
        one, other = make_shop(), make_shop()
        numbers = [documents.paper(order_documents.invoice(bought(shop)[0].id)).number for shop in (one, one, other)]
        assert numbers == ["INV-10001", "INV-10002", "INV-10001"]


def test_credit_notes_of_a_full_refund_in_steps_sum_to_the_invoice(tenant: Tenant) -> None:
    with transaction():
        order, line = bought(make_shop(), units=3)
        whole = documents.paper(order_documents.invoice(order.id))
        notes = []
        for number in range(3):
            done = refund(RefundRequest(order.id, {line.id: 1}, f"k{number}"))
            notes.append(documents.paper(order_documents.credit(done.id)))
        assert sum(note.gross.minor for note in notes) == whole.gross.minor
        assert sum(note.tax.minor for note in notes) == whole.tax.minor
        assert [note.number for note in notes] == ["CN-10001", "CN-10002", "CN-10003"]
        assert {note.corrects_id for note in notes} == {whole.id}


@given(st.integers(1, 100), st.lists(st.integers(1, 50_000), min_size=1, max_size=30))
def test_a_rate_is_found_again_from_sums_of_rounded_taxes(rate: int, nets: list[int]) -> None:
    money = [Money(minor, "EUR") for minor in nets]
    tax = sum(one.share(rate * 100).minor for one in money)
    net = Money(sum(nets), "EUR")
    found = stated_rate(net, Money(tax, "EUR"), len(nets))
    assert found is not None
    assert abs(net.share(found).minor - tax) <= len(nets)


def test_no_rate_is_claimed_for_a_tax_without_an_amount() -> None:
    assert stated_rate(Money(0, "EUR"), Money(5, "EUR"), 1) is None
    assert stated_rate(Money(0, "EUR"), Money(0, "EUR"), 1) == 0


def test_profit_and_fee_tax_of_a_month(tenant: Tenant) -> None:
    with transaction():
        sale(make_shop().merchant_id, date(2026, 1, 5), 10_000, 800, 160)
        journal.post("c", "x.y", [Posting("psp:test", "psp_cost", euros(30), "cost")], effective_on=JAN)
        (one,) = reports.profit(JAN, JAN)
        assert ({name: amount.minor for name, amount in one.amounts.items()}, one.result.minor) == (
            {"fee": 800, "psp_cost": -30}, 770,
        )  # fmt: skip
        assert [(t.source, t.rate_bps, t.net.minor, t.tax.minor) for t in reports.taxes(JAN)] == [
            ("fee_tax", 2000, 800, 160)
        ]


def test_tax_on_own_goods_by_rate_is_what_the_journal_says(tenant: Tenant) -> None:
    with transaction():
        order, line = bought(make_shop(house=True), units=2)
        complete(order.id)
        refund(RefundRequest(order.id, {line.id: 1}, "k"))
        day = session().scalars(select(OrderRow.completed_at).where(OrderRow.id == order.id)).one()
        assert day is not None
        rows = reports.taxes(date(day.year, day.month, 1))
        assert [(t.source, t.rate_bps, t.net.minor, t.tax.minor) for t in rows] == [("own_tax", 2000, 1000, 200)]


def test_the_trial_balance_as_of_a_day_leaves_later_entries_out(tenant: Tenant) -> None:
    with transaction():
        merchant: UUID = make_shop().merchant_id
        sale(merchant, date(2026, 1, 5), 100)
        sale(merchant, date(2026, 2, 5), 900)
        assert {b.account: b.amount.minor for b in reports.trial(date(2026, 1, 31))} == {
            "psp:test": 100, f"payable:{merchant}": -100,
        }  # fmt: skip


def test_the_export_is_double_entry_under_the_tenants_codes(tenant: Tenant) -> None:
    with transaction():
        sale(make_shop().merchant_id, date(2026, 1, 5), 100, 10)
        chart.change({"fee": ("4711", "Provisionen")})
        rows = list(chart.booked(JAN, date(2026, 2, 1)))
        assert [(r.debit.code, r.credit.code, r.amount.minor) for r in rows] == [
            ("1360", "1601", 100), ("1601", "1600", 100), ("1600", "4711", 10),
        ]  # fmt: skip


@pytest.mark.parametrize("codes", [{"fee": ("", "Fees")}, {"fee": ("4711", "")}, {"moon": ("1", "Moon")}])
def test_a_wrong_code_changes_no_chart(tenant: Tenant, codes: dict[str, tuple[str, str]]) -> None:
    with transaction():
        before = chart.chart()
        with pytest.raises(Invalid):
            chart.change(codes)
        assert chart.chart() == before
