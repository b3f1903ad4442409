"""The theme: one brand colour, how round, the greys' hue, a font, and two logos."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, fields, post_load, pre_load, validate
from PIL import ImageColor

from core.kernel.errors import _
from core.kernel.tenancy import Tenant

FONTS: Mapping[str, tuple[str, str]] = {
    "system": (_("Of the system"), ""),
    "humanist": (_("Humanist"), 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", source-sans-pro'),
    "geometric": (_("Geometric"), 'Avenir, Montserrat, Corbel, "URW Gothic", "Century Gothic"'),
    "rounded": (_("Rounded"), 'ui-rounded, "SF Pro Rounded", "Hiragino Maru Gothic ProN", Quicksand, Comfortaa, Manjari'),
    "serif": (_("With serifs"), 'Charter, "Iowan Old Style", "Source Serif 4", Georgia, Cambria, "Songti SC", "Noto Serif CJK SC"'),
}  # fmt: skip
"""By code: the name, and the families that stand before the system's. All are on people's machines; none is loaded."""
PLAIN = "#b8412b"
MOST_ROUND = 160


@dataclass(frozen=True, slots=True)
class Theme:
    """A marketplace's looks. `radius_percent` is 0 (square) to 160, `neutral_hue` degrees; logos are pictures' keys."""

    brand_hex: str = PLAIN
    radius_percent: int = 100
    neutral_hue: int = 265
    font: str = "system"
    logo_light: UUID | None = None
    logo_dark: UUID | None = None


class ThemeContent(Schema):
    """A theme as it is stored and sent. A colour that cannot be read leaves the one that was there."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    brand_hex = fields.String(load_default=PLAIN)
    radius_percent = fields.Integer(load_default=100)
    neutral_hue = fields.Integer(load_default=265)
    font = fields.String(load_default="system", validate=validate.OneOf(tuple(FONTS)))
    logo_light = fields.UUID(load_default=None, allow_none=True)
    logo_dark = fields.UUID(load_default=None, allow_none=True)

    @pre_load
    def _readable(self, data: Mapping[str, Any], **_more: object) -> dict[str, Any]:
        """Turn what people write into what is stored: colours into hex."""
        given = dict(data)
        if isinstance(given.get("brand_hex"), str):
            given["brand_hex"] = corrected(given["brand_hex"], PLAIN)
        return given

    @post_load
    def _within(self, data: dict[str, Any], **_more: object) -> dict[str, Any]:
        """Bring numbers into their range instead of refusing them."""
        data["radius_percent"] = min(max(data["radius_percent"], 0), MOST_ROUND)
        data["neutral_hue"] %= 360
        return data


def corrected(text: str, otherwise: str) -> str:
    """Return a colour as "#rrggbb": from hex with or without #, names, rgb() and hsl(); else the other one."""
    wanted = text.strip().lower()
    if re.fullmatch(r"[0-9a-f]{3}|[0-9a-f]{6}", wanted):
        wanted = f"#{wanted}"
    try:
        red, green, blue = ImageColor.getrgb(wanted)[:3]
    except ValueError:
        return otherwise
    return f"#{red:02x}{green:02x}{blue:02x}"


def of(tenant: Tenant) -> Theme:
    """Return the theme that a marketplace shows. Its colour is the setting's, which other papers take as well."""
    return read({**tenant.design.get("theme", {}), "brand_hex": str(tenant.setting("brand_hex", "") or PLAIN)})


def read(content: Mapping[str, Any]) -> Theme:
    """Return a stored theme; what is missing is as in the plain one."""
    known: dict[str, Any] = ThemeContent(unknown="exclude").load(dict(content))
    return Theme(**known)
