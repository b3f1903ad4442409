"""Reconciliation in the browser and the API: what is shown, who may decide, and files that open."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.accounting.reconciliation import differences, matching, runs
from core.accounting.reconciliation.models import RunRow
from core.billing import accounts
from core.hooks.money import Posting
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.ledger import journal
from core.payments.movement_models import MovementRow
from tenants import values
from tests.market import balances, euros
from tests.tenants.people import signed_in
from tests.web.orders.making import browser_of, key_of

PATH = "/operator/reconciliation"


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def moved(ref: str, category: str, minor: int) -> None:
    """Write what a provider told, as it is read."""
    now = datetime.now(UTC)
    session().add(MovementRow(
        id=new_id(), provider="stripe", ref=ref, kind=category, category=category, source="", about="", marks={},
        amount_minor=minor, fee_minor=0, net_minor=minor, currency="EUR", fees=[], moved_at=now, available_at=now,
        day=clock.today("Europe/Dublin"),
    ))  # fmt: skip


@pytest.fixture
def found(tenant: Tenant) -> UUID:
    """Money that nothing explains; the difference's key. Both sides were compared once."""
    with transaction():
        run = RunRow(id=new_id(), provider="stripe", state="done", started_at=clock.now(), ended_at=clock.now())
        session().add(run)
        moved("txn_strange", "charge", 5_000)
        moved("txn_bank", "payout", -2_000)
        journal.post("withdrawal:x", "provider.withdrawn",
                     [Posting(accounts.provider("stripe"), accounts.BANK, euros(700), "moved to the bank")])  # fmt: skip
    while True:
        with transaction():
            if matching.step("stripe", run.id) is None:
                break
    with read_only():
        return next(one.id for one in differences.search("stripe") if one.clue == "charge")


def test_a_period_shows_its_summary_and_each_difference_with_both_sides(
    app: Flask, tenant: Tenant, host: dict[str, str], found: UUID
) -> None:
    browser = browser_of(app, tenant, "operator")
    page = browser.get(PATH, **host).text
    assert "Both sides differ" in page
    assert "Nothing explains it" in page
    assert "€30.00" in page  # the provider's closing balance
    assert f"{PATH}/{found}" in page
    assert "txn_strange" not in page
    detail = browser.get(f"{PATH}/{found}", **host).text
    assert "txn_strange" in detail
    assert "The journal has nothing of it." in detail
    assert "Unexplained money" in detail


def test_a_difference_is_released_once_and_dismissed_only_with_a_reason(
    app: Flask, tenant: Tenant, host: dict[str, str], found: UUID
) -> None:
    browser = browser_of(app, tenant, "operator")
    refused = browser.post(f"{PATH}/{found}/dismiss", data={"reason": ""}, **host)
    assert refused.status_code == 422
    assert "Say why this difference may stay" in refused.text
    with read_only():
        assert differences.find(found).state == "open"
    assert browser.post(f"{PATH}/{found}/release", **host).status_code == 303
    with read_only():
        assert differences.find(found).state == "settled"
        assert balances()["liability:unexplained"] == -5_000
    assert browser.post(f"{PATH}/{found}/release", **host).status_code in (409, 422)
    with read_only():
        assert balances()["liability:unexplained"] == -5_000


def test_who_may_only_look_decides_nothing(app: Flask, tenant: Tenant, host: dict[str, str], found: UUID) -> None:
    headers = key_of("operator", permissions=("ledger.view",))
    client = app.test_client()
    path = f"/api/v1/reconciliation/differences/{found}"
    shown = client.get(path, headers=headers, **host).json
    assert (shown["kind"], shown["difference"]["amount_minor"]) == ("unknown_source", 5_000)
    assert shown["provider_side"][0]["ref"] == "txn_strange"
    assert client.post(f"{path}/release", json={}, headers=headers, **host).status_code == 403
    with read_only():
        assert differences.find(found).state == "open"


def test_the_api_lists_releases_and_sums_up(app: Flask, tenant: Tenant, host: dict[str, str], found: UUID) -> None:
    headers = key_of("operator", permissions=("ledger.view", "ledger.post"))
    client, today = app.test_client(), clock.today("Europe/Dublin").isoformat()
    base = "/api/v1/reconciliation"
    listed = client.get(f"{base}/differences?state=live", headers=headers, **host).json["data"]
    assert sorted(one["kind"] for one in listed) == ["missing_in_ledger", "timing", "unknown_source"]
    done = client.post(f"{base}/differences/{found}/release", json={"reason": "Known"}, headers=headers, **host).json
    assert (done["state"], done["reason"]) == ("settled", "Known")
    (sums,) = client.get(f"{base}/summary?from={today}&to={today}", headers=headers, **host).json["data"]
    assert (sums["closing"]["amount_minor"], sums["ledger_closing"]["amount_minor"]) == (3_000, 4_300)
    assert (sums["difference"]["amount_minor"], sums["unexplained"]["amount_minor"]) == (-1_300, 0)
    assert client.get(f"{base}/summary?from={today}&to=2020-01-01", headers=headers, **host).status_code == 422


