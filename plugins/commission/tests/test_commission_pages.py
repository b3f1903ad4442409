"""The operator changes the list by its pages; merchants read it in plain words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from plugins.commission import drafts, services
from plugins.commission.services import RateDraft
from tests.plugin_rows import make_category, make_key, make_shop

FORM = {"name": "Books", "percent": "12.5", "base": "net", "on_refund": "proportional", "floor": "0.50"}


@pytest.fixture
def operator(app: Flask, tenant: Tenant) -> Any:
    """A client that calls as the operator: ask(method, path, form)."""
    with transaction():
        key = make_key("operator", "*")
    client = app.test_client()

    def ask(method: str, path: str, **form: object) -> Any:
        base = f"http://{tenant.slug}.localhost"
        return client.open(f"/operator/commission{path}", method=method, data=form, base_url=base, headers=key)

    return ask


def drafted() -> list[tuple[str, int]]:
    with transaction():
        return [(rate.name, rate.percent_bps) for rate in drafts.present().rates]


def active() -> list[str]:
    with transaction():
        return [rate.name for rate in services.active().rates]


def test_a_rate_is_added_on_top_changed_moved_and_removed_in_the_draft(operator: Any) -> None:
    with transaction():
        services.publish([RateDraft("All", percent_bps=1000, floor={"USD": 7})])
    assert operator("POST", "/new", **FORM, version=0).status_code == 303
    assert drafted() == [("Books", 1250), ("All", 1000)]
    assert operator("POST", "/1", **{**FORM, "name": "Rest"}, version=1).status_code == 303
    assert operator("POST", "/0/move", to="down", version=2).status_code == 303
    assert drafted() == [("Rest", 1250), ("Books", 1250)]
    with transaction():
        assert drafts.present().rates[0].floor == {"USD": 7, "EUR": 50}
    assert operator("POST", "/order", order="1,0", version=3).status_code == 303
    assert drafted() == [("Books", 1250), ("Rest", 1250)]
    assert operator("POST", "/1/remove", version=4).status_code == 303
    assert drafted() == [("Books", 1250)]
    assert operator("POST", "/versions/1/restore").status_code == 303
    assert drafted() == [("All", 1000)]
    assert active() == ["All"]


def test_a_change_of_a_draft_that_someone_else_changed_is_refused(operator: Any) -> None:
    with transaction():
        drafts.change([RateDraft("A"), RateDraft("B")])
        drafts.change([RateDraft("B"), RateDraft("A")])
    answer = operator("POST", "/0/move", to="down", version=1)
    assert answer.status_code == 422
    assert "Someone has changed the draft meanwhile" in answer.text
    assert drafted() == [("B", 0), ("A", 0)]


@pytest.mark.parametrize("order", ["0", "0,0", "0,1,2", "1,x", ""])
def test_an_order_that_loses_or_doubles_a_rate_is_refused(operator: Any, order: str) -> None:
    with transaction():
        drafts.change([RateDraft("A"), RateDraft("B")])
    assert operator("POST", "/order", order=order, version=1).status_code == 422
    assert drafted() == [("A", 0), ("B", 0)]


def test_what_was_typed_comes_back_with_the_reason(operator: Any) -> None:
    answer = operator("POST", "/new", **{**FORM, "percent": "a lot"}, version=0)
    assert answer.status_code == 422
    assert 'value="a lot"' in answer.text
    assert "Enter a percentage from 0 to 100" in answer.text


def test_a_rate_that_can_never_count_is_struck_through_and_a_line_is_explained(operator: Any) -> None:
    with transaction():
        books, shop = make_category(), make_shop()
        services.publish([RateDraft("All", percent_bps=1000), RateDraft("Books", {"category": [books.id]})])
    text = operator("GET", f"/?category={books.id}&shop={shop.id}&price=12.00&quantity=2&tax=20").text
    assert re.search(r"<s>2\. Books</s>", text)
    assert "1 rate can never count" in text
    assert "“All” above it fits everything that it fits." in text
    assert "10% of the net price, €20.00, is €2.00." in text


@pytest.mark.parametrize("path", ["/", "/new", "/0", "/versions", "/versions/1", "/simulations", "/replays"])
def test_each_page_is_shown(operator: Any, path: str) -> None:
    with transaction():
        services.publish([RateDraft("All", percent_bps=1000, per_unit={"EUR": 30}, cap={"EUR": 900})])
    assert operator("GET", path).status_code == 200


def test_a_merchant_reads_the_fees_and_not_the_hidden_ones(app: Flask, tenant: Tenant) -> None:
    with transaction():
        services.publish([RateDraft("All", percent_bps=850, floor={"EUR": 50}), RateDraft("Hidden")])
        key = make_key("merchant", "money.view", merchant_id=make_shop().merchant_id)
    text = app.test_client().get("/merchant/commission/", base_url=f"http://{tenant.slug}.localhost", headers=key).text
    assert "8.5% of the net price, at least €0.50" in text
    assert "Hidden" not in text
