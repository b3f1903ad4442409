"""Pages that all guests see alike are kept for a second: whoever carries a cookie that matters is never served one.

The key is everything that such a page depends on: tenant and version, host, address, language, looks, htmx. Only
whole answers with status 200 that set no cookie are kept; the headers of every answer are added anew.

After that second the page is read anew. Where it says what it is made of (`made_of`) and that is as before, it is not
drawn anew: equal values make the very same page, however old it is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, Response, g, request, session

from core.http.answers import Page, draw_by
from core.kernel.tenancy import Tenant
from web.languages import language

_ENDPOINTS = frozenset(
    f"store.{name}" for name in ("home", "category", "find", "product", "shop", "shops", "suggest", "sell", "text")
)
_HARMLESS = frozenset(("lang", "theme", "density", "shortcuts"))
_MOST_BYTES = 64 * 1024 * 1024
SECONDS = "PAGES_KEPT_SECONDS"


class Kept(NamedTuple):
    """A page's body until a moment of the monotonic clock."""

    until: float
    body: bytes
    kind: str


class _Store:
    def __init__(self) -> None:
        self._kept: dict[object, Kept] = {}
        self._size = 0

    def find(self, key: object) -> Kept | None:
        found = self._kept.get(key)
        return found if found is not None and found.until > time.monotonic() else None

    def put(self, key: object, page: Kept) -> None:
        if self._size + len(page.body) > _MOST_BYTES:
            self._kept.clear()
            self._size = 0
        before = self._kept.get(key)
        self._size += len(page.body) - (len(before.body) if before else 0)
        self._kept[key] = page

    def clear(self) -> None:
        self._kept.clear()
        self._size = 0


_pages, _drawn = _Store(), _Store()


def forget() -> None:
    """Drop every kept page of this process."""
    _pages.clear()
    _drawn.clear()


def is_shared() -> bool:
    """Tell whether this request's page is the same for every guest."""
    return (
        request.method == "GET"
        and request.endpoint in _ENDPOINTS
        and "Authorization" not in request.headers
        and _HARMLESS.issuperset(request.cookies)
    )


def _key(tenant: Tenant) -> tuple[object, ...]:
    looks = (request.cookies.get("theme"), request.cookies.get("density"), request.headers.get("HX-Request"))
    place = (request.scheme, request.host, request.path, request.query_string)
    return (tenant.id, tenant.version, tenant.state, tenant.enabled, language(), *looks, *place)


def drawn(answer: Page, draw: Callable[[], str]) -> str | bytes:
    """Return a page for guests as it was drawn of the same values before, else draw it."""
    tenant: Tenant | None = g.get("tenant")
    if tenant is None or answer.status != 200 or not g.get("is_shared_page"):
        return draw()
    frame = (answer.values.get("frame"), answer.values.get("cart_count"))
    key = (answer.template, answer.made_of, *frame, *_key(tenant))
    known = _drawn.find(key)
    if known is None:
        known = Kept(math.inf, draw().encode(), "")
        _drawn.put(key, known)
    return known.body


def register(app: Flask, seconds: float) -> None:
    """Answer guests with kept pages; with 0 seconds none are kept. Register it after the tenant is bound."""
    app.config[SECONDS] = seconds
    draw_by(drawn)

    @app.before_request
    def answer() -> Response | None:
        tenant: Tenant | None = g.get("tenant")
        g.kept_key, g.is_shared_page = None, tenant is not None and is_shared()
        if tenant is None or not g.is_shared_page or not app.config[SECONDS]:
            return None
        g.kept_key = _key(tenant)
        kept = _pages.find(g.kept_key)
        if kept is None:
            return None
        g.kept_key = None
        return Response(kept.body, content_type=kept.kind)

    @app.after_request
    def keep(response: Response) -> Response:
        key = g.get("kept_key")
        if key is None:
            return response
        is_whole = response.status_code == 200 and not response.is_streamed
        is_plain = "Set-Cookie" not in response.headers and not session.modified and "lang" not in request.args
        if is_whole and is_plain:
            until = time.monotonic() + app.config[SECONDS]
            _pages.put(key, Kept(until, response.get_data(), response.content_type or "text/html; charset=utf-8"))
        return response
