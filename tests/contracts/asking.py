"""Asks routes as people of one marketplace for the rows of another, whose rows all have one key and one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, Rule

from core.kernel.db import db, session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only
from core.merchants.models import MerchantRow
from tests.tenants.people import signed_in
from tests.tenants.planting import CANARY, LOOKUP

WHO = ("guest", "buyer", "merchant", "operator")


def _address(rule: Rule, key: UUID) -> str:
    """Build a rule's address with the other marketplace's key, or its text where the rule wants words."""
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
        else:
            values[name] = {"UUIDConverter": key, "IntegerConverter": 990}.get(type(converter).__name__, LOOKUP)
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return built[1]


def _requests(rule: Rule, key: UUID) -> Iterator[tuple[str, str, dict[str, object]]]:
    address = _address(rule, key)
    fields = {name: str(key) for name in sorted({c.name for t in db.metadata.tables.values() for c in t.columns})
              if name.endswith("_id")}  # fmt: skip
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        if method == "GET":
            yield method, f"{address}?q=word&cursor={key}&after={key}", {}
        elif address.startswith("/api/"):
            yield method, address, {"json": {}}
        else:
            yield method, address, {"data": {**fields, "id": str(key), "reason": "x"}}


def _sign_in(client: FlaskClient, tenant: Tenant, who: str) -> str | None:
    if who == "guest":
        return None
    merchant_id = None
    if who == "merchant":
        with bind(tenant), read_only():
            merchant_id = session().scalars(select(MerchantRow.id)).first()
    return signed_in(client, tenant, who, f"{tenant.slug}.localhost", merchant_id=merchant_id)


def ask(rules: Iterable[Rule], app: Flask, mine: Tenant, key: UUID, who: str) -> tuple[list[str], list[str]]:
    """Ask some routes; return the requests whose answers leaked, and those that failed."""
    client, base = app.test_client(), f"http://{mine.slug}.localhost"
    _sign_in(client, mine, who)
    leaked, failed = [], []
    for rule in rules:
        for method, address, body in _requests(rule, key):
            answer = client.open(address, method=method, base_url=base, **body)
            seen = f"{answer.get_data(as_text=True)} {answer.headers}"
            if CANARY in seen:
                leaked.append(f"{method} {rule.rule}: {answer.status_code}")
            if answer.status_code >= 500:
                failed.append(f"{method} {rule.rule}: {answer.status_code}")
    return leaked, failed
