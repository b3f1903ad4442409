"""What every template may use: icons, assets, money, dates, Markdown, charts and badges."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

import flask_babel
import nh3
from babel import Locale, numbers
from flask import Flask, current_app, get_flashed_messages, has_request_context, request
from markdown_it import MarkdownIt
from markupsafe import Markup

from core.http import forms
from core.http.errors import refusal
from core.kernel import clock
from web import amounts, assets, badges, charts, fragments, languages, own_page
from web.auth.agents import browser_name
from web.compiled import escaped

_WEEK = timedelta(days=7)
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@cache
def _icon_names() -> frozenset[str]:
    return frozenset(assets.icon_names())


@cache
def _built() -> Mapping[str, str]:
    return assets.manifest()


@cache
def asset(path: str) -> str:
    """Return the address of a file of `static/`, named by its content, so that it may be cached for ever."""
    return f"/static/{_built().get(path, path)}"


@cache
def icon(name: str, size: int = 20, css: str = "icon") -> Markup:
    """Draw an icon of `size` pixels, hidden from screen readers. Raise LookupError unless it is listed."""
    if name not in _icon_names():
        raise LookupError(f"add {name!r} to web/icons.txt")
    return Markup(
        '<svg class="{}" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>'
    ).format(css, size, size, asset("vendor/icons.svg"), name)


def _home() -> str | None:
    return languages.tenant_value("currency") or None


def _locale() -> Locale:
    return flask_babel.get_locale() or Locale("en")


def money(amount: amounts.Amount) -> str:
    """Write an amount in full."""
    return amounts.money(amount, _locale(), home=_home())


def money_parts(amount: amounts.Amount) -> amounts.Parts:
    """Cut an amount into sign and number."""
    return amounts.parts(amount, _locale(), home=_home())


def compact(value: amounts.Amount | int | Decimal) -> str:
    """Write a large number or amount short."""
    return amounts.compact(value, _locale(), home=_home())


def number(value: int | Decimal) -> str:
    """Write a number with the locale's separators."""
    return numbers.format_decimal(value, locale=_locale())


def percent(basis_points: int) -> str:
    """Write basis points as per cent, to at most two decimals."""
    text = f"{Decimal(basis_points) / 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def write_date(value: date | datetime | None, format: str = "medium") -> str:
    """Write a day in the tenant's time zone."""
    return str(flask_babel.format_date(value, format)) if value else ""


def write_datetime(value: datetime | None, format: str = "medium") -> str:
    """Write a moment in the tenant's time zone, to the minute."""
    if value is None:
        return ""
    return f"{flask_babel.format_date(value, format)} {flask_babel.format_time(value, 'short')}"


def ago(value: datetime | None) -> Markup:
    """Write a moment as its distance from now, or its day after a week; the exact one is the title."""
    if value is None:
        return Markup("")
    distance = clock.now() - value
    near = abs(distance) < _WEEK
    text = flask_babel.format_timedelta(-distance, add_direction=True) if near else write_date(value)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), write_datetime(value), text)


def markdown(text: str | None) -> Markup:
    """Turn a person's Markdown into safe HTML; raw HTML in it is shown as text."""
    return Markup(nh3.clean(_MARKDOWN.render(text or "")))  # noqa: S704 - nh3 has cleaned it


def initials(name: str | None) -> str:
    """Return one or two letters that stand for a name."""
    words = (name or "").split()
    return "".join(word[0] for word in words[:2]).upper() or "?"


def attributes(values: Mapping[str, object] | None) -> Markup:
    """Write HTML attributes; True stands alone, False and None are left out, `_` in a name becomes `-`."""
    written = []
    for name, value in (values or {}).items():
        if value is None or value is False:
            continue
        key = escaped(name.replace("_", "-"))
        written.append(f" {key}" if value is True else f' {key}="{escaped(value)}"')
    return Markup("".join(written))  # noqa: S704 - escaped above


@dataclass(frozen=True, slots=True)
class Toast:
    """What the request before had to say, and the form that takes it back: its address ("" if there is none), fields."""

    text: str
    undo_href: str = ""
    fields: Sequence[tuple[str, str]] = ()


def flashed() -> Sequence[Toast]:
    """Return what the request before had to say; nothing is looked into where no cookie came to say it."""
    if not has_request_context() or current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return ()
    return tuple(_toast(*said) for said in get_flashed_messages(with_categories=True))


def _toast(category: str, text: str) -> Toast:
    if not category.startswith("["):
        return Toast(text)
    href, fields = json.loads(category)
    pairs = [(name, one) for name, value in fields.items() for one in ([value] if isinstance(value, str) else value)]
    return Toast(text, href, pairs)


def _choices() -> dict[str, object]:
    language = languages.language()
    return {
        "lang": language,
        "html_lang": languages.HTML_LANGUAGES[language],
        "languages": languages.NAMES,
        "theme": languages.choice("theme", ("light", "dark")),
        "density": languages.choice("density", ("compact",)),
        "shortcuts": languages.choice("shortcuts", ("off",)),
    }


def register(app: Flask) -> None:
    """Install the languages, and the globals and filters of templates, into an app."""
    languages.register(app)
    app.jinja_env.add_extension(fragments.Keep)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    translate = languages.template_gettext, languages.template_ngettext
    app.jinja_env.install_gettext_callables(*translate, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(
        reader_language=languages.language,
        known_languages=languages.NAMES,
        icon=icon,
        asset=asset,
        flashed=flashed,
        charts=charts,
        badge_of=badges.badge,
        address_in=fragments.address_in,
        csrf_token=own_page.token,
        money_parts=money_parts,
        refusal=refusal,
    )
    app.jinja_env.filters.update(
        money=money,
        compact=compact,
        number=number,
        percent=percent,
        date=write_date,
        datetime=write_datetime,
        ago=ago,
        markdown=markdown,
        initials=initials,
        attributes=attributes,
        browser_name=browser_name,
        in_groups=forms.in_groups,
    )
    app.context_processor(_choices)
