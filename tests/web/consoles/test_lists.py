"""Lists of the consoles: kept views, columns, files, and one deed for many rows."""

from __future__ import annotations

import html
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.catalogue import bulk, moderation, reading
from core.catalogue.models import VariantRow
from core.identity import saved_views
from core.identity.models import SavedViewRow
from core.kernel.db import session
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.orders.models import OrderRow
from tests.market import Shop, make_good, make_shop
from tests.web.consoles.people import bearer
from tests.web.orders.making import browser_of, key_of, sell
from tests.working import run_due


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def _goods(count: int, shop: Shop | None = None) -> tuple[Shop, list[UUID]]:
    with transaction():
        shop = shop or make_shop(delivery=490)
        variants = [make_good(shop, 1000 + n) for n in range(count)]
        query = select(VariantRow.id, VariantRow.listing_id).where(VariantRow.id.in_(variants))
        listings = dict(session().execute(query).all())
        return shop, [listings[key] for key in variants]


def _states(ids: list[UUID]) -> list[str]:
    with read_only():
        return [reading.listing(key).state for key in ids]


def test_a_view_is_kept_shown_as_a_tab_and_deleted_with_undo(app: Flask, tenant: Tenant, host) -> None:
    browser = browser_of(app, tenant, "merchant", sell().shop.merchant_id)
    form = {"listing": "merchant.orders", "name": "Ada’s", "query": "tab=all&q=Ada", "back": "/merchant/orders"}
    assert browser.post("/merchant/lists/views", data=form, **host).status_code == 303
    shown = browser.get("/merchant/orders?tab=all&q=Ada", **host).text
    assert 'href="/merchant/orders?tab=all&amp;q=Ada" aria-current="page"' in shown
    with read_only():
        view_id = session().scalars(select(SavedViewRow.id)).one()
    browser.post(f"/merchant/lists/views/{view_id}/delete", data={"back": "/merchant/orders"}, **host)
    again = browser.get("/merchant/orders", **host).text
    assert "The view Ada’s is deleted" in html.unescape(again)
    assert "Undo" in again
    with read_only():
        assert session().scalars(select(SavedViewRow)).all() == []


def test_a_shared_view_reaches_the_same_shop_alone(app: Flask, tenant: Tenant, host) -> None:
    mine, other = sell(), sell()
    for name, shared in (("Everyone", "1"), ("Mine", "")):
        form = {
            "listing": "merchant.orders",
            "name": name,
            "query": "tab=all",
            **({"is_shared": "1"} if shared else {}),
        }
        browser_of(app, tenant, "merchant", mine.shop.merchant_id).post("/merchant/lists/views", data=form, **host)
    colleague = browser_of(app, tenant, "merchant", mine.shop.merchant_id).get("/merchant/orders", **host).text
    assert "Everyone" in colleague
    assert "Your view:" not in colleague
    theirs = browser_of(app, tenant, "merchant", other.shop.merchant_id).get("/merchant/orders", **host).text
    assert "Everyone" not in theirs
    assert "Everyone" not in browser_of(app, tenant, "operator").get("/operator/orders", **host).text


def test_a_view_without_a_name_is_refused_and_nothing_is_kept(app: Flask, tenant: Tenant, host) -> None:
    browser = browser_of(app, tenant, "operator")
    browser.post("/operator/lists/views", data={"listing": "operator.orders", "name": "  ", "query": "a=b"}, **host)
    assert "Give the view a name" in browser.get("/operator/orders", **host).text
    with read_only():
        assert session().scalars(select(SavedViewRow)).all() == []


def test_a_person_keeps_thirty_views_of_a_list_and_no_more(app: Flask, tenant: Tenant, host) -> None:
    key = {"listing": "operator.orders", "query": "tab=all"}
    browser, host = app.test_client(), {**host, "headers": bearer()}
    for number in range(saved_views.MOST):
        assert browser.post("/api/v1/views/", json={**key, "name": f"V{number}"}, **host).status_code == 201
    assert browser.post("/api/v1/views/", json={**key, "name": "One more"}, **host).status_code == 409
    assert browser.post("/api/v1/views/", json={**key, "name": "V0", "query": "tab=done"}, **host).status_code == 201
    found = browser.get("/api/v1/views/?listing=operator.orders", **host).json["data"]
    assert (len(found), found[0]["query"]) == (saved_views.MOST, "tab=done")


def test_a_key_keeps_no_views(app: Flask, tenant: Tenant, host) -> None:
    body = {"listing": "operator.orders", "name": "V"}
    assert app.test_client().post("/api/v1/views/", json=body, headers=key_of("operator"), **host).status_code == 403


def test_columns_that_are_put_away_stay_away_and_files_follow_the_view(app: Flask, tenant: Tenant, host) -> None:
    sold = sell()
    browser = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    form = {"listing": "merchant.orders", "known": ["buyer", "title", "total"], "column": ["buyer", "title"],
            "page_size": "50", "back": "/merchant/orders?tab=all"}  # fmt: skip
    assert browser.post("/merchant/lists/columns", data=form, **host).location == "/merchant/orders?tab=all"
    shown = browser.get("/merchant/orders?tab=all", **host).text
    assert '<th scope="col">Buyer' in shown
    assert '<th scope="col" class="end">Total' not in shown
    assert "<option selected>50</option>" in shown
    file = browser.get("/merchant/orders?tab=all&format=csv", **host)
    assert file.mimetype == "text/csv"
    assert f'"{sold.number}"' in file.text
    assert '"24.90"' in file.text
    assert sold.number not in browser.get("/merchant/orders?tab=done&format=csv", **host).text


