"""Lists are versioned, checked before they are saved, and read and written whole over the API."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from plugins.commission import asking, services
from plugins.commission.models import RateRow
from plugins.commission.services import RateDraft
from tests.plugin_rows import make_category, make_key, make_shop


def test_an_edit_makes_a_new_version_and_the_old_one_stays(tenant: Tenant) -> None:
    with transaction():
        services.publish([RateDraft("first", percent_bps=800)])
        services.publish([RateDraft("second", percent_bps=900)], reason="dearer")
        assert services.active().version == 2
        old = services.of_version(1)
        assert old is not None
        assert [(rate.name, rate.percent_bps) for rate in old.rates] == [("first", 800)]
        assert [(v.version, v.reason, v.rates) for v in services.versions()] == [(2, "dearer", 1), (1, "", 1)]


def test_two_who_edit_one_version_do_not_overwrite_each_other(tenant: Tenant) -> None:
    with transaction():
        services.publish([RateDraft("a")], expected=0)
        with pytest.raises(Conflict):
            services.publish([RateDraft("b")], expected=0)
        assert services.active().version == 1


@pytest.mark.parametrize(
    ("draft", "path"),
    [
        (RateDraft("a", {"weather": [uuid4()]}), "rates.0.when.weather"),
        (RateDraft("a", {"category": [uuid4()]}), "rates.0.when.category"),
        (RateDraft("a", {"shop": [uuid4()]}), "rates.0.when.shop"),
        (RateDraft("a", {"merchant": []}), "rates.0.when.merchant"),
        (RateDraft("a", floor={"EUR": 2}, cap={"EUR": 1}), "rates.0.cap"),
        (RateDraft("a", per_unit={"EUR": -1}), "rates.0.per_unit"),
        (RateDraft(" "), "rates.0.name"),
        (RateDraft("a", percent_bps=10_001), "rates.0.percent_bps"),
    ],
)
def test_a_list_that_would_widen_or_contradict_itself_is_refused(tenant: Tenant, draft: RateDraft, path: str) -> None:
    with transaction():
        with pytest.raises(Invalid) as refused:
            services.publish([draft])
        assert [error.path for error in refused.value.fields] == [path]
        assert session().scalars(select(RateRow)).all() == []


def test_a_category_knows_those_above_it(tenant: Tenant) -> None:
    with transaction():
        root = make_category("Home")
        middle = make_category("Kitchen", root)
        leaf = make_category("Pans", middle)
        assert asking.lineage([leaf.id, root.id]) == {
            leaf.id: {leaf.id, middle.id, root.id},
            root.id: {root.id},
        }


def test_the_whole_list_is_written_and_read_over_the_api(app: Flask, tenant: Tenant) -> None:
    with transaction():
        books, shop = make_category("Books").id, make_shop().id
        key = make_key("operator", "*")
    client = app.test_client()
    given = {"name": "Books", "when": {"category": [str(books)]}, "percent_bps": 1200, "floor": {"EUR": 50}}
    base = f"http://{tenant.slug}.localhost"
    url = "/api/v1/commission"
    put = client.put(f"{url}/rates", json={"rates": [given]}, base_url=base, headers=key)
    assert put.status_code == 200, put.text
    rate = client.get(f"{url}/rates", base_url=base, headers=key).json["rates"][0]  # type: ignore[index]
    assert {**given, "reachable": True, "base": "net"}.items() <= rate.items()
    line = {"category_id": str(books), "shop_id": str(shop), "quantity": 2, "price_minor": 1250, "tax_bps": 700}
    told = client.post(f"{url}/explain", json=line, base_url=base, headers=key)
    assert (told.json["fee_minor"], told.json["tax_minor"]) == (280, 56)  # type: ignore[index]
    assert told.json["sentences"] == [  # type: ignore[index]
        "“Books” of version 1 counts.",
        "12% of the net price, €23.36, is €2.80 (rounded from 2.8032).",
        "Tax on it, 20%: €0.56.",
    ]


def test_an_unknown_condition_is_refused_over_the_api(app: Flask, tenant: Tenant) -> None:
    with transaction():
        key = make_key("operator", "*")
    given = {"rates": [{"name": "x", "when": {"weather": [str(uuid4())]}}]}
    base = f"http://{tenant.slug}.localhost"
    answer = app.test_client().put("/api/v1/commission/rates", json=given, base_url=base, headers=key)
    assert answer.status_code == 422
    with transaction():
        assert services.active().version == 0
