"""The spreadsheet of prices and stock: what differs is saved at once, or nothing is."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.catalogue import prices, sheet, stock
from core.catalogue.models import VariantRow
from core.kernel.db import session
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from tests.market import Shop, make_good, make_shop
from tests.web.orders.making import browser_of, key_of


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    """A shop that sells."""
    with transaction():
        return make_shop(delivery=490)


@pytest.fixture
def goods(shop: Shop) -> list[UUID]:
    """Two variants of the shop at 10.00 and 20.00."""
    with transaction():
        return [make_good(shop, 1000), make_good(shop, 2000)]


def _lines(shop: Shop) -> dict[UUID, tuple[int, int | None, int]]:
    with read_only():
        return {r.variant_id: (r.price.minor, r.was.minor if r.was else None, r.on_hand)
                for r in sheet.sheet(shop.merchant_id).rows}  # fmt: skip


def _form(shop: Shop, **cells: str) -> dict[str, str]:
    """Return the form as a browser sends it, with some cells typed over: name as "<place in the list>_<cell>"."""
    form: dict[str, str] = {}
    with read_only():
        rows = sheet.sheet(shop.merchant_id).rows
    for place, row in enumerate(reversed(rows)):
        shown = {"price": f"{row.price.decimal:f}", "was": "", "on_hand": str(row.on_hand)}
        for name, value in shown.items():
            form[f"{row.variant_id}.{name}.seen"] = value
            form[f"{row.variant_id}.{name}"] = cells.get(f"c{place}_{name}", value)
    return form


def test_cells_that_differ_are_saved_with_price_history_and_movement(
    app: Flask, tenant: Tenant, host, shop: Shop, goods
) -> None:
    before = _lines(shop)
    browser = browser_of(app, tenant, "merchant", shop.merchant_id)
    form = {**_form(shop, c0_price="12.50", c0_was="15.00", c1_on_hand="7"), "reason": "stock-taking"}
    assert browser.post("/merchant/sheet", data=form, **host).status_code == 303
    assert "2 lines are saved" in browser.get("/merchant/sheet", **host).text
    assert _lines(shop) == {goods[0]: (1250, 1500, before[goods[0]][2]), goods[1]: (2000, None, 7)}
    with read_only():
        assert [span.price.minor for span in prices.history(goods[0])] == [1250]
        assert stock.movements(goods[1])[0].reason == "stock-taking"


def test_one_wrong_cell_keeps_everything_as_it_was(app: Flask, tenant: Tenant, host, shop: Shop, goods) -> None:
    before = _lines(shop)
    browser = browser_of(app, tenant, "merchant", shop.merchant_id)
    for wrong in ({"c1_was": "1.00"}, {"c1_price": "abc"}, {"c1_on_hand": "-3"}, {"c1_price": ""}):
        answer = browser.post("/merchant/sheet", data=_form(shop, c0_price="12.50", **wrong), **host)
        assert answer.status_code == 422, wrong
        assert 'value="12.50"' in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert _lines(shop) == before


def test_a_cell_that_somebody_else_changed_is_refused(app: Flask, tenant: Tenant, host, shop: Shop, goods) -> None:
    form = _form(shop, c0_on_hand="3")
    with transaction():
        stock.receive(goods[0], 5, kind="receipt")
    before = _lines(shop)
    browser = browser_of(app, tenant, "merchant", shop.merchant_id)
    answer = browser.post("/merchant/sheet", data=form, **host)
    assert (answer.status_code, "in the meantime" in answer.text) == (422, True)
    assert _lines(shop) == before
    form = _form(shop, c1_price="21.00")
    with transaction():
        stock.receive(goods[1], 5, kind="receipt")  # another cell of the line: no quarrel
    assert browser.post("/merchant/sheet", data=form, **host).status_code == 303
    assert _lines(shop)[goods[1]][0] == 2100


def test_the_api_changes_ones_own_lines_alone(app: Flask, tenant: Tenant, host, shop: Shop, goods) -> None:
    with transaction():
        other = make_shop(delivery=490)
        foreign = make_good(other, 3000)
    before = _lines(other)
    client, headers = app.test_client(), key_of("merchant", shop.merchant_id)
    line = {"variant_id": str(goods[0]), "price_minor": 900}
    changed = client.patch("/api/v1/price-sheet/", json={"lines": [line]}, headers=headers, **host)
    assert changed.json == {"changed": 1}
    both = {"lines": [{**line, "price_minor": 800}, {"variant_id": str(foreign), "price_minor": 1}]}
    assert client.patch("/api/v1/price-sheet/", json=both, headers=headers, **host).status_code == 404
    assert (_lines(shop)[goods[0]][0], _lines(other)) == (900, before)
    wrong = {"lines": [{**line, "was_minor": 100}]}
    assert client.patch("/api/v1/price-sheet/", json=wrong, headers=headers, **host).status_code == 422


def test_who_may_not_touch_stock_changes_prices_only(app: Flask, tenant: Tenant, host, shop: Shop, goods) -> None:
    headers = key_of("merchant", shop.merchant_id, ("listings.edit",))
    line = {"variant_id": str(goods[0]), "on_hand": 3}
    before = _lines(shop)
    answer = app.test_client().patch("/api/v1/price-sheet/", json={"lines": [line]}, headers=headers, **host)
    assert answer.status_code == 403
    assert _lines(shop) == before
    with read_only():
        assert session().scalar(select(VariantRow.price_minor).where(VariantRow.id == goods[0])) == 1000