def test_lists_are_narrowed_by_day_and_turned_round(app: Flask, tenant: Tenant, host) -> None:
    sold = sell()
    later = sell(sold.shop)
    browser = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    assert sold.number not in browser.get("/merchant/orders?tab=all&until=2001-01-01", **host).text
    shown = browser.get("/merchant/orders?tab=all&since=2001-01-01&sort=oldest", **host).text
    assert shown.index(sold.number) < shown.index(later.number)
    assert "From the day: 2001-01-01" in shown


def test_listings_are_sorted_across_pages(tenant: Tenant) -> None:
    shop, ids = _goods(5)
    with read_only():
        wanted = reading.Narrowed(shop.merchant_id)
        for sort, expected in (("cheapest", ids), ("dearest", ids[::-1]), ("newest", ids[::-1]), ("oldest", ids)):
            first = reading.narrowed(wanted, sort=sort, limit=3)
            rest = reading.narrowed(wanted, sort=sort, limit=3, after=first.next)
            assert [row.id for row in (*first.rows, *rest.rows)] == expected, sort
        assert reading.count(wanted) == 5


def test_many_products_leave_the_shelf_and_come_back_by_undo(app: Flask, tenant: Tenant, host) -> None:
    shop, ids = _goods(3)
    browser = browser_of(app, tenant, "merchant", shop.merchant_id)
    form = {"action": "hide", "id": [str(key) for key in ids[:2]], "query": "state=live"}
    assert browser.post("/merchant/products/bulk", data=form, **host).location == "/merchant/products?state=live"
    assert _states(ids) == ["hidden", "hidden", "live"]
    assert "2 products are off the shelf" in browser.get("/merchant/products", **host).text
    browser.post("/merchant/products/bulk", data={**form, "action": "unhide"}, **host)
    assert _states(ids) == ["live", "live", "live"]


def test_all_that_match_means_the_lists_own_filter(app: Flask, tenant: Tenant, host) -> None:
    shop, ids = _goods(3)
    _other, others = _goods(1)
    with transaction():
        moderation.hide(ids[0], shop.merchant_id)
    browser = browser_of(app, tenant, "merchant", shop.merchant_id)
    browser.post("/merchant/products/bulk", data={"action": "archive", "all": "1", "query": "state=live"}, **host)
    assert _states([*ids, *others]) == ["hidden", "archived", "archived", "live"]


def test_a_refused_product_stays_and_is_named(app: Flask, tenant: Tenant, host) -> None:
    shop, ids = _goods(2)
    _other, others = _goods(1)
    with transaction():
        moderation.hide(ids[0], shop.merchant_id)
    browser = browser_of(app, tenant, "merchant", shop.merchant_id)
    form = {"action": "hide", "id": [str(ids[0]), str(others[0]), "nonsense"], "query": ""}
    browser.post("/merchant/products/bulk", data=form, **host)
    assert "2 stay as they were" in browser.get("/merchant/products", **host).text
    assert _states([*ids, *others]) == ["hidden", "live", "live"]


def test_very_many_products_are_done_in_the_background(app: Flask, tenant: Tenant, monkeypatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    shop, ids = _goods(3)
    answer = app.test_client().post(
        "/api/v1/listings/bulk", json={"action": "hide", "ids": [str(key) for key in ids]},
        headers=key_of("merchant", shop.merchant_id), base_url=f"http://{tenant.slug}.localhost",
    )  # fmt: skip
    assert answer.json == {"done": [], "refused": [], "waiting": 3}
    assert _states(ids) == ["live", "live", "live"]
    run_due(tenant)
    assert _states(ids) == ["hidden", "hidden", "hidden"]


def test_many_orders_are_accepted_and_those_of_others_refused(app: Flask, tenant: Tenant, host) -> None:
    first = sell()
    second, foreign = sell(first.shop), sell()
    ids = [str(one.order_id) for one in (first, second, foreign)]
    headers = key_of("merchant", first.shop.merchant_id)
    answer = app.test_client().post("/api/v1/orders/bulk/accept", json={"ids": ids}, headers=headers, **host).json
    assert sorted(answer["done"]) == sorted(ids[:2])
    assert [(one["name"], one["code"]) for one in answer["refused"]] == [("", "orders.no_order")]
    with read_only():
        states = dict(session().execute(select(OrderRow.id, OrderRow.state)).all())
    assert [states[one.order_id] for one in (first, second, foreign)] == ["accepted", "accepted", "paid"]


def test_packing_slips_come_as_one_file_and_only_ones_own(app: Flask, tenant: Tenant, host) -> None:
    first, foreign = sell(), sell()
    second = sell(first.shop)
    browser = browser_of(app, tenant, "merchant", first.shop.merchant_id)
    form = {"action": "slips", "id": [str(first.order_id), str(second.order_id)], "query": ""}
    file = browser.post("/merchant/orders/bulk", data=form, **host)
    assert (file.mimetype, file.data[:5]) == ("application/pdf", b"%PDF-")
    assert file.data.count(b"/Type /Page\n") == 2
    assert browser.post("/merchant/orders/bulk", data={**form, "id": str(foreign.order_id)}, **host).status_code == 404
    assert browser.get(f"/merchant/orders/{foreign.order_id}/slip.pdf", **host).status_code == 404
