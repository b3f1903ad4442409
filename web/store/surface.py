"""The storefront's blueprint, and what its frame shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from core.catalogue.tree import tree
from core.http import shells
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.tenancy import current
from web.languages import language
from web.store import brand

blueprint = Blueprint("store", __name__)
LINKS: Mapping[str, str] = {
    "home": "/",
    "search": "/search",
    "suggest": "/search/suggest",
    "browse": "/search",
    "shops": "/shops",
    "cart": "/cart",
    "account": "/account",
    "orders": "/orders",
    "sell": "/merchant/apply",
    "help": "/pages/help",
}
_MOST_CATEGORIES = 9


def frame() -> Mapping[str, Any]:
    """Return the values of store/shell.html."""
    who, tenant = principal(), current()
    return {
        "tenant": tenant,
        "actor": None if who.is_guest else who,
        "categories": _categories(),
        "cart_count": 0,
        "links": LINKS,
        "theme_href": brand.theme_href(tenant),
        "policies": brand.policies(tenant),
    }


def _categories() -> list[tuple[str, str, bool]]:
    words, path = language(), request.path
    return [
        (node.name(words), href, path == href or path.startswith(f"{href}/"))
        for node in tree().roots[:_MOST_CATEGORIES]
        if (href := f"/categories/{node.path}")
    ]


@blueprint.after_request
def _private(response: Response) -> Response:
    """Let only the visitor's own browser keep a page, and ask again each time; what is public says so itself."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.vary.update(("Cookie", "Accept-Language"))
    return response


shells.provide(Realm.BUYER, frame)
