"""Values as JSON: money in minor units, moments in ISO 8601 UTC, keys as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from uuid import UUID

from flask import Response, jsonify, request

from core.kernel import codec
from core.kernel.money import Money

_MOST = 100


def plain(value: object) -> object:
    """Return a value of dataclasses and money as JSON."""
    if isinstance(value, Money):
        return {"amount_minor": value.minor, "currency": value.currency}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return codec.dump(value)


def answer(value: object, status: int = 200) -> Response:
    """Answer with one value."""
    response = jsonify(plain(value))
    response.status_code = status
    return response


def listed(rows: Sequence[object], after: UUID | None = None) -> Response:
    """Answer with a page of a list; `next` is the cursor of the page that follows."""
    return answer({"data": list(rows), "next": after})


def limit() -> int:
    """Return how many rows a page may have: ?limit=, at most 100, else 50."""
    return max(1, min(request.args.get("limit", 50, type=int), _MOST))


def cursor() -> UUID | None:
    """Return where a page begins: ?cursor=."""
    return request.args.get("cursor", type=UUID)
