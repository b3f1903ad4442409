"""The platform's console, the operator's market and settings, and their API, as people and programs use them."""

from __future__ import annotations

from uuid import UUID

import pytest
from click.testing import CliRunner

from core.kernel import outbox
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, transaction
from tenants import provisioning, values
from tests.tenants.people import api_key, signed_in
from tests.working import work_for

PLATFORM = "http://localhost"


@pytest.fixture
def platform(app):
    with bind(values.PLATFORM), platform_transaction():
        provisioning.ensure_platform()
    client = app.test_client()
    signed_in(client, values.PLATFORM, "platform", "localhost")
    return client


@pytest.fixture
def operator(app, tenant: Tenant):
    client = app.test_client()
    signed_in(client, tenant, "operator", f"{tenant.slug}.localhost")
    return client


def _at(tenant: Tenant) -> str:
    return f"http://{tenant.slug}.localhost"


PAGES = ("", "tenants", "tenants?q=x&state=active", "tenants/new", "plans", "jobs", "jobs?kind=due")


@pytest.mark.parametrize("path", PAGES)
def test_each_page_of_the_platform_is_shown(platform, tenant: Tenant, path: str) -> None:
    assert platform.get(f"/platform/{path}", base_url=PLATFORM).status_code == 200


def test_a_marketplace_is_opened_by_the_form_and_watched(platform) -> None:
    form = {"slug": "by-form", "name": "By form", "country": "BR", "currency": "BRL", "languages": "en",
            "timezone": "America/Sao_Paulo", "preset": "bare", "plan": "starter", "categories": "1"}  # fmt: skip
    answer = platform.post("/platform/tenants/new", data=form, base_url=PLATFORM)
    assert answer.status_code == 303
    progress, htmx = answer.headers["Location"], {"HX-Request": "true"}
    assert platform.get(progress, base_url=PLATFORM, headers=htmx).status_code == 200
    work_for(UUID(progress.split("/")[3]))
    assert platform.get(progress, base_url=PLATFORM, headers=htmx).status_code == 286
    assert "by-form.localhost" in platform.get(progress, base_url=PLATFORM).text


def test_a_wrong_form_comes_back_with_its_errors(platform) -> None:
    answer = platform.post("/platform/tenants/new", data={"slug": "No Good"}, base_url=PLATFORM)
    assert answer.status_code == 422
    assert "some names are reserved" in answer.text


def test_a_marketplace_is_suspended_and_restored_on_its_page(platform, tenant: Tenant) -> None:
    page = f"/platform/tenants/{tenant.id}"
    assert platform.post(f"{page}/suspend", data={"reason": ""}, base_url=PLATFORM).status_code == 422
    assert platform.post(f"{page}/suspend", data={"reason": "unpaid"}, base_url=PLATFORM).status_code == 303
    shown = platform.get(page, base_url=PLATFORM).text
    assert "unpaid" in shown
    assert platform.post(f"{page}/restore", base_url=PLATFORM).status_code == 303


def test_a_domain_is_claimed_on_the_platforms_page(platform, tenant: Tenant) -> None:
    page, host = f"/platform/tenants/{tenant.id}", f"shop-{tenant.slug}.example"
    assert platform.post(f"{page}/domains", data={"host": host}, base_url=PLATFORM).status_code == 303
    assert f"_galleria.{host}" in platform.get(page, base_url=PLATFORM).text


def test_the_platforms_pages_exist_on_its_own_host_only(app, operator, tenant: Tenant) -> None:
    assert operator.get("/platform/", base_url=_at(tenant)).status_code == 404
    assert operator.get("/api/v1/tenants/", base_url=_at(tenant)).status_code == 404
    assert app.test_client().get("/operator/settings", base_url=PLATFORM).status_code == 404


def test_the_operator_changes_the_marketplaces_settings(operator, tenant: Tenant) -> None:
    form = {"name": "Renamed", "languages": ["en", "zh"], "first_language": "zh", "timezone": "Asia/Shanghai",
            "brand_hex": "#2f5d62", "return_days": "30", "reservation_minutes": "20", "auto_complete_days": "7",
            "default_tax_bps": "2300", "prices_include_tax": "1", "policy_terms_zh": "条款"}  # fmt: skip
    assert operator.get("/operator/settings", base_url=_at(tenant)).status_code == 200
    assert operator.post("/operator/settings", data=form, base_url=_at(tenant)).status_code == 303
    found = values.find(tenant.id)
    assert found is not None
    assert (found.name, found.languages) == ("Renamed", ("zh", "en"))
    assert (found.setting("return_days"), found.setting("applications_open")) == (30, False)
    assert found.setting("policy_terms_zh") == "条款"


def test_wrong_settings_come_back_and_nothing_is_saved(operator, tenant: Tenant) -> None:
    form = {"name": "Renamed", "languages": "en", "timezone": "Europe/Dublin", "return_days": "9999"}
    answer = operator.post("/operator/settings", data=form, base_url=_at(tenant))
    assert answer.status_code == 422
    assert "9999" in answer.text
    found = values.find(tenant.id)
    assert found is not None
    assert found.name == tenant.name


