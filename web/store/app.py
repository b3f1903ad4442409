"""The storefront as an app on a phone: its manifest and icons in the brand's colour, its worker, its offline page."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from pathlib import Path

from flask import Response, jsonify
from PIL import Image, ImageDraw

from core.http.answers import Answer, page
from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.tenancy import current
from tenants.design import theme as themes
from web import rendering, theme
from web.languages import language
from web.store import brand
from web.store.surface import blueprint

_SIZES = (180, 192, 512)
_DAY = "public, max-age=86400"
_WORKER = Path(__file__).parent.parent / "static" / "js" / "worker.js"
_GLYPH = 64  # the glyph below is drawn in a square of so many units


def _colour() -> str:
    return themes.corrected(themes.of(current()).brand_hex, themes.PLAIN)


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """Describe the marketplace as an app."""
    tenant, colour = current(), _colour()
    mark = colour.removeprefix("#")
    icons = [
        {"src": f"/icon-{size}.png?c={mark}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    answer = jsonify(
        id="/", name=tenant.name, short_name=tenant.name[:12].strip(), start_url="/", scope="/", display="standalone",
        lang=language(), theme_color=colour, background_color="#ffffff", icons=icons,
        description=brand.text_of(tenant, "tagline"),
    )  # fmt: skip
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@blueprint.get("/icon-<int:size>.png")
def icon(size: int) -> Response:
    """Serve the app's icon: a shop in the colour that can be read on the brand's."""
    if size not in _SIZES:
        raise Missing("store.no_icon", _("There is no icon of this size"))
    return Response(_drawn(_colour(), size), content_type="image/png", headers={"Cache-Control": _DAY})


@lru_cache(maxsize=512)
def _drawn(colour: str, size: int) -> bytes:
    """Draw the icon four times too large and bring it down, so that edges are smooth."""
    unit = size * 4 / _GLYPH
    picture = Image.new("RGB", (size * 4, size * 4), colour)
    pen = ImageDraw.Draw(picture)
    ink = "#fff" if theme.palette(colour).on_brand == theme.WHITE else "#1c1917"

    def at(*points: float) -> list[float]:
        return [point * unit for point in points]

    pen.rounded_rectangle(at(18, 32, 46, 47), radius=2 * unit, fill=ink)  # the house
    pen.polygon(at(20, 17, 44, 17, 48, 28, 16, 28), fill=ink)  # the awning
    for left in (16, 24, 32, 40):
        pen.pieslice(at(left, 23.5, left + 8, 33), 0, 180, fill=ink)
    pen.line(at(16.5, 29, 47.5, 29), fill=colour, width=round(unit * 1.1))
    pen.rounded_rectangle(at(28, 37, 36, 48), radius=1.2 * unit, fill=colour)  # the door
    out = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


@blueprint.get("/worker.js")
def worker() -> Response:
    """Serve the worker: it keeps the offline page and what that needs, and nothing else."""
    needed = [
        "/offline",
        rendering.asset("dist/ui.css"),
        rendering.asset("vendor/icons.svg"),
        brand.theme_href(current()),
    ]
    listed = ", ".join(f'"{path}"' for path in needed)
    mark = hashlib.sha256(listed.encode()).hexdigest()[:12]
    script = _WORKER.read_text("utf8").replace("/* needed */", listed).replace("/* mark */", mark)
    answer = Response(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/offline")
@edge(Realm.BUYER, login=False)
def offline() -> Answer:
    """Show what an app shows without a connection; it says the same to everyone."""
    return page("store/offline.html")
