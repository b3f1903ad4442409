"""What a view returns: values that are turned into responses once the transaction has ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

_SEASON = timedelta(days=90)
Undo = tuple[str, Mapping[str, str | Sequence[str]]]
"""The form that takes a deed back: where it is posted, and its fields."""


@dataclass(frozen=True, slots=True)
class Page:
    """A template and its values; `fragment` is rendered instead for htmx.

    `made_of`, where it is given, names all that the page shows of what lies behind its address: two answers that are
    equal in it, in address, reader and frame are the same page, and need to be drawn once.
    """

    template: str
    values: Mapping[str, Any]
    status: int = 200
    fragment: str | None = None
    made_of: Hashable = None


@dataclass(frozen=True, slots=True)
class See:
    """Go to an address by GET, with a word about what was done.

    `cookies` are set (or, where the value is empty, removed): out of reach of scripts, for this host alone, kept
    for `kept_for` or until the browser closes. `undo` is the form that takes the deed back: address and fields.
    """

    location: str
    toast: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    kept_for: timedelta | None = None
    undo: Undo | None = None


Answer = Page | See | BaseResponse | str | Mapping[str, Any] | tuple[Any, int]


Drawer = Callable[[Page, Callable[[], str]], str | bytes]
_drawers: list[Drawer] = []


def draw_by(drawer: Drawer) -> None:
    """Let a function decide whether a page that says what it is made of is drawn, or was before."""
    _drawers[:] = [drawer]


def page(
    template: str, /, *, fragment: str | None = None, status: int = 200, made_of: Hashable = None, **values: Any
) -> Page:
    """Answer with a page; values are read in full before the transaction ends, so pass values, not rows."""
    return Page(template, values, status, fragment, made_of)


def see(location: str, toast: str = "", cookies: Mapping[str, str] | None = None, *, undo: Undo | None = None) -> See:
    """Answer a form that was carried out: go there, say what happened, and how to take it back if that is possible.

    Cookies are kept for a season.
    """
    return See(location, toast, cookies or {}, _SEASON, undo)


def said_aloud(events: Mapping[str, Any], cookies: Mapping[str, str] | None = None) -> BaseResponse:
    """Answer a script that stays on its page: events of ui.js, such as {"toast": "Saved", "cart-count": 3}."""
    return _with_cookies(
        See("", "", cookies or {}, _SEASON), Response("", 200, headers={"HX-Trigger": json.dumps(events)})
    )


def local_path(wish: str | None, otherwise: str) -> str:
    """Return a wish that is a path of this very site, else the other address; for every `next=`."""
    plain = (wish or "").strip()
    is_path = plain.startswith("/") and not plain.startswith(("//", "/\\")) and "\\" not in plain
    if not is_path or any(ord(char) < 33 or ord(char) == 127 for char in plain):
        return otherwise
    parts = urlsplit(plain)
    return plain if not parts.scheme and not parts.netloc else otherwise


def rendered(answer: Answer) -> BaseResponse | str | Mapping[str, Any] | tuple[Any, int]:
    """Turn a view's answer into what Flask sends."""
    if isinstance(answer, Page):
        wants_fragment = answer.fragment is not None and request.headers.get("HX-Request") == "true"
        template = answer.fragment if wants_fragment and answer.fragment else answer.template
        status = 200 if wants_fragment and answer.status == 422 else answer.status
        return Response(_drawn(answer, template), status)
    if isinstance(answer, See):
        if answer.toast:
            flash(answer.toast, json.dumps(answer.undo) if answer.undo else "message")
        return _with_cookies(answer, _gone(answer.location))
    return answer


def _drawn(answer: Page, template: str) -> str | bytes:
    def draw() -> str:
        return render_template(template, **answer.values)

    return _drawers[0](answer, draw) if _drawers and answer.made_of is not None else draw()


def _gone(location: str) -> BaseResponse:
    if request.headers.get("HX-Request") == "true":
        return Response("", 200, headers={"HX-Redirect": location})
    return redirect(location, 303)


def _with_cookies(answer: See, response: BaseResponse) -> BaseResponse:
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    for name, value in answer.cookies.items():
        age = answer.kept_for if value else timedelta(0)
        response.set_cookie(name, value, max_age=age, httponly=True, samesite="Lax", secure=is_secure)
    return response
