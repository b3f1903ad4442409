"""`flask ledger` prints one JSON object at the end and ends with 1 when the proof fails."""

from __future__ import annotations

import json
import time

from flask import Flask
from sqlalchemy import create_engine, text

from core.kernel.tenancy import Tenant, bind
from tests.web.orders.making import sell


def _seal(app: Flask, tenant: Tenant) -> int:
    """Seal by the command until the sale is in: transactions of other tests that are older than it hold a seal back."""
    until = time.monotonic() + 30
    while True:
        told = app.test_cli_runner().invoke(args=["ledger", "seal", "--tenant", tenant.slug])
        count = int(json.loads(told.output.splitlines()[-1])["sealed"]["journal"])
        if count or time.monotonic() > until:
            return count
        time.sleep(0.05)


def test_a_clean_journal_is_proven(app: Flask, tenant: Tenant) -> None:
    sell()
    with bind(None):
        assert _seal(app, tenant) == 1
        proven = app.test_cli_runner().invoke(args=["ledger", "verify", "--tenant", tenant.slug])
    assert (proven.exit_code, json.loads(proven.output.splitlines()[-1])["clean"]) == (0, True)


def test_a_changed_row_ends_with_one(app: Flask, tenant: Tenant, database_url: str) -> None:
    sell()
    with bind(None):
        assert _seal(app, tenant) == 1
    admin = create_engine(database_url)
    with admin.begin() as connection:
        connection.execute(text("set session_replication_role = replica"))
        changed = text("update ledger_postings set amount_minor = amount_minor + 1 where tenant_id = :t")
        connection.execute(changed, {"t": tenant.id})
    admin.dispose()
    with bind(None):
        proven = app.test_cli_runner().invoke(args=["ledger", "verify", "--tenant", tenant.slug])
    assert (proven.exit_code, json.loads(proven.output.splitlines()[-1])["first_broken"]) == (1, {"journal": 1})


def test_an_unknown_marketplace_is_refused(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["ledger", "verify", "--tenant", "nowhere"])
    assert answer.exit_code == 1
