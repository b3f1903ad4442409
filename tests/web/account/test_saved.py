"""Saved listings: with and without an account or a script, for their owner alone, at one statement a page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from core.catalogue.models import ListingRow
from core.customers import saved
from core.kernel.db import db, session
from core.kernel.errors import Conflict
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from tenants import values
from tests.core.compliance.test_own_data import ANN, Buyer, shopper
from tests.market import make_good, make_shop
from tests.web.account.test_privacy import signed_in
from tests.web.auth.pages import PASSWORD, client_of
from tests.web.orders.making import Statements


def listing() -> ListingRow:
    """Put a good on the shelf."""
    with transaction():
        make_good(make_shop(), 1200)
        return session().scalars(select(ListingRow).order_by(ListingRow.id.desc()).limit(1)).one()


def kept(buyer: Buyer) -> list[object]:
    with read_only():
        return list(saved.page(buyer.customer_id)[0])


def test_the_heart_saves_and_takes_out_again(app: Flask, tenant: Tenant) -> None:
    ann, good = shopper(), listing()
    browser = signed_in(app, tenant)
    path = f"/products/{good.slug}"
    assert 'aria-pressed="false"' in browser.get(path).text
    here = {"Referer": f"http://{tenant.slug}.localhost/search?q=good"}
    answer = browser.post(f"/saved/{good.slug}", headers=here)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search?q=good")
    assert kept(ann) == [good.id]
    assert 'aria-pressed="true"' in browser.get(path).text
    assert good.title in browser.get("/account/saved").text
    answer = browser.post(f"/saved/{good.slug}", headers={"HX-Request": "true"})
    assert "No longer saved" in answer.headers["HX-Trigger"]
    assert kept(ann) == []


def test_a_guest_signs_in_and_finds_it_saved(app: Flask, tenant: Tenant) -> None:
    ann, good = shopper(), listing()
    guest = client_of(app, tenant)
    answer = guest.post(f"/saved/{good.slug}")
    assert answer.headers["Location"] == f"/sign-in?next=/products/{good.slug}"
    assert kept(ann) == []
    target = guest.post("/sign-in", data={"email": ANN, "password": PASSWORD, "next": f"/products/{good.slug}"})
    assert target.headers["Location"] == f"/products/{good.slug}"
    assert kept(ann) == [good.id]
    assert guest.get_cookie("save") is None


def test_nobody_is_led_away_by_a_strangers_page(app: Flask, tenant: Tenant) -> None:
    shopper()
    good = listing()
    answer = signed_in(app, tenant).post(f"/saved/{good.slug}", headers={"Referer": "http://evil.example/x"})
    assert answer.headers["Location"] == f"/products/{good.slug}"


def test_what_is_off_the_shelf_is_counted_and_can_be_taken_out(app: Flask, tenant: Tenant) -> None:
    ann, good = shopper(), listing()
    with transaction():
        saved.save(ann.customer_id, good.id)
        session().execute(ListingRow.__table__.update().where(ListingRow.id == good.id).values(state="hidden"))
    browser = signed_in(app, tenant)
    assert "1 thing that you saved is not on sale" in browser.get("/account/saved").text
    assert browser.get("/api/v1/me/saved/").json["gone"] == [str(good.id)]
    browser.post("/account/saved/tidy")
    assert kept(ann) == []


def test_there_is_a_most_and_it_changes_nothing(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    ann, one, two = shopper(), listing(), listing()
    with transaction():
        saved.save(ann.customer_id, one.id)
        saved.save(ann.customer_id, one.id)
        with pytest.raises(Conflict, match="saved"):
            saved.save(ann.customer_id, two.id)
    assert kept(ann) == [one.id]


def test_the_same_by_api_and_for_oneself_alone(app: Flask, tenant: Tenant) -> None:
    ann, bo, good = shopper(), shopper("bo@example.com"), listing()
    browser = signed_in(app, tenant)
    for _n in range(2):
        assert browser.put(f"/api/v1/me/saved/{good.id}").status_code == 204
    assert [one["id"] for one in browser.get("/api/v1/me/saved/").json["data"]] == [str(good.id)]
    assert browser.put(f"/api/v1/me/saved/{ann.customer_id}").status_code == 404
    assert signed_in(app, tenant, "bo@example.com").get("/api/v1/me/saved/").json["data"] == []
    assert kept(bo) == []
    assert browser.delete(f"/api/v1/me/saved/{good.id}").status_code == 204
    assert kept(ann) == []


def test_a_list_costs_a_buyer_one_statement_more_and_a_guest_none(
    app: Flask, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "_FRESH_SECONDS", 3600)
    ann = shopper()
    goods = [listing() for _n in range(3)]
    browser = signed_in(app, tenant)

    def counted() -> int:
        browser.get("/search")
        with Statements(app) as statements:
            browser.get("/search")
        return statements.count

    before = counted()
    with transaction():
        for good in goods:
            saved.save(ann.customer_id, good.id)
    assert counted() == before
    statements = _texts(app, client_of(app, tenant))
    assert not [text for text in statements if "saved_listings" in text]
    assert len([text for text in _texts(app, browser) if "saved_listings" in text]) == 1


def _texts(app: Flask, browser: FlaskClient) -> list[str]:
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        seen.append(text)

    event.listen(engine, "before_cursor_execute", note)
    browser.get("/")
    event.remove(engine, "before_cursor_execute", note)
    return seen
