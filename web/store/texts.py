"""Pages that are text: policies and help as the operator wrote them, the theme, and what search engines read."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from flask import Response, request, url_for

from core.catalogue import queries
from core.catalogue.queries import Filters
from core.catalogue.tree import tree
from core.http.answers import Answer, page
from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.tenancy import current
from core.merchants import shopfronts
from web.store import addresses, brand
from web.store.surface import blueprint
from web.store.viewers import sight

_YEAR = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"
_MAP_PAGE = 100
_MAP_PAGES = 50


@blueprint.get("/pages/<name>")
@edge(Realm.BUYER, login=False)
def text(name: str) -> Answer:
    """Show a policy or help page."""
    body = brand.written(current(), name) if name in brand.titles() else ""
    if not body and name != "help":
        raise Missing("store.no_page", _("There is no such page"))
    others = [(title, f"/pages/{key}", key) for key, title in brand.titles().items() if brand.written(current(), key)]
    return page("store/text.html", name=name, heading=brand.titles()[name], body=body, others=others,
                canonical=f"/pages/{name}")  # fmt: skip


@blueprint.get("/theme.css")
def theme_css() -> Response:
    """Serve the tenant's colours; for ever when the address names this very content."""
    version, sheet = brand.sheet_of(current())
    answer = Response(sheet, content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = _YEAR if request.args.get("v") == version else "public, max-age=60"
    return answer


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell search engines what is worth reading."""
    lines = ("User-agent: *", "Disallow: /cart", "Disallow: /checkout", "Disallow: /account", "Disallow: /search",
             "Disallow: /api/", f"Sitemap: {url_for('store.sitemap', _external=True)}", "")  # fmt: skip
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8", headers={"Cache-Control": _HOUR})


@blueprint.get("/sitemap.xml")
@edge(Realm.BUYER, login=False)
def sitemap() -> Answer:
    """List categories, shops and the newest 5,000 listings for search engines."""
    places = ["/", "/shops", *(addresses.category(node.path) for node in tree().nodes.values())]
    places += [addresses.shop(shop.slug) for shop in shopfronts.latest(1_000)]
    root = request.host_url.rstrip("/")
    urls = "".join(f"<url><loc>{escape(root + place)}</loc></url>" for place in [*places, *_products()])
    body = '<?xml version="1.0" encoding="UTF-8"?>'
    body += f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return Response(body, content_type="application/xml; charset=utf-8", headers={"Cache-Control": _HOUR})


def _products() -> Iterable[str]:
    """Return the addresses of the newest listings, in pages of a bounded number."""
    found = queries.page(Filters(), sight(), limit=_MAP_PAGE * _MAP_PAGES)
    return [addresses.product(card.slug) for card in found.cards]
