"""History imports from the browser and the API: the same figures as the command, in slices, once, with a report."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.media.store import files
from core.orders.models import OrderRow
from plugins.commission import services as commission
from tenants.history import runs
from tenants.history.models import HistoryRunRow
from tests.tenants.history.test_import import TABLES
from tests.web.orders.making import browser_of, key_of
from tests.working import run_due


@pytest.fixture
def market(make_tenant: Callable[..., Tenant]) -> Iterator[Tenant]:
    """A marketplace in Brazil."""
    made = make_tenant(country="BR", currency="BRL", timezone="America/Sao_Paulo")
    with bind(made):
        with transaction():
            commission.publish([commission.RateDraft("All", percent_bps=1_000)])
        yield made


def zipped(tables: dict[str, str] = TABLES) -> bytes:
    """Return the tables in a zip file, in a folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"export/{name}.csv", text)
    return out.getvalue()


def _orders() -> int:
    with read_only():
        return session().scalar(select(func.count()).select_from(OrderRow)) or 0


def test_a_zip_file_is_imported_from_the_browser_with_a_report(app: Flask, market: Tenant) -> None:
    browser, base = browser_of(app, market, "operator"), {"base_url": f"http://{market.slug}.localhost"}
    assert browser.get("/operator/history", **base).status_code == 200
    sent = {"files": (io.BytesIO(zipped()), "past.zip")}
    answer = browser.post("/operator/history", data=sent, **base)
    assert answer.status_code == 303
    path = answer.headers["Location"]
    assert "every 2s" in browser.get(path, **base).text
    run_due()
    shown = browser.get(path, **base).text
    assert "Orders and journal agree to the cent." in shown
    assert "There is no such order" in shown
    table = browser.get(f"{path}/report.csv", **base).text
    assert "order_items.csv,12,o99,There is no such order" in table.replace("\r", "")


def test_a_run_in_slices_loses_and_doubles_nothing(market: Tenant) -> None:
    with transaction():
        run_id = runs.start("past.zip", zipped())
    slices = 1
    while not runs.carry_on(run_id, seconds=0):
        slices += 1
    first = _orders()
    assert slices > 3
    with read_only():
        run = runs.find(run_id)
        assert (run.state, run.done, run.totals["orders"], run.totals["balanced"]) == ("done", run.total, 5, True)
        assert files().read(session().scalars(select(HistoryRunRow.blob)).one()) is None
    with transaction():
        again = runs.start("past.zip", zipped())
    assert runs.carry_on(again)
    assert _orders() == first
    with read_only():
        assert runs.find(again).totals == run.totals


def test_only_one_runs_at_a_time(market: Tenant) -> None:
    with transaction():
        runs.start("past.zip", zipped())
        with pytest.raises(Conflict, match="history"):
            runs.start("past.zip", zipped())
    with read_only():
        assert len(runs.runs()) == 1


def test_what_cannot_be_read_is_refused_or_fails_with_its_reason(market: Tenant) -> None:
    with pytest.raises(Invalid, match="history"):
        runs.packed([("past.zip", b"no zip")])
    with pytest.raises(Invalid, match="history"):
        runs.packed([("orders.csv", b"order_id\n")])
    with transaction():
        run_id = runs.start("past.zip", zipped({**TABLES, "orders": "other\n1\n"}))
    assert runs.carry_on(run_id)
    with read_only():
        assert (runs.find(run_id).state, "orders.csv" in runs.find(run_id).problem) == ("failed", True)
    assert _orders() == 0


def test_another_currency_is_refused_and_nothing_is_kept(tenant: Tenant) -> None:
    with pytest.raises(Conflict, match="history"), transaction():
        runs.start("past.zip", zipped())
    with read_only():
        assert runs.runs() == []


def test_csv_files_by_api(app: Flask, market: Tenant) -> None:
    api, base = app.test_client(), {"base_url": f"http://{market.slug}.localhost"}
    sent = {"files": [(io.BytesIO(text.encode()), f"{name}.csv") for name, text in TABLES.items()]}
    path = "/api/v1/history-imports"
    weak = key_of("operator", permissions=("orders.view",))
    assert api.post(path, data=dict(sent), headers=weak, **base).status_code == 403
    sent = {"files": [(io.BytesIO(text.encode()), f"{name}.csv") for name, text in TABLES.items()]}
    begun = api.post(path, data=sent, headers=key_of("operator"), **base)
    assert (begun.status_code, begun.json["state"]) == (202, "waiting")
    run_due()
    found = api.get(f"{path}/{begun.json['id']}", headers=key_of("operator"), **base).json
    assert (found["state"], found["totals"]["orders"]) == ("done", 5)
    report = api.get(f"{path}/{begun.json['id']}/report", headers=key_of("operator"), **base)
    assert report.text.startswith("file,line,key,reason")
