"""The storefront's theme, for those who run the marketplace; and what all parts of the design have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, after_this_request, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.kernel.tx import transaction
from core.media.pictures import CleanPicture, clean
from core.media.uploads import keep_picture
from tenants.design import service
from tenants.design import theme as themes
from tenants.design.service import Content
from tenants.design.theme import Theme
from web import headers, theme
from web.operator.surface import blueprint, menu
from web.store import brand

PARTS = "any(theme,front,menus)"
_LOGOS = ("logo_light", "logo_dark")
menu.add("Marketplace", 25, "Storefront design", "operator.theme", "sparkles", "settings.manage")


def showing_frames(response: BaseResponse) -> BaseResponse:
    """Let a page show pages of this site in frames."""
    response.headers["Content-Security-Policy"] = headers.SHOWS_FRAMES
    return response


def around(name: str) -> dict[str, Any]:
    """Return what the pages of every part show: its draft and versions, and the tabs."""
    found = service.part(name)
    tabs = [("theme", gettext("Theme")), ("front", gettext("Home page")), ("menus", gettext("Menus"))]
    return {
        "part": found, "versions": service.versions(name),
        "views": [{"href": url_for(f"operator.{key}"), "label": label, "current": key == name} for key, label in tabs],
    }  # fmt: skip


@blueprint.get("/design", endpoint="theme")
@edge(Realm.OPERATOR, "settings.manage")
def theme_page(error: AppError | None = None) -> Answer:
    """Show the theme's editor, with how well its colours can be read and how things look in them."""
    after_this_request(showing_frames)
    shown = around("theme")
    content: Content = {**shown["part"].content, **_sent()} if error else shown["part"].content
    return page("operator/theme.html", **shown, content=content, fonts=_fonts(), error=error and message(error),
                **_look(themes.read(_known(content))))  # fmt: skip


def _fonts() -> list[tuple[str, str]]:
    return [(code, gettext(name)) for code, (name, _families) in themes.FONTS.items()]


def _known(content: Content) -> Content:
    """Return a theme's values as far as they can be read: numbers that are none fall back."""
    plain = {"radius_percent": 100, "neutral_hue": 265}
    numbers = {name: _whole(content.get(name), otherwise) for name, otherwise in plain.items()}
    font = content.get("font") if content.get("font") in themes.FONTS else "system"
    return {**content, **numbers, "font": font}


def _whole(value: object, otherwise: int) -> int:
    text = str(value if value is not None else "").strip()
    return int(text) if text.lstrip("-").isdigit() and len(text) < 6 else otherwise


def _look(looks: Theme) -> dict[str, Any]:
    """Return the colours' figures and the address of the previews."""
    colour = looks.brand_hex
    asked = {"brand_hex": colour, "radius_percent": looks.radius_percent, "neutral_hue": looks.neutral_hue,
             "font": looks.font}  # fmt: skip
    return {
        "looks": looks, "figures": [(f.pair, f"{f.ratio:.1f}") for f in theme.figures(colour)],
        "is_moved": theme.is_moved(colour), "least": theme.MINIMUM,
        "frames": [(look, f"{url_for('operator.theme_look')}?{urlencode({'look': look, **asked})}") for look in ("light", "dark")],
    }  # fmt: skip


def _sent() -> dict[str, object]:
    names = ("brand_hex", "radius_percent", "neutral_hue", "font")
    return {name: request.values[name].strip() for name in names if request.values.get(name, "").strip()}


def _asked() -> Theme:
    """Return the theme that the address describes; the draft's values stand where it says nothing."""
    draft = service.part("theme").content
    given = {**draft, **_sent()}
    colour = themes.corrected(str(given["brand_hex"]), str(draft["brand_hex"]))
    return themes.read(_known({**given, "brand_hex": colour}))


@blueprint.get("/design/figures")
@edge(Realm.OPERATOR, "settings.manage")
def theme_figures() -> Answer:
    """Show figures and previews of what is chosen but not kept yet, as a part of the editor."""
    return page("operator/_theme_look.html", **_look(_asked()), typed=request.args.get("brand_hex", "").strip())