def test_the_market_shows_what_is_installed(operator, tenant: Tenant) -> None:
    assert operator.get("/operator/plugins", base_url=_at(tenant)).status_code == 200
    assert operator.get("/operator/plugins/no_such", base_url=_at(tenant)).status_code == 404


def test_the_api_opens_and_suspends_a_marketplace(app, platform) -> None:
    key = api_key(values.PLATFORM, "platform", ["tenants.manage", "tenants.view"])
    client, headers = app.test_client(), {"Authorization": f"Bearer {key}"}
    body = {"slug": "by-api", "name": "By API", "country": "CN", "preset": "bare"}
    opened = client.post("/api/v1/tenants/", json=body, headers=headers, base_url=PLATFORM)
    assert opened.status_code == 202, opened.text
    assert (opened.json["currency"], opened.json["state"]) == ("CNY", "provisioning")
    work_for(UUID(opened.json["id"]))
    address = f"/api/v1/tenants/{opened.json['id']}"
    refused = client.post(f"{address}/suspend", json={}, headers=headers, base_url=PLATFORM)
    assert (refused.status_code, refused.json["code"]) == (422, "tenants.reason")
    done = client.post(f"{address}/suspend", json={"reason": "test"}, headers=headers, base_url=PLATFORM)
    assert done.json["state"] == "suspended"
    listed = client.get("/api/v1/tenants/?q=by-api", headers=headers, base_url=PLATFORM)
    assert [entry["slug"] for entry in listed.json["data"]] == ["by-api"]


def test_the_api_changes_settings_by_name(app, tenant: Tenant) -> None:
    key = api_key(tenant, "operator", ["settings.manage", "plugins.manage"])
    client, headers = app.test_client(), {"Authorization": f"Bearer {key}"}
    changed = client.patch("/api/v1/settings/", json={"return_days": 60}, headers=headers, base_url=_at(tenant))
    assert (changed.status_code, changed.json["return_days"]) == (200, 60)
    assert client.get("/api/v1/settings/", headers=headers, base_url=_at(tenant)).json["return_days"] == 60
    wrong = client.patch("/api/v1/settings/", json={"return_days": -1}, headers=headers, base_url=_at(tenant))
    assert wrong.status_code == 422
    assert client.get("/api/v1/plugins/", headers=headers, base_url=_at(tenant)).status_code == 200


def test_a_session_opens_nothing_in_another_marketplace(app, tenant: Tenant, make_tenant) -> None:
    other, client = make_tenant(), app.test_client()
    token = signed_in(client, tenant, "operator", f"{tenant.slug}.localhost")
    assert client.get("/operator/settings", base_url=_at(tenant)).status_code == 200
    client.set_cookie("operator_session", token, domain=f"{other.slug}.localhost")
    assert "Prices include tax" not in client.get("/operator/settings", base_url=_at(other)).text
    headers = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/api/v1/settings/", headers=headers, base_url=_at(other)).status_code == 401


def test_an_operators_key_opens_nothing_on_the_platform(app, tenant: Tenant) -> None:
    key = api_key(tenant, "operator", ["*"])
    headers = {"Authorization": f"Bearer {key}"}
    assert app.test_client().get("/api/v1/tenants/", headers=headers, base_url=PLATFORM).status_code == 401


def test_work_that_was_given_up_is_tried_again(platform, tenant: Tenant) -> None:
    with transaction():
        key = outbox.put("no.such.job", {})
    with transaction():
        outbox.fail(key, "gone", is_final=True)
    assert tenant.slug in platform.get(f"/platform/jobs?kind=dead&tenant={tenant.slug}", base_url=PLATFORM).text
    assert platform.post(f"/platform/jobs/{tenant.id}/{key}/retry", base_url=PLATFORM).status_code == 303
    assert tenant.slug in platform.get(f"/platform/jobs?kind=due&tenant={tenant.slug}", base_url=PLATFORM).text


def test_the_command_opens_a_marketplace(app) -> None:
    arguments = "tenant create by-command --name N --country BR --currency BRL --preset commission".split()
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    assert "http://by-command.localhost/operator/" in result.output
    again = app.test_cli_runner().invoke(args=arguments)
    assert again.exit_code == 1
    assert "The name by-command is taken" in again.output


def test_the_command_suspends_and_restores(app, tenant: Tenant) -> None:
    run: CliRunner = app.test_cli_runner()
    assert run.invoke(args=["tenant", "suspend", tenant.slug, "--reason", "x"]).exit_code == 0
    found = values.find(tenant.id)
    assert found is not None
    assert found.state == "suspended"
    assert run.invoke(args=["tenant", "restore", tenant.slug]).exit_code == 0
    assert tenant.slug in run.invoke(args=["tenant", "list", "--search", tenant.slug]).output
