"""The menus' editor: links above every page and columns below it; each button keeps all that is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError, Invalid
from core.kernel.tenancy import current
from tenants.design import service
from tenants.design.menus import MOST_COLUMNS, MOST_LINKS
from web.operator.design import around
from web.operator.surface import blueprint
from web.store import brand

_SPARE = 3
Links = list[dict[str, Any]]


@blueprint.get("/design/menus", endpoint="menus")
@edge(Realm.OPERATOR, "settings.manage")
def menus_page(error: AppError | None = None) -> Answer:
    """Show the menus as a form with some empty lines."""
    shown = around("menus")
    content = _typed() if error else shown["part"].content
    wrong = [(f.path, gettext(f.message)) for f in error.fields] if isinstance(error, Invalid) else []
    return page("operator/menus.html", **shown, top=_spared(content.get("top", [])), columns=_columns(content),
                error=error and message(error), wrong=wrong, languages_of_tenant=current().languages,
                pages=_pages())  # fmt: skip


def _spared(links: Links) -> Links:
    return [*links, *({} for _more in range(min(_SPARE, MOST_LINKS - len(links))))]


def _columns(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    known = [{"title": each.get("title", {}), "links": _spared(each.get("links", []))}
             for each in content.get("columns", [])]  # fmt: skip
    return [*known, {"title": {}, "links": _spared([])}][:MOST_COLUMNS]


def _pages() -> list[str]:
    """Return addresses that links may lead to, to choose from while typing."""
    written = [href for _title, href in brand.policies(current())]
    return ["/search", "/search?sort=newest", "/search?sale=1", "/shops", "/track", "/account", "/cart", "/sell",
            "/pages/help", *written]  # fmt: skip


def _typed() -> dict[str, Any]:
    """Return both menus as the form holds them, without empty lines, moved as a button wants."""
    top = _links("top")
    columns = []
    for number in range(MOST_COLUMNS):
        title, links = _words(f"column-{number}-title"), _links(f"column-{number}")
        if any(title.values()) or links:
            columns.append({"title": title, "links": links})
    return {"top": top, "columns": columns}


def _words(prefix: str) -> dict[str, str]:
    return {code: request.form.get(f"{prefix}-{code}", "").strip() for code in current().languages}


def _links(menu: str) -> Links:
    found: Links = []
    lift = request.form.get("lift", "")
    for number in range(MOST_LINKS):
        label, href = _words(f"{menu}-{number}-label"), request.form.get(f"{menu}-{number}-href", "").strip()
        if not any(label.values()) and not href:
            continue
        at = len(found) - 1 if lift == f"{menu}-{number}" and found else len(found)
        found.insert(at, {"label": label, "href": href})
    return found


@blueprint.post("/design/menus", endpoint="save_menus")
@edge(Realm.OPERATOR, "settings.manage", again=menus_page)
def save_menus() -> Answer:
    """Keep both menus as a draft; lines without words and address are dropped."""
    service.save("menus", _typed(), version=request.form.get("version", type=int))
    return see(url_for("operator.menus"), gettext("Kept as a draft"))
