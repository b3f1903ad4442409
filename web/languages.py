"""Which language, time zone, theme and density a reader gets, and how the choice is kept in cookies."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, has_app_context, has_request_context, request
from flask_babel import Babel, get_translations
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from core.identity.preferences import Preferences
from core.kernel import tenancy
from web import translations

LOCALES = {"en": "en", "zh": "zh_Hans_CN"}
HTML_LANGUAGES = {"en": "en", "zh": "zh-CN"}
NAMES = {"en": "English", "zh": "简体中文"}
_YEAR = 365 * 24 * 3600
_IN_PATHS = "/!$&'()*+,:;=@"
_KEPT_LANGUAGE, _KEPT_CATALOGUE, _KEPT_ADDRESS = "galleria.language", "galleria.catalogue", "galleria.address"


def language() -> str:
    """Return "en" or "zh": from the address, a cookie, the browser, or the tenant, in this order."""
    if not has_request_context():
        return _tenant_language()
    known = request.environ.get(_KEPT_LANGUAGE)
    if known is None:
        known = request.environ[_KEPT_LANGUAGE] = _asked_language()
    return str(known)


def speak(code: str) -> None:
    """Draw the rest of this request's answer in a language of ours, whatever the reader's is."""
    request.environ[_KEPT_LANGUAGE] = code
    request.environ.pop(_KEPT_CATALOGUE, None)
    g.pop("_flask_babel", None)


def _asked_language() -> str:
    args, cookies = request.args, request.cookies
    for wish in (args and args.get("lang"), cookies and cookies.get("lang")):
        if wish in LOCALES:
            return str(wish)
    return _best_match(request.headers.get("Accept-Language", "")) or _tenant_language()


@lru_cache(maxsize=4096)
def _best_match(header: str) -> str | None:
    """Return what a browser's Accept-Language prefers of ours; browsers send few different ones."""
    return parse_accept_header(header, LanguageAccept).best_match(list(LOCALES))


def tenant_value(name: str) -> str:
    """Return a text of the tenant of this request or job ("currency", "timezone", "locale"), or ""."""
    tenant = (g.get("tenant") if has_app_context() else None) or tenancy.bound()
    return str(getattr(tenant, name, "") or "")


def _tenant_language() -> str:
    locale = tenant_value("locale") or "en"
    first = locale.replace("-", "_").split("_")[0]
    return first if first in LOCALES else "en"


def _locale() -> str:
    return LOCALES[language()]


def _timezone() -> str | None:
    return tenant_value("timezone") or None


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """Return a display choice kept in a cookie, or "" when there is none or it is not allowed."""
    value = request.cookies.get(name, "") if has_request_context() else ""
    return value if value in allowed else ""


def address_in(wanted: str) -> str:
    """Return the present page's address in another language."""
    if not has_request_context() or request.endpoint is None or request.method != "GET":
        return f"?lang={wanted}"
    known: str | None = request.environ.get(_KEPT_ADDRESS)
    if known is None:
        pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
        known = f"{quote(request.path, safe=_IN_PATHS)}?{urlencode([*pairs, ('lang', '')])}"
        request.environ[_KEPT_ADDRESS] = known
    return f"{known}{wanted}"


def show_as(wish: Preferences) -> None:
    """Have this request's answer keep a person's wishes in the browser; what they leave open is forgotten there."""
    keys = "" if wish.has_shortcuts else "off"
    g.wished = {"lang": wish.language, "theme": wish.theme, "density": wish.density, "shortcuts": keys}


def _remember_wishes(response: Response) -> Response:
    """Set cookies that scripts may read: the theme is also switched without the server."""
    for name, value in g.pop("wished", {}).items():
        if value:
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure)
        elif name in request.cookies:
            response.delete_cookie(name, samesite="Lax", secure=request.is_secure)
    return response


def _remember(response: Response) -> Response:
    wish = request.args.get("lang") if request.args else None
    if wish in LOCALES and request.cookies.get("lang") != wish:
        response.set_cookie("lang", wish, max_age=_YEAR, samesite="Lax", secure=request.is_secure)
    return response


def register(app: Flask) -> None:
    """Install the translations of core, web and every plugin, and the choice of language and time zone."""
    Babel(
        app,
        default_translation_directories=";".join(str(folder) for folder in translations.folders()),
        default_domain=";".join("messages" for _ in translations.folders()),
        locale_selector=_locale,
        timezone_selector=_timezone,
    )

    @app.before_request
    def ask_anew() -> None:
        g.pop("_flask_babel", None)  # its memory outlives a request where one context serves several, as in tests

    app.after_request(_remember)
    app.after_request(_remember_wishes)


def catalogue() -> Any:
    """Return the translations of this request, found once: Flask-Babel looks them up for every single text."""
    if not has_request_context():
        return get_translations()
    known = request.environ.get(_KEPT_CATALOGUE)
    if known is None:
        known = request.environ[_KEPT_CATALOGUE] = get_translations()
    return known


def template_gettext(text: str) -> str:
    """Return a template's text in the reader's language."""
    return str(catalogue().ugettext(text))


def template_ngettext(one: str, many: str, count: int) -> str:
    """Return a template's text for a number, in the reader's language."""
    return str(catalogue().ungettext(one, many, count))
