"""A marketplace's past comes in whole, once, by its own dates, with its money to the cent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.billing.models import ChargeRow
from core.catalogue.models import CategoryRow, ListingRow
from core.customers.models import CustomerRow
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.ledger import balances
from core.ledger.models import EntryRow
from core.ledger.verify import verify
from core.merchants.models import MerchantRow
from core.orders.models import LineRow, OrderRow, PurchaseRow, TimelineRow
from plugins.commission import services as commission
from tenants.history import importing, proof
from tenants.history.orders import add
from tenants.history.reader import History, from_folder, read

OLIST = Path(__file__).parents[4] / "shared" / "data" / "olist-2017"
TABLES = {
    "orders": """order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,\
order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
o1,c1,delivered,2017-03-01 10:00:00,2017-03-01 22:30:00,2017-03-02 09:00:00,2017-03-05 12:00:00,2017-03-20 00:00:00
o2,c2,shipped,2017-04-01 10:00:00,2017-04-01 10:10:00,2017-04-03 09:00:00,,2017-04-20 00:00:00
o3,c1b,canceled,2017-05-01 10:00:00,2017-05-01 10:10:00,,,2017-05-20 00:00:00
o4,c2,unavailable,2017-05-02 10:00:00,,,,2017-05-20 00:00:00
o5,c2,invoiced,2017-05-03 10:00:00,2017-05-03 11:00:00,,,2017-05-20 00:00:00
o6,c2,created,2017-05-04 10:00:00,,,,2017-05-20 00:00:00
o7,c2,delivered,2017-05-05 10:00:00,,,,2017-05-20 00:00:00
o8,c2,delivered,not a date,,,,2017-05-20 00:00:00
o9,c9,delivered,2017-05-05 10:00:00,,,,2017-05-20 00:00:00
""",
    "order_items": """order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
o1,1,p1,s1,2017-03-03,10.5,1.11
o1,2,p1,s1,2017-03-03,10.5,1.11
o1,3,p2,s2,2017-03-03,199.9,18.14
o2,1,p1,s1,2017-03-03,20.00,0.0
o3,1,p2,s2,2017-03-03,199.9,18.14
o5,1,p3,s1,2017-03-03,5.0,2.5
o6,1,p3,s1,2017-03-03,5.0,2.5
o7,1,p1,s1,2017-03-03,20.005,2.5
o8,1,p1,s1,2017-03-03,20.00,2.5
o9,1,p1,s1,2017-03-03,20.00,2.5
o99,1,p1,s1,2017-03-03,20.00,2.5
""",
    "sellers": "seller_id,seller_zip_code_prefix,seller_city,seller_state\n"
    "s1,13844,mogi guacu,SP\ns2,55325,brejao,PE\ns3,1,itu,SP\n",
    "products": "product_id,product_category_name,product_weight_g\n"
    "p1,beleza_saude,500.0\np2,,\np3,sem_nome,100\np3,sem_nome,100\n",
    "customers": "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\n"
    "c1,u1,18682,lencois paulista,SP\nc1b,u1,18682,lencois paulista,SP\nc2,u2,4571,sao paulo,SP\n",
    "product_category_name_translation": "product_category_name,product_category_name_english\n"
    "beleza_saude,health_beauty\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small past in every state, and rows that cannot be used."""
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def market(make_tenant: Callable[..., Tenant]) -> Iterator[Tenant]:
    """A marketplace in Brazil that takes ten per cent."""
    made = make_tenant(country="BR", currency="BRL", timezone="America/Sao_Paulo")
    with bind(made):
        with transaction():
            commission.publish([commission.RateDraft("All", percent_bps=1_000)])
        yield made


def past(folder: Path) -> History:
    """Read the folder in the market's zone."""
    return read(from_folder(folder), "America/Sao_Paulo")


def bring_in(history: History) -> proof.Totals:
    """Carry an import out to its end."""
    for chunk in importing.chunks(history):
        importing.carry_out(chunk)
    with read_only():
        return proof.totals([order.key for order in history.orders])


def order_of(key: str) -> list[OrderRow]:
    """Return the orders that came from one of the source."""
    query = select(OrderRow).join(PurchaseRow, PurchaseRow.id == OrderRow.purchase_id)
    return list(session().scalars(query.where(PurchaseRow.external_key == key).order_by(OrderRow.number)))


def test_every_row_that_is_left_out_is_named_with_its_reason(folder: Path) -> None:
    found = {(f.file, f.key): f.reason for f in past(folder).faults}
    assert found[("orders.csv", "o4")] == "It has no items"
    assert found[("orders.csv", "o7")] == "An item of it cannot be used"
    assert found[("orders.csv", "o8")] == "A date cannot be read"
    assert found[("orders.csv", "o9")] == "There is no such customer"
    assert found[("order_items.csv", "o7/1")] == "The price or the freight is not an exact amount"
    assert found[("order_items.csv", "o99")] == "There is no such order"
    assert found[("sellers.csv", "s3")] == "No order of it is imported"
    assert found[("products.csv", "p3")] == "The key is used twice"


def test_a_missing_table_is_refused_by_name(folder: Path) -> None:
    (folder / "sellers.csv").unlink()
    with pytest.raises(Invalid, match=r"sellers\.csv"):
        from_folder(folder)


