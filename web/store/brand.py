"""What a marketplace says of itself on every page: its colours as a style sheet, and its own texts.

The colours are the design's theme. Read from core's settings: `tagline`, `hero_title`, `hero_text` and
`policy_<name>`, each with the language at the end ("hero_title_en").
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from flask_babel import gettext

from core.kernel.tenancy import Tenant
from tenants.design import theme as themes
from tenants.design.theme import Theme
from web import theme
from web.languages import LOCALES, language


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


def text_of(tenant: Tenant, name: str) -> str:
    """Return a text of the settings in the reader's language, else in the marketplace's, else in any."""
    codes = dict.fromkeys((language(), tenant.locale, *LOCALES))
    found = (str(tenant.setting(f"{name}_{code}", "") or "").strip() for code in codes)
    return next((text for text in found if text), "")


def written(tenant: Tenant, name: str) -> str:
    """Return the operator's text of a page; "" if there is none."""
    return text_of(tenant, f"policy_{name}")


def theme_href(tenant: Tenant) -> str:
    """Return the address of the tenant's style sheet, which changes with its content."""
    return f"/theme.css?v={sheet_of(tenant)[0]}"


@lru_cache(maxsize=1024)
def _sheet(looks: Theme) -> tuple[str, str]:
    families = themes.FONTS[looks.font][1]
    colour = themes.corrected(looks.brand_hex, themes.PLAIN)
    sheet = theme.css(
        colour, radius_percent=looks.radius_percent, neutral_hue=looks.neutral_hue, families=families
    )  # fmt: skip
    return hashlib.sha256(sheet.encode()).hexdigest()[:12], sheet


def sheet(looks: Theme) -> str:
    """Return a theme as a style sheet."""
    return _sheet(looks)[1]


def sheet_of(tenant: Tenant) -> tuple[str, str]:
    """Return the tenant's style sheet behind the hash of its content."""
    return _sheet(themes.of(tenant))


def policies(tenant: Tenant) -> list[tuple[str, str]]:
    """Return names and addresses of the pages that the operator has written."""
    return [(title, f"/pages/{name}") for name, title in titles().items() if written(tenant, name)]
