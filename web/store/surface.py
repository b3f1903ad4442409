"""The storefront's blueprint, and what its frame shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext

from core.catalogue.tree import tree
from core.checkout import cart as carts
from core.http import shells
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.tenancy import current
from web import shopping
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
    "sell": "/sell",
    "help": "/pages/help",
}
_MOST_CATEGORIES = 9
_IN_FOOTER = 5


def frame() -> Mapping[str, Any]:
    """Return the values of store/shell.html."""
    who, tenant = principal(), current()
    categories, policies = _categories(), brand.policies(tenant)
    return {
        "tenant": tenant,
        "actor": None if who.is_guest else who,
        "categories": categories,
        "cart_count": _cart_count(),
        "links": LINKS,
        "theme_href": brand.theme_href(tenant),
        "policies": policies,
        "footer": _footer(categories, policies),
    }


def _footer(
    categories: list[tuple[str, str, bool]], policies: list[tuple[str, str]]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the columns below every page: titles with names and addresses."""
    return [
        (gettext("Shopping"), [(name, href) for name, href, _here in categories[:_IN_FOOTER]]),
        (gettext("Your orders"), [(gettext("Find an order"), "/track"), (gettext("Your account"), "/account"),
                                  (gettext("Cart"), "/cart"), (gettext("Help"), LINKS["help"])]),
        (gettext("Selling"), [(gettext("All shops"), LINKS["shops"]), (gettext("Open a shop"), LINKS["sell"]),
                              (gettext("Sign in to your shop"), "/merchant/sign-in")]),
        *([(gettext("Good to know"), policies)] if policies else []),
    ]  # fmt: skip


def _cart_count() -> int:
    """Return how many units the cart holds; nothing is asked for visitors who have none."""
    is_known = bool(request.cookies.get(shopping.COOKIE)) or not principal().is_guest
    return carts.count(shopping.owner()) if is_known else 0


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
