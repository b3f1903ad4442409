"""The storefront's design: what drafts, publications and versions do, on pages and in the API, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from tenants import values
from tenants.design import front, menus, service, theme
from tenants.design.models import DesignRow, DesignVersionRow
from tests.core.catalogue import shelf
from tests.tenants.people import api_key, signed_in


@pytest.fixture
def operator(app: Flask, tenant: Tenant) -> FlaskClient:
    """The marketplace's operator."""
    client = app.test_client()
    signed_in(client, tenant, "operator", f"{tenant.slug}.localhost")
    return client


@pytest.fixture
def goods(tenant: Tenant) -> UUID:
    """Five mugs and a bowl in one shop; the key of the bowls' category."""
    with transaction():
        shop = shelf.shop()
        mugs, bowls = shelf.category("mugs"), shelf.category("bowls")
        for number in range(5):
            shelf.listing(f"Mug {number}", shop, mugs, [{}])
        shelf.listing("Deep bowl", shop, bowls, [{}])
        shelf.seen_anew()
        return bowls.id


def _at(tenant: Tenant) -> str:
    return f"http://{tenant.slug}.localhost"


def _home(app: Flask, tenant: Tenant) -> str:
    values.forget(tenant.id)
    return app.test_client().get("/", base_url=_at(tenant)).text


def _published(part: str, content: dict[str, object]) -> None:
    with transaction():
        service.save(part, content)
        service.publish(part)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("#B84", "#bb8844"), ("2f5d62", "#2f5d62"), ("teal", "#008080"), ("rgb(184, 65, 43)", "#b8412b"), ("no", "#123456"),
     ("", "#123456"), ("#12345", "#123456"), ("red;}body{display:none", "#123456")],
)  # fmt: skip
def test_colours_are_corrected_not_refused(typed: str, kept: str) -> None:
    assert theme.corrected(typed, "#123456") == kept


def test_numbers_of_a_theme_are_brought_into_their_range(tenant: Tenant) -> None:
    with transaction():
        kept = service.save("theme", {"radius_percent": 900, "neutral_hue": -10}).content
    assert (kept["radius_percent"], kept["neutral_hue"]) == (160, 350)


def test_a_draft_shows_to_nobody_until_it_is_published(app: Flask, tenant: Tenant, goods: UUID) -> None:
    block = {"id": "hello", "kind": "banner", "title": {"en": "Winter market"}}
    with transaction():
        service.save("front", {"blocks": [block]})
    assert "Winter market" not in _home(app, tenant)
    with transaction():
        service.publish("front")
    html = _home(app, tenant)
    assert "Winter market" in html
    assert html.count("<h1") == 1


def test_publishing_the_theme_changes_the_style_sheet_and_the_setting(app: Flask, tenant: Tenant) -> None:
    _published("theme", {"brand_hex": "teal", "radius_percent": 0, "neutral_hue": 85, "font": "serif"})
    values.forget(tenant.id)
    css = app.test_client().get("/theme.css", base_url=_at(tenant)).text
    assert "--radius-scale:0;" in css
    assert "--n-h:85" in css
    assert "--font:Charter" in css
    found = values.find(tenant.id)
    assert found is not None
    assert found.setting("brand_hex") == "#008080"


def test_undo_and_restore_bring_earlier_versions_back(tenant: Tenant) -> None:
    for word in ("One", "Two"):
        _published("menus", {"top": [{"label": {"en": word}, "href": "/shops"}]})
    with transaction():
        assert service.undo("menus").published["top"][0]["label"] == {"en": "One"}  # type: ignore[index]
        assert service.restore("menus", 2).content["top"][0]["label"] == {"en": "Two"}
        assert [v.number for v in service.versions("menus")] == [3, 2, 1]


def test_a_chosen_menu_stands_above_and_below_every_page(app: Flask, tenant: Tenant, goods: UUID) -> None:
    link = {"label": {"en": "Our story"}, "href": "/pages/about"}
    _published("menus", {"top": [link], "columns": [{"title": {"en": "House"}, "links": [link]}]})
    html = _home(app, tenant)
    assert html.count('href="/pages/about"') == 2
    assert "House" in html


def test_rows_show_a_category_chosen_goods_and_nothing_that_is_gone(app: Flask, tenant: Tenant, goods: UUID) -> None:
    blocks = [
        {"id": "bowls", "kind": "row", "source": "category", "category_id": str(goods)},
        {"id": "chosen", "kind": "row", "source": "chosen", "listings": ["no-such-thing"], "title": {"en": "Chosen"}},
    ]
    _published("front", {"blocks": blocks})
    html = _home(app, tenant)
    assert "Deep bowl" in html
    assert "Mug 0" not in html
    assert ">Chosen<" not in html