def test_files_open_and_hold_both_sides(app: Flask, tenant: Tenant, host: dict[str, str], found: UUID) -> None:
    browser = browser_of(app, tenant, "operator")
    table = browser.get(f"{PATH}.csv", **host).text
    assert '"txn_strange","50.00"' in table
    assert "Journal" in table
    book = zipfile.ZipFile(io.BytesIO(browser.get(f"{PATH}.xlsx", **host).data))
    assert "xl/worksheets/sheet2.xml" in book.namelist()


def test_a_comparison_is_asked_for_once_and_watched(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    browser = browser_of(app, tenant, "operator")
    assert "Nothing was compared yet" in browser.get(PATH, **host).text
    for _again in range(2):
        assert browser.post(f"{PATH}/run", **host).status_code == 303
    page = browser.get(PATH, **host).text
    assert 'hx-trigger="every 2s"' in page
    with read_only():
        run = runs.latest("stripe")
        assert run is not None
        assert run.state == "running"
    headers = key_of("operator", permissions=("ledger.view",))
    client = app.test_client()
    again = client.post("/api/v1/reconciliation/runs", json={}, headers=headers, **host)
    assert (again.status_code, again.json["id"]) == (202, str(run.id))
    assert client.get(f"/api/v1/reconciliation/runs/{run.id}", headers=headers, **host).json["state"] == "running"


def test_a_provider_that_tells_nothing_says_so(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    browser = browser_of(app, tenant, "operator")
    assert "does not tell what moved" in browser.get(f"{PATH}?provider=bank", **host).text
    assert browser.get(f"{PATH}?provider=moon", **host).status_code == 404
    headers = key_of("operator", permissions=("ledger.view",))
    client = app.test_client()
    assert {one["provider"]: one["tells_movements"] for one in client.get(
        "/api/v1/reconciliation/providers", headers=headers, **host).json["data"]
    }["stripe"] is True  # fmt: skip
    refused = client.post("/api/v1/reconciliation/runs", json={"provider": "bank"}, headers=headers, **host)
    assert refused.status_code == 404
    with read_only():
        assert runs.latest("bank") is None


@pytest.fixture
def platform(app: Flask) -> FlaskClient:
    """A member of the platform's staff."""
    client = app.test_client()
    signed_in(client, values.PLATFORM, "platform", "localhost")
    return client


def test_the_platform_gives_what_is_of_nobody_to_a_marketplace(tenant: Tenant, platform: FlaskClient) -> None:
    ref, host = f"txn_{new_id().hex}", {"base_url": "http://localhost"}
    with bind(values.PLATFORM), transaction():
        moved(ref, "topup", 900)
        key = session().scalars(select(MovementRow.id).where(MovementRow.ref == ref)).one()
    assert ref in platform.get("/platform/movements", **host).text
    refused = platform.post(f"/platform/movements/{key}/give", data={"tenant": "no-such-place"}, **host)
    assert (refused.status_code, "There is no marketplace of this name" in refused.text) == (422, True)
    assert ref in platform.get("/platform/movements", **host).text
    given = platform.post(f"/platform/movements/{key}/give", data={"tenant": tenant.slug}, **host)
    assert given.status_code == 303
    assert ref not in platform.get("/platform/movements", **host).text
    with read_only():
        assert session().scalars(select(MovementRow.ref)).all() == [ref]
    assert platform.post(f"/platform/movements/{key}/give", data={"tenant": tenant.slug}, **host).status_code == 404


def test_the_api_of_the_platform_does_the_same_for_its_staff_alone(
    app: Flask, tenant: Tenant, platform: FlaskClient, host: dict[str, str]
) -> None:
    ref, base = f"txn_{new_id().hex}", {"base_url": "http://localhost"}
    with bind(values.PLATFORM), transaction():
        moved(ref, "payout", -900)
    rows = platform.get("/api/v1/stray-movements/?limit=100", **base).json["data"]
    key = next(one["id"] for one in rows if one["ref"] == ref)
    path, headers = f"/api/v1/stray-movements/{key}/give", {"Origin": "http://localhost"}
    operator = key_of("operator")
    assert app.test_client().post(path, json={"tenant": tenant.slug}, headers=operator, **host).status_code == 401
    done = platform.post(path, json={"tenant": tenant.slug}, headers=headers, **base)
    assert done.status_code == 200, done.text
    with read_only():
        assert session().scalars(select(MovementRow.ref)).all() == [ref]
