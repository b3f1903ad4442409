"""Forms of guests: what our own page sends is taken, what another site sends is not, and sessions need their token."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask

from core.kernel.tenancy import Tenant
from web import kept


@pytest.fixture
def guarded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with its protection on, as in production."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


def _status(app: Flask, tenant: Tenant, headers: dict[str, str], cookie: str = "") -> int:
    client, host = app.test_client(), f"{tenant.slug}.localhost"
    if cookie:
        client.set_cookie(cookie, "something", domain=host)
    form = {"variant_id": str(uuid4()), "quantity": "1"}
    return client.post("/cart/lines", base_url=f"http://{host}", data=form, headers=headers).status_code


def test_a_guests_form_of_our_own_page_needs_no_token(guarded: Flask, tenant: Tenant) -> None:
    own = {"Sec-Fetch-Site": "same-origin", "Origin": f"http://{tenant.slug}.localhost"}
    assert _status(guarded, tenant, own) == 404  # past the guard: there is no such variant


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://other.localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
    ],
)
def test_a_guests_form_of_anyone_else_is_refused(guarded: Flask, tenant: Tenant, headers: dict[str, str]) -> None:
    assert _status(guarded, tenant, headers) == 400


def test_a_session_needs_its_token_even_on_our_own_page(guarded: Flask, tenant: Tenant) -> None:
    own = {"Sec-Fetch-Site": "same-origin", "Origin": f"http://{tenant.slug}.localhost"}
    assert _status(guarded, tenant, own, cookie="buyer_session") == 400


def test_only_guests_without_cookies_are_served_a_kept_page(
    app: Flask, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, kept.SECONDS, 60.0)
    base = f"http://{tenant.slug}.localhost"
    guest = app.test_client()
    first = guest.get("/search", base_url=base)
    monkeypatch.setattr(kept._pages, "find", lambda _key: kept.Kept(0, b"kept", "text/html"))
    assert "Set-Cookie" not in first.headers
    assert guest.get("/search", base_url=base).data == b"kept"
    guest.set_cookie("cart", "mine", domain=f"{tenant.slug}.localhost")
    assert guest.get("/search", base_url=base).data != b"kept"
    kept.forget()
