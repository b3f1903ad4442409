"""Checks of the v2 API, which is not in Stripe's API document at hand: stripe-python's own types say what it takes."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, NotRequired

import stripe
from stripe.params.v2 import core as params
from stripe.v2 import core
from typing_extensions import get_type_hints, is_typeddict

from web.sandbox.stripe.wire import Document, Request

_TAKEN = {
    ("POST", "/v2/core/accounts"): params.AccountCreateParams,
    ("POST", "/v2/core/accounts/ID"): params.AccountUpdateParams,
    ("GET", "/v2/core/accounts/ID"): params.AccountRetrieveParams,
    ("POST", "/v2/core/account_links"): params.AccountLinkCreateParams,
}
_GIVEN = {"accounts": core.Account, "account_links": core.AccountLink, "events": core.Event}


class TypedDicts:
    """Compares requests with TypedDicts and answers with the classes' annotations."""

    def request_faults(self, request: Request) -> list[str]:
        """Say what is wrong with a request, one line each."""
        kind = _TAKEN.get((request.method, re.sub(r"(?<=accounts/)\w+$", "ID", request.path)))
        if request.path.startswith("/v2/core/events/"):
            return []
        if kind is None:
            return [f"no such operation: {request.method} {request.path}"]
        given = json.loads(request.body) if request.method == "POST" else request.fields()
        return list(_faults(given, kind, ""))

    def response_faults(self, request: Request, status: int, body: Document) -> list[str]:
        """Say what is wrong with an answer, one line each."""
        if status >= 400:
            return [] if "error" in body else ["an error without an error"]
        kind = request.path.split("/")[3]
        if kind == "events":
            # Which object an event is about, each kind of event says by itself.
            body = {name: value for name, value in body.items() if name != "related_object"}
        return list(_faults(body, _GIVEN[kind], ""))


def _faults(value: Any, kind: Any, path: str) -> Iterator[str]:
    """Yield what is wrong; enumerations of the v2 API are open wherever its types say so."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is NotRequired:
        yield from _faults(value, inner[0], path)
    elif origin in (typing.Union, types.UnionType):
        tried = [list(_faults(value, one, path)) for one in inner]
        yield from [min(tried, key=len)[0]] if all(tried) else []
    elif origin is typing.Literal:
        yield from [] if value in inner else [f"{path}: {value!r} is none of {inner}"]
    elif origin is list:
        rows = list(value.values()) if isinstance(value, dict) else value
        yield from [] if isinstance(rows, list) else [f"{path}: not a list"]
        for place, row in enumerate(rows or []):
            yield from _faults(row, inner[0], f"{path}.{place}")
    else:
        yield from _faults_of_class(value, kind, path)


def _faults_of_class(value: Any, kind: Any, path: str) -> Iterator[str]:
    if is_typeddict(kind):
        yield from _members(value, _hints(kind), kind.__required_keys__, path)
    elif isinstance(kind, type) and issubclass(kind, stripe.StripeObject) and kind.__annotations__:
        hints = {name: hint for name, hint in _hints(kind).items() if not name.startswith("_") and name.islower()}
        yield from _members(value, hints, frozenset(hints), path)
    elif isinstance(kind, type) and not isinstance(value, _plain(kind)):
        yield f"{path}: {value!r} is not {kind.__name__}"


def _members(value: Any, hints: Mapping[str, Any], required: frozenset[str], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: not an object"
        return
    yield from (f"{path}.{name}: missing" for name in sorted(required - value.keys()))
    for name, below in value.items():
        if name not in hints:
            yield f"{path}.{name}: unknown"
        else:
            yield from _faults(below, hints[name], f"{path}.{name}")


def _hints(kind: Any) -> Mapping[str, Any]:
    module = vars(__import__(kind.__module__, fromlist=["x"]))
    return get_type_hints(kind, globalns=module, localns=dict(vars(kind)), include_extras=True)


def _plain(kind: type) -> type:
    return dict if issubclass(kind, stripe.StripeObject | dict) else kind