def test_a_market_with_another_currency_is_refused(folder: Path, tenant: Tenant) -> None:
    with pytest.raises(Conflict, match=r"history\.currency"):
        importing.refuse_other_money()


def test_totals_are_over_all_imported_items_and_balance(folder: Path, market: Tenant) -> None:
    found = bring_in(past(folder))
    assert found.plain() == {
        "orders": 5, "items": 7, "merchants": 2, "goods": "450.80", "freight": "43.50", "balanced": True,
    }  # fmt: skip
    with read_only():
        assert verify().is_clean


def test_states_and_moments_are_those_of_the_past(folder: Path, market: Tenant) -> None:
    bring_in(past(folder))
    with read_only():
        first, second = order_of("o1")
        assert (first.state, second.state) == ("completed", "completed")
        assert first.placed_at == datetime(2017, 3, 1, 13, 0, tzinfo=UTC)
        assert first.completed_at == datetime(2017, 3, 19, 15, 0, tzinfo=UTC)
        states = {key: order_of(key)[0].state for key in ("o2", "o3", "o5", "o6")}
        assert states == {"o2": "shipped", "o3": "cancelled", "o5": "accepted", "o6": "pending_payment"}
        moments = session().execute(select(TimelineRow.kind).where(TimelineRow.order_id == first.id)).all()
        assert [m.kind for m in moments] == ["placed", "paid", "shipped", "delivered", "completed"]


def test_equal_items_of_a_seller_become_one_line(folder: Path, market: Tenant) -> None:
    bring_in(past(folder))
    with read_only():
        first, second = order_of("o1")
        lines = session().scalars(select(LineRow).where(LineRow.order_id == first.id)).all()
        assert [(line.quantity, line.unit_price_minor, line.gross_minor) for line in lines] == [(2, 1_050, 2_100)]
        assert (first.total_minor, second.total_minor) == (2_322, 21_804)


def test_money_moves_on_the_days_of_the_past_and_commission_is_charged(folder: Path, market: Tenant) -> None:
    bring_in(past(folder))
    with read_only():
        first, _second = order_of("o1")
        days = dict(
            session().execute(select(EntryRow.kind, EntryRow.effective_on).where(EntryRow.order_id == first.id)).all()
        )
        # 22:30 in São Paulo is the next day in UTC; the book has the market's day.
        assert days == {"payment.captured": date(2017, 3, 1), "order.released": date(2017, 3, 19)}
        charge = session().scalars(select(ChargeRow).where(ChargeRow.order_id == first.id)).one()
        assert (charge.amount_minor, charge.at) == (210, first.paid_at)
        payable = balances.balance(f"payable:{first.merchant_id}", "BRL")
        tax = charge.tax_minor
        assert payable.minor == -(2_322 - 210 - tax)


def test_cancelled_and_unpaid_orders_move_no_money(folder: Path, market: Tenant) -> None:
    bring_in(past(folder))
    with read_only():
        for key in ("o3", "o6"):
            (order,) = order_of(key)
            assert session().scalar(select(func.count()).where(EntryRow.order_id == order.id)) == 0


def test_a_second_run_changes_nothing(folder: Path, market: Tenant) -> None:
    history = past(folder)
    before = bring_in(history)
    with read_only():
        trial = balances.balances()
    assert bring_in(history) == before
    with read_only():
        assert balances.balances() == trial
        counted = (PurchaseRow, OrderRow, MerchantRow, CustomerRow, ListingRow)
        assert [session().scalar(select(func.count()).select_from(kind)) for kind in counted] == [5, 6, 3, 2, 3]


def test_a_run_that_stopped_half_way_is_taken_up(folder: Path, market: Tenant) -> None:
    history = past(folder)
    work = importing.chunks(history)
    for chunk in work[:-1]:
        importing.carry_out(chunk)
    with transaction():
        add(history.orders[:2])
    with suppress(ZeroDivisionError), transaction():
        add(history.orders)
        raise ZeroDivisionError
    assert bring_in(history).plain()["orders"] == 5


def test_categories_take_the_translation_and_others_gather(folder: Path, market: Tenant) -> None:
    bring_in(past(folder))
    with read_only():
        found = {row.slug: row.names["en"] for row in session().scalars(select(CategoryRow))}
        assert found == {"beleza-saude": "Health beauty", "other": "Other"}
        assert set(session().scalars(select(ListingRow.state))) == {"archived"}


def test_plugins_hear_nothing_of_the_past(folder: Path, market: Tenant) -> None:
    bring_in(past(folder))
    with read_only():
        assert session().scalars(select(OutboxRow.handler)).all() == []
    assert jobs.find("hooks.deliver") is not None


def test_the_command_ends_with_one_line_of_figures(folder: Path, market: Tenant, app: Flask, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    words = ["history", "import", str(folder), "--tenant", market.slug, "--report", str(report)]
    result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 0, result.output
    assert '"goods": "450.80"' in result.stdout.splitlines()[-1]
    assert "o4,It has no items" in report.read_text(encoding="utf-8")


@pytest.mark.skipif(not OLIST.is_dir(), reason="the data folder is not there")
def test_a_real_marketplace_comes_in_to_the_cent(market: Tenant) -> None:
    assert bring_in(past(OLIST)).plain() == {
        "orders": 5_954, "items": 6_767, "merchants": 880, "goods": "837431.05", "freight": "130996.77",
        "balanced": True,
    }  # fmt: skip
    with read_only():
        assert verify().is_clean