def test_a_block_shows_within_its_time_alone() -> None:
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    block = front.Block("x", "banner", starts_at=now, ends_at=now + timedelta(hours=1))
    assert [block.shows(now + timedelta(minutes=m)) for m in (-1, 0, 59, 60)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("front", {"blocks": [{"id": "abcd", "kind": "carousel"}]}),
        ("front", {"blocks": [{"id": "abcd", "kind": "text"}, {"id": "abcd", "kind": "text"}]}),
        ("front", {"blocks": [{"id": "abcd", "kind": "row", "source": "category"}]}),
        ("front", {"blocks": [{"id": "abcd", "kind": "row", "source": "chosen"}]}),
        ("front", {"blocks": [{"id": "abcd", "kind": "banner", "href": "javascript:alert(1)"}]}),
        ("front", {"blocks": [{"id": "abcd", "kind": "banner", "href": "//evil.example"}]}),
        ("front", {"blocks": [{"id": "abcd", "kind": "banner", "label": {"en": "Go"}}]}),
        ("front", {"blocks": [{"id": "abcd", "kind": "text", "ends_at": "2026-01-01T00:00:00+00:00",
                               "starts_at": "2026-01-02T00:00:00+00:00"}]}),
        ("menus", {"top": [{"label": {}, "href": "/"}]}),
        ("menus", {"top": [{"label": {"en": "x"}, "href": ""}]}),
        ("menus", {"top": [{"label": {"en": "x"}, "href": "/"}] * 10}),
        ("theme", {"font": "comic"}),
        ("theme", {"css": "body{}"}),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused_and_changes_nothing(
    tenant: Tenant, part: str, content: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        service.save(part, content)
    assert refused.value.fields
    with read_only():
        assert session().scalar(select(func.count()).select_from(DesignRow)) == 0


def test_two_people_do_not_overwrite_each_other(tenant: Tenant) -> None:
    with transaction():
        version = service.save("theme", {"radius_percent": 50}).version
        service.save("theme", {"radius_percent": 60}, version=version)
    with pytest.raises(Conflict), transaction():
        service.save("theme", {"radius_percent": 70}, version=version)
    with read_only():
        assert service.part("theme").content["radius_percent"] == 60


def test_without_a_draft_nothing_is_published_and_without_a_past_nothing_undone(tenant: Tenant) -> None:
    for act in (service.publish, service.undo):
        with pytest.raises(Conflict), transaction():
            act("front")
    with read_only():
        assert session().scalar(select(func.count()).select_from(DesignVersionRow)) == 0


def test_one_marketplaces_design_is_not_anothers(tenant: Tenant, make_tenant) -> None:
    _published("menus", {"top": [{"label": {"en": "Mine"}, "href": "/shops"}]})
    other = make_tenant()
    with bind(other), read_only():
        assert service.part("menus").number == 0
    assert menus.of(other) == menus.Menus()


PAGES = ("", "/front", "/front/hero", "/menus", "/preview?width=phone&look=dark&words=en", "/frame?look=dark",
         "/frame?at=2027-01-01T10:00", "/figures?brand_hex=teal&radius_percent=x", "/look?brand_hex=teal",
         "/sheet.css?brand_hex=teal&font=none")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_each_page_of_the_editors_is_shown(operator: FlaskClient, tenant: Tenant, goods: UUID, path: str) -> None:
    assert operator.get(f"/operator/design{path}", base_url=_at(tenant)).status_code == 200


def test_frames_are_for_pages_of_this_site_alone(operator: FlaskClient, tenant: Tenant) -> None:
    policy = operator.get("/operator/design/frame", base_url=_at(tenant)).headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    around = operator.get("/operator/design", base_url=_at(tenant)).headers["Content-Security-Policy"]
    assert "frame-src 'self'" in around
    assert "frame-ancestors 'none'" in around


def test_the_theme_is_kept_published_and_brought_back_by_forms(operator: FlaskClient, tenant: Tenant) -> None:
    page, base = "/operator/design", _at(tenant)
    form = {"brand_hex": "teal", "radius_percent": "50", "neutral_hue": "85", "font": "rounded", "version": "0"}
    assert operator.post(page, data=form, base_url=base).status_code == 303
    assert "#008080" in operator.get(page, base_url=base).text
    assert operator.post(page, data={**form, "radius_percent": "0", "version": "2"}, base_url=base).status_code == 303
    stale = operator.post(page, data={**form, "radius_percent": "90", "version": "2"}, base_url=base)
    assert stale.status_code == 422
    assert "Someone else changed this" in stale.text
    assert operator.post(f"{page}/theme/publish", base_url=base).status_code == 303
    assert operator.post(f"{page}/theme/versions/1", base_url=base).status_code == 303
    assert operator.post(f"{page}/theme/discard", base_url=base).status_code == 303


def test_blocks_are_added_filled_moved_switched_and_taken_out_by_forms(operator: FlaskClient, tenant: Tenant) -> None:
    page, base = "/operator/design/front", _at(tenant)
    made = operator.post(page, data={"kind": "banner"}, base_url=base).headers["Location"]
    form = {"title-en": "Fair on Friday", "href": "/shops", "label-en": "Come", "tone": "brand", "is_on": "1",
            "starts_at": "2026-12-01T10:00"}  # fmt: skip
    assert operator.post(made, data=form, base_url=base).status_code == 303
    assert operator.post(made, data={**form, "href": "ftp://x"}, base_url=base).status_code == 422
    assert operator.post(f"{made}/act", data={"act": "up"}, base_url=base).status_code == 303
    assert operator.post(f"{made}/act", data={"act": "switch"}, base_url=base).status_code == 303
    with read_only():
        blocks = service.part("front").content["blocks"]
    assert [b["kind"] for b in blocks][-2:] == ["banner", "shops"]
    assert blocks[-2]["starts_at"] == "2026-12-01T10:00:00+00:00"
    assert blocks[-2]["is_on"] is False
    order = ",".join(str(n) for n in reversed(range(len(blocks))))
    assert operator.post(f"{page}/order", data={"order": order}, base_url=base).status_code == 303
    assert operator.post(f"{page}/order", data={"order": "0,0"}, base_url=base).status_code == 422
    assert operator.post(f"{made}/act", data={"act": "remove"}, base_url=base).status_code == 303
    assert operator.get(made, base_url=base).status_code == 404


def test_the_menus_form_drops_empty_lines_and_lifts_one(operator: FlaskClient, tenant: Tenant) -> None:
    form = {"top-0-label-en": "A", "top-0-href": "/shops", "top-2-label-en": "B", "top-2-href": "/sell", "lift": "top-2",
            "column-1-title-en": "House", "column-1-0-label-en": "C", "column-1-0-href": "/track"}  # fmt: skip
    assert operator.post("/operator/design/menus", data=form, base_url=_at(tenant)).status_code == 303
    with read_only():
        content = service.part("menus").content
    assert [link["label"]["en"] for link in content["top"]] == ["B", "A"]
    assert content["columns"][0]["title"] == {"en": "House"}
    wrong = operator.post("/operator/design/menus", data={"top-0-label-en": "A"}, base_url=_at(tenant))
    assert wrong.status_code == 422
    assert "Say where the link leads" in wrong.text


def test_the_api_drafts_publishes_and_restores(app: Flask, tenant: Tenant) -> None:
    client, base = app.test_client(), _at(tenant)
    key = {"Authorization": f"Bearer {api_key(tenant, 'operator', ['settings.manage'])}"}
    made = client.put("/api/v1/design/theme", json={"content": {"brand_hex": "teal"}}, headers=key, base_url=base)
    assert made.json["content"]["brand_hex"] == "#008080"
    assert client.post("/api/v1/design/theme/publish", headers=key, base_url=base).json["number"] == 1
    assert client.post("/api/v1/design/theme/publish", headers=key, base_url=base).status_code == 409
    wrong = client.put("/api/v1/design/front", json={"content": {"blocks": [{}]}}, headers=key, base_url=base)
    assert wrong.status_code == 422
    assert client.get("/api/v1/design/theme/versions", headers=key, base_url=base).json["data"][0]["number"] == 1
    figures = client.get("/api/v1/design/contrast?brand_hex=%23ffd400", headers=key, base_url=base).json
    assert min(map(float, figures["contrast"].values())) >= 4.5
    assert client.get("/api/v1/design/contrast?brand_hex=no", headers=key, base_url=base).status_code == 422


def test_who_may_not_change_settings_may_not_design(app: Flask, tenant: Tenant) -> None:
    client, base = app.test_client(), _at(tenant)
    key = {"Authorization": f"Bearer {api_key(tenant, 'operator', ['orders.view'])}"}
    assert client.put("/api/v1/design/theme", json={"content": {}}, headers=key, base_url=base).status_code == 403
    assert client.get("/operator/design", base_url=base).status_code in (302, 303)
    with read_only():
        assert session().scalar(select(func.count()).select_from(DesignRow)) == 0
