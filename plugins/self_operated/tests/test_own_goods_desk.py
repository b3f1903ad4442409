"""Receipts and counts at the operator's desk: second persons, refusals that change nothing, pages, the end."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.identity import approvals
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from plugins.self_operated import counts, demo, receipts, services
from plugins.self_operated.models import ItemRow, MovementRow, ReceiptRow
from plugins.self_operated.tests.test_own_goods_money import ask, own_shop, owned, receive, retail
from tests.market import Shop, make_good, make_shop
from tests.plugin_rows import make_key

__all__ = ["ask", "own_shop", "retail"]


def draft(offer_id: UUID, units: int, cost: int, **given: object) -> receipts.ReceiptDraft:
    from core.kernel import clock  # noqa: PLC0415

    line = receipts.LineDraft(offer_id, units, Money(cost, "EUR"))
    day, freight = clock.today("Europe/Dublin"), Money.zero("EUR")
    return receipts.ReceiptDraft("Northwind", day, (line,), freight, **given)  # type: ignore[arg-type]


def test_above_the_limit_another_person_than_the_author_posts(own_shop: Shop) -> None:
    author, other = uuid4(), uuid4()
    with transaction():
        mug = make_good(own_shop, 3600, stock=0)
        receipt_id = receipts.create(draft(mug, 1000, 1001), by=author)
        asked = receipts.post(receipt_id, by=author)
        assert asked is not None
        with pytest.raises(Denied):
            receipts.post(receipt_id, by=None)
        assert receipts.find(receipt_id).state == "draft"
        assert session().scalar(select(func.count()).select_from(MovementRow)) == 0
        with pytest.raises(Denied):
            approvals.approve(asked.id, receipts.mark_now(asked), by=author)
        assert receipts.post(receipt_id, by=other) is None
        assert receipts.find(receipt_id).state == "posted"
    assert owned() == {"stock": 1_001_000, "received": -1_001_000}


def test_one_external_key_is_one_receipt_and_numbers_have_no_gaps(own_shop: Shop) -> None:
    with transaction():
        mug = make_good(own_shop, 3600, stock=0)
        first = receipts.create(draft(mug, 1, 100, external_key="po-1"), by=None)
        assert receipts.create(draft(mug, 1, 100, external_key="po-1"), by=None) == first
        gone = receipts.create(draft(mug, 1, 100), by=None)
        receipts.discard(gone)
        receipts.post(first, by=None)
        last = receipts.create(draft(mug, 1, 100), by=None)
        receipts.post(last, by=None)
        one, two = (int(receipts.find(key).number.removeprefix("GR")) for key in (first, last))
        assert two == one + 1


def test_a_receipt_goes_back_once_and_not_after_its_goods_are_gone(own_shop: Shop, ask: Callable[..., object]) -> None:
    with transaction():
        mug = make_good(own_shop, 3600, stock=0)
    kept = receive(ask, (mug, 2, 1000))
    ask("POST", f"/receipts/{kept}/reverse")
    ask("POST", f"/receipts/{kept}/reverse", 409)
    ask("POST", f"/receipts/{kept}/post", 409)
    ask("DELETE", f"/receipts/{kept}", 409)
    assert owned() == {}
    used = receive(ask, (mug, 2, 1000))
    with transaction():
        item = session().scalars(select(ItemRow)).one()
        item.on_hand, item.value_minor = 1, 1000
        with pytest.raises(Conflict, match="no longer there"):
            receipts.reverse(UUID(used))
        session().rollback()


def test_another_merchants_goods_are_not_received(own_shop: Shop, ask: Callable[..., object]) -> None:
    with transaction():
        lamp = make_good(make_shop(), 3600)
    body = {"supplier_name": "N", "lines": [{"offer_id": str(lamp), "quantity": 1, "unit_cost_minor": 1}]}
    ask("POST", "/receipts", 422, body)
    with transaction():
        assert session().scalar(select(func.count()).select_from(ReceiptRow)) == 0


def test_a_count_books_what_is_missing_and_a_large_one_needs_two(own_shop: Shop, ask: Callable[..., object]) -> None:
    with transaction():
        mug = make_good(own_shop, 3600, stock=0)
    receive(ask, (mug, 200, 1000))
    made = ask("POST", "/counts", 201, {"offer_ids": [str(mug)]})
    path = f"/counts/{made['id']}"  # type: ignore[index]
    ask("POST", "/counts", 409, {"offer_ids": [str(mug)]})
    ask("POST", f"{path}/approve", 409)
    ask("POST", f"{path}/submit", 409)
    ask("PUT", f"{path}/lines", 200, {"counted": {str(mug): 198}})
    ask("POST", f"{path}/submit")
    ask("POST", f"{path}/approve")
    assert owned() == {"stock": 198_000, "shrinkage": 2000, "received": -200_000}
    item = ask("GET", f"/items/{mug}")
    assert (item["on_hand"], item["on_shelf"]) == (198, 198)  # type: ignore[index]
    large = ask("POST", "/counts", 201, {"offer_ids": [str(mug)]})
    path = f"/counts/{large['id']}"  # type: ignore[index]
    ask("PUT", f"{path}/lines", 200, {"counted": {str(mug): 100}})
    ask("POST", f"{path}/submit")
    assert ask("POST", f"{path}/approve")["state"] == "submitted"  # type: ignore[index]
    with transaction():
        assert counts.approve(UUID(str(large["id"])), by=uuid4()) is None  # type: ignore[index]
    assert owned() == {"stock": 100_000, "shrinkage": 100_000, "received": -200_000}


def test_each_page_is_shown_and_a_receipt_is_written_by_the_form(app: Flask, retail: Tenant, own_shop: Shop) -> None:
    with transaction():
        mug, key = make_good(own_shop, 3600, stock=0), make_key("operator", "*")
    client, base = app.test_client(), f"http://{retail.slug}.localhost"
    head = "/operator/self_operated"
    form = {"supplier_name": "N", "received_on": "2026-01-05", "rows": "3", "offer-0": str(mug), "quantity-0": "4",
            "cost-0": "12.50"}  # fmt: skip
    assert (
        "What came in"
        in client.post(f"{head}/receipts/new", data={**form, "more": "1"}, base_url=base, headers=key).text
    )
    wrong = client.post(f"{head}/receipts/new", data={**form, "quantity-0": "x"}, base_url=base, headers=key)
    assert wrong.status_code == 422
    made = client.post(f"{head}/receipts/new", data=form, base_url=base, headers=key)
    assert made.status_code == 303
    assert client.post(f"{made.location}/post", base_url=base, headers=key).status_code == 303
    begun = client.post(f"{head}/counts", base_url=base, headers=key)
    pages = ("/", f"/items/{mug}", "/receipts", "/receipts/new", "/counts", "/margin", "/margin.csv")
    for path in (*(f"{head}{page}" for page in pages), made.location, begun.location):
        assert client.get(path, base_url=base, headers=key).status_code == 200, path
    assert "€12.50" in client.get(f"{head}/", base_url=base, headers=key).text


def test_unfinished_business_is_told_and_a_purge_leaves_nothing(own_shop: Shop) -> None:
    with transaction():
        mug = make_good(own_shop, 3600, stock=0)
        receipts.create(draft(mug, 1, 100), by=None)
        counts.start([mug], by=None)
        assert [one.code for one in services.obligations()] == ["self_operated.drafts", "self_operated.open_counts"]
        assert sum(one.rows for one in services.purge()) == 4
        assert services.obligations() == []


def test_made_up_goods_are_made_once(own_shop: Shop) -> None:
    from core.catalogue.models import VariantRow  # noqa: PLC0415
    from core.hooks.data import Seed  # noqa: PLC0415

    with transaction():
        keys = [make_good(own_shop, 3600, stock=9) for _one in range(4)]
        listings = tuple(session().scalars(select(VariantRow.listing_id).where(VariantRow.id.in_(keys))))
        given = Seed(7, (), listings, ())
        demo.seed(given)
        before = session().scalar(select(func.count()).select_from(MovementRow))
        demo.seed(given)
        assert session().scalar(select(func.count()).select_from(MovementRow)) == before == 4


def test_another_marketplace_sees_nothing(own_shop: Shop, make_tenant: Callable[..., Tenant]) -> None:
    with transaction():
        receipts.create(draft(make_good(own_shop, 3600, stock=0), 1, 100), by=None)
    with bind(make_tenant(preset="retail")), transaction():
        assert receipts.listed() == ([], None)
