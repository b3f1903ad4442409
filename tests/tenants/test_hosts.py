"""Host names decide whose request it is: exact names only, whatever a client writes into its headers."""

from __future__ import annotations

import pytest

from core.kernel.tenancy import Tenant
from tenants import values

PAGE = "/operator/settings"


def _status(app, host: str, **headers: str) -> int:
    try:
        return app.test_client().get(PAGE, base_url="http://localhost", headers={"Host": host, **headers}).status_code
    except (ValueError, UnicodeError):
        return 400  # Werkzeug's own client refuses to send it


def test_the_marketplaces_own_name_answers_in_any_case_with_any_port(app, tenant: Tenant) -> None:
    for host in (f"{tenant.slug}.localhost", f"{tenant.slug}.LOCALHOST:8000", f"{tenant.slug}.localhost."):
        assert _status(app, host) == 303, host


@pytest.mark.parametrize(
    "host",
    ["{slug}", "x.{slug}.localhost", "{slug}.localhost.evil.example", "{slug}.evil.example", "{slug}-localhost",
     "evil.example", "{slug}.localhost@evil.example", "platform.localhost", "www.localhost", "127.0.0.1", "[::1]",
     ".localhost", "..localhost", "%00.localhost", "{slug}.localhost/..", "{slug} .localhost", "*.localhost", "%.localhost",
     "' or '1'='1", "{id}.localhost", "localhost.{slug}"],
)  # fmt: skip
def test_any_other_name_finds_no_marketplace(app, tenant: Tenant, host: str) -> None:
    assert _status(app, host.format(slug=tenant.slug, id=tenant.id)) in (400, 404)


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host", "X-Tenant", "X-HTTP-Host-Override"])  # fmt: skip
def test_no_header_of_the_client_names_the_marketplace(app, tenant: Tenant, header: str) -> None:
    wanted = f"{tenant.slug}.localhost"
    value = f"host={wanted}" if header == "Forwarded" else wanted
    assert _status(app, "unknown.localhost", **{header: value}) == 404


def test_asking_for_many_unknown_hosts_does_not_fill_the_memory(app) -> None:
    values.forget()
    for number in range(60_000):
        values._hosts[f"h{number}"] = (0.0, None)
    values.find_by_host("one-more.example", "localhost")
    assert len(values._hosts) < 50_001
