"""What a view returns: values that are turned into responses once the transaction has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse


@dataclass(frozen=True, slots=True)
class Page:
    """A template and its values; `fragment` is rendered instead for htmx."""

    template: str
    values: Mapping[str, Any]
    status: int = 200
    fragment: str | None = None


@dataclass(frozen=True, slots=True)
class See:
    """Go to an address by GET, with a word about what was done."""

    location: str
    toast: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)


Answer = Page | See | BaseResponse | str | tuple[Any, int]


def page(template: str, /, *, fragment: str | None = None, status: int = 200, **values: Any) -> Page:
    """Answer with a page; values are read in full before the transaction ends, so pass values, not rows."""
    return Page(template, values, status, fragment)


def see(location: str, toast: str = "") -> See:
    """Answer a form that was carried out: go there, say what happened."""
    return See(location, toast)


def rendered(answer: Answer) -> BaseResponse | str | tuple[Any, int]:
    """Turn a view's answer into what Flask sends."""
    if isinstance(answer, Page):
        wants_fragment = answer.fragment is not None and request.headers.get("HX-Request") == "true"
        template = answer.fragment if wants_fragment and answer.fragment else answer.template
        status = 200 if wants_fragment and answer.status == 422 else answer.status
        return Response(render_template(template, **answer.values), status)
    if isinstance(answer, See):
        if answer.toast:
            flash(answer.toast)
        if request.headers.get("HX-Request") == "true":
            return Response("", 200, headers={"HX-Redirect": answer.location})
        return redirect(answer.location, 303)
    return answer