@blueprint.get("/design/look")
@edge(Realm.OPERATOR, "settings.manage")
def theme_look() -> Answer:
    """Show a card, buttons and a checkout in a theme; the editor frames it."""
    look = "dark" if request.args.get("look") == "dark" else "light"
    sheet = f"{url_for('operator.theme_sheet')}?{urlencode(_sent())}"
    currency = current().currency
    html = render_template(
        "operator/theme_look.html", tenant=current(), theme=look, theme_href=sheet,
        goods=[Money(4800, currency), Money(2600, currency), Money(3250, currency)], delivery=Money(490, currency),
        total=Money(5290, currency),
    )  # fmt: skip
    return Response(html, headers={"Content-Security-Policy": headers.IN_FRAMES, "Cache-Control": "no-store"})


@blueprint.get("/design/sheet.css", endpoint="theme_sheet")
@edge(Realm.OPERATOR, "settings.manage")
def theme_sheet() -> Answer:
    """Serve the style sheet of a theme that the address describes."""
    return Response(
        brand.sheet(_asked()), content_type="text/css; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


@blueprint.post("/design", endpoint="save_theme")
@edge(Realm.OPERATOR, "settings.manage", tx=Tx.OWN, again=theme_page)
def save_theme() -> Answer:
    """Keep the theme as a draft; a colour that cannot be read leaves the one that was there, and says so."""
    pictures = {name: _picture(name) for name in _LOGOS}
    typed = request.form.get("brand_hex", "").strip()
    with transaction():
        before = service.part("theme").content
        colour = themes.corrected(typed, str(before["brand_hex"]))
        logos = {name: _logo(name, before, pictures[name]) for name in _LOGOS}
        sent = {**before, **_known({**before, **_sent(), "brand_hex": colour}), **logos}
        service.save("theme", sent, version=request.form.get("version", type=int))
    said = gettext("Kept as a draft")
    if themes.corrected(typed, "") != typed.lower():
        said = gettext("Kept as a draft; the colour was read as %(colour)s", colour=colour)
    return see(url_for("operator.theme"), said)


def _picture(name: str) -> tuple[CleanPicture, str] | None:
    file = request.files.get(name)
    return (clean(file.read()), file.filename or "") if file and file.filename else None


def _logo(name: str, before: Mapping[str, object], sent: tuple[CleanPicture, str] | None) -> object:
    if sent is not None:
        return str(keep_picture(*sent, None))
    return None if f"{name}_gone" in request.form else before.get(name)


def picture_sent(name: str) -> UUID | None:
    """Keep a picture of a form in a transaction of its own; return its key, None if none was sent."""
    sent = _picture(name)
    if sent is None:
        return None
    with transaction():
        return keep_picture(*sent, None)


@blueprint.post(f"/design/<{PARTS}:part>/publish")
@edge(Realm.OPERATOR, "settings.manage")
def publish_design(part: str) -> Answer:
    """Show a part's draft to everyone."""
    service.publish(part)
    return see(url_for(f"operator.{part}"), gettext("Published: visitors see it now"))


@blueprint.post(f"/design/<{PARTS}:part>/discard")
@edge(Realm.OPERATOR, "settings.manage")
def discard_design(part: str) -> Answer:
    """Throw a part's draft away."""
    service.discard(part)
    return see(url_for(f"operator.{part}"), gettext("The draft is gone; what is published stays"))


@blueprint.post(f"/design/<{PARTS}:part>/undo")
@edge(Realm.OPERATOR, "settings.manage")
def undo_design(part: str) -> Answer:
    """Publish the version before again."""
    service.undo(part)
    return see(url_for(f"operator.{part}"), gettext("The version before is published again"))


@blueprint.post(f"/design/<{PARTS}:part>/versions/<int:number>")
@edge(Realm.OPERATOR, "settings.manage")
def restore_design(part: str, number: int) -> Answer:
    """Take an earlier version as the draft."""
    service.restore(part, number)
    return see(url_for(f"operator.{part}"), gettext("Version %(number)s is the draft now", number=number))
