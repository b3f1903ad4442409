"""The storefront's blueprint, and what its frame shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext

from core.catalogue.tree import Tree, tree
from core.checkout import cart as carts
from core.http import shells
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.fresh import Made
from core.kernel.tenancy import Tenant, current
from tenants.design import menus, theme
from tenants.design.menus import Link
from tenants.design.shapes import said
from web import shopping
from web.headers import vary
from web.languages import language
from web.store import addresses, brand

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


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What stands around every page of a marketplace. It equals only itself: parts that are drawn of it are kept by it.

    `categories` are name, address and whether one is there; the footer's columns are titles with names and addresses.
    The logos are pictures' addresses for the light and the dark look; "" where the name stands.
    """

    categories: Sequence[tuple[str, str, bool]]
    policies: Sequence[tuple[str, str]]
    footer: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    theme_href: str
    logo_href: str = ""
    logo_dark_href: str = ""
    colour: str = ""


_frames: Made[Frame] = Made()


def frame() -> Mapping[str, Any]:
    """Return the values of store/shell.html."""
    who, tenant, known, department = principal(), current(), tree(), _department(request.path)
    key = (tenant.version, language(), known.mark, department)
    around = _frames.get(key, lambda: _frame(tenant, known, department))
    return {
        "tenant": tenant,
        "actor": None if who.is_guest else who,
        "frame": around,
        "categories": around.categories,
        "cart_count": _cart_count(),
        "links": LINKS,
        "theme_href": around.theme_href,
        "logo_href": around.logo_href,
        "logo_dark_href": around.logo_dark_href,
        "app_colour": around.colour,
        "policies": around.policies,
        "footer": around.footer,
    }


def _department(path: str) -> str:
    """Return the path of the top category that a page stands in; "" elsewhere."""
    return path.split("/", 3)[2] if path.startswith("/categories/") else ""


def _frame(tenant: Tenant, known: Tree, department: str) -> Frame:
    words, policies, looks, chosen = language(), brand.policies(tenant), theme.of(tenant), menus.of(tenant)
    departments = [
        (n.name(words), f"/categories/{n.path}", n.path == department) for n in known.roots[:_MOST_CATEGORIES]
    ]
    here = f"/categories/{department}"
    top = [(label, href, href == here) for label, href in _links(tenant, chosen.top)]
    columns = [(said(c.title, words, tenant.locale), _links(tenant, c.links)) for c in chosen.columns]
    return Frame(
        top or departments, policies, _footer(departments, policies, columns), brand.theme_href(tenant),
        addresses.picture(looks.logo_light, 320), addresses.picture(looks.logo_dark or looks.logo_light, 320), theme.corrected(looks.brand_hex, theme.PLAIN),
    )  # fmt: skip


def _links(tenant: Tenant, links: Sequence[Link]) -> list[tuple[str, str]]:
    """Return the words and addresses of chosen links, in the reader's language."""
    return [(said(link.label, language(), tenant.locale), link.href) for link in links]


def _footer(
    categories: Sequence[tuple[str, str, bool]],
    policies: Sequence[tuple[str, str]],
    chosen: Sequence[tuple[str, list[tuple[str, str]]]],
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the columns below every page: the chosen ones, else the standard ones; policies always stand last."""
    last = [(gettext("Good to know"), [*policies, (gettext("Rules and policies"), "/policies")])]
    if chosen:
        return [*chosen, *last]
    return [
        (gettext("Shopping"), [(name, href) for name, href, _here in categories[:_IN_FOOTER]]),
        (gettext("Your orders"), [(gettext("Find an order"), "/track"), (gettext("Your account"), "/account"),
                                  (gettext("Cart"), "/cart"), (gettext("Help"), LINKS["help"]),
                                  (gettext("Complaints and reports"), "/complaints")]),
        (gettext("Selling"), [(gettext("All shops"), LINKS["shops"]), (gettext("Open a shop"), LINKS["sell"]),
                              (gettext("Sign in to your shop"), "/merchant/sign-in")]),
        *last,
    ]  # fmt: skip


def _cart_count() -> int:
    """Return how many units the cart holds; nothing is asked for visitors who have none."""
    is_known = bool(request.cookies.get(shopping.COOKIE)) or not principal().is_guest
    return carts.count(shopping.owner()) if is_known else 0


@blueprint.after_request
def _private(response: Response) -> Response:
    """Let only the visitor's own browser keep a page, and ask again each time; what is public says so itself."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    vary(response, "Cookie", "Accept-Language")
    return response


shells.provide(Realm.BUYER, frame)
