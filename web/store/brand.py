"""What a marketplace says of itself on every page: its colours as a style sheet, and its own texts.

Settings of core: `brand` {colour "#rrggbb", radius 0-160, hue 0-359}; `pages` {name: {language: Markdown}};
`home` {title, text, button, href, each also as <name>_<language>, and picture_id}.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from flask_babel import gettext

from core.kernel.tenancy import Tenant
from web import theme
from web.languages import language

_COLOUR = "#b8412b"


def titles() -> dict[str, str]:
    """Return the names of the text pages that a marketplace may have."""
    return {
        "terms": str(gettext("Terms")),
        "privacy": str(gettext("Privacy")),
        "returns": str(gettext("Returns")),
        "delivery": str(gettext("Delivery")),
        "imprint": str(gettext("Legal notice")),
        "help": str(gettext("Help")),
        "about": str(gettext("About us")),
    }


def written(tenant: Tenant, name: str) -> str:
    """Return the operator's text of a page in the reader's language, else in any; "" if there is none."""
    pages = tenant.setting("pages", {})
    texts = pages.get(name, {}) if isinstance(pages, dict) else {}
    if not isinstance(texts, dict):
        return str(texts)
    return str(texts.get(language()) or texts.get(tenant.locale) or next(iter(texts.values()), ""))


def theme_href(tenant: Tenant) -> str:
    """Return the address of the tenant's style sheet, which changes with its content."""
    return f"/theme.css?v={sheet_of(tenant)[0]}"


def _brand(tenant: Tenant) -> tuple[str, int, int]:
    given = tenant.setting("brand", {})
    brand = given if isinstance(given, dict) else {}
    return str(brand.get("colour") or _COLOUR), _whole(brand.get("radius"), 100), _whole(brand.get("hue"), 265)


def _whole(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


@lru_cache(maxsize=1024)
def _sheet(colour: str, radius: int, hue: int) -> tuple[str, str]:
    try:
        sheet = theme.css(colour, radius_percent=radius, neutral_hue=hue)
    except ValueError:
        sheet = theme.css(_COLOUR)
    return hashlib.sha256(sheet.encode()).hexdigest()[:12], sheet


def sheet_of(tenant: Tenant) -> tuple[str, str]:
    """Return the tenant's style sheet behind the hash of its content."""
    return _sheet(*_brand(tenant))


def policies(tenant: Tenant) -> list[tuple[str, str]]:
    """Return names and addresses of the pages that the operator has written."""
    return [(title, f"/pages/{name}") for name, title in titles().items() if written(tenant, name)]
