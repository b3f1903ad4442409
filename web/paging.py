"""Keyset pages in the address: `?after=` is the last key of the page before."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for


def cursor() -> UUID | None:
    """Return where the page begins; None is the first page."""
    return request.args.get("after", type=UUID)


def next_href(key: UUID | None) -> str:
    """Return the address of the next page with all else as it is; "" on the last page."""
    if key is None:
        return ""
    kept = {name: value for name, value in request.args.items() if name != "after"}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept, "after": str(key)})
