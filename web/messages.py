"""Mails from templates: a service says which and to whom (`jobs.soon("mail.compose", ...)`), this renders and queues.

The payload has `template` (a file of templates/mail), `to`, `locale`, `values` and perhaps `purpose`. A template
gets the values, `tenant`, and `action_href`: the tenant's own address with `action_path`. Of the rendered HTML the
title is the subject, and the text twin is made from it, so that each mail is written once. The template "notice"
takes English texts (`title`, `paragraphs`, `action_label`) and translates them; `facts` fill their {fields}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from flask import Flask, current_app, g, render_template
from flask_babel import force_locale, gettext

from core.kernel import jobs, mail
from core.kernel.config import Config
from core.kernel.tenancy import current
from web import languages

_TEMPLATE = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)*")
_apps: list[Flask] = []


def register(app: Flask) -> None:
    """Compose mail with this application's templates, in jobs too."""
    _apps[:] = [app]


def site_url() -> str:
    """Return the address of the bound tenant's site, whatever host name was asked for."""
    config: Config = current_app.extensions["galleria"]
    tenant = current()
    return config.base_url if tenant.id.int == 0 else config.tenant_url(tenant.slug)


@jobs.job("mail.compose")
def compose(payload: jobs.Payload) -> None:
    """Render a mail in its reader's language and queue it."""
    if not _TEMPLATE.fullmatch(payload["template"]):
        raise ValueError(f"no mail is called {payload['template']!r}")
    with _in_app(), _for_reader(str(payload.get("locale") or "")) as language:
        html = render_template(f"mail/{payload['template']}.html", **_values(payload, language))
    page = _Page()
    page.feed(html)
    mail.send(payload["to"], page.subject, page.text, html, purpose=payload.get("purpose", "service"))


@contextmanager
def _in_app() -> Iterator[None]:
    if current_app:
        yield
    else:
        with _apps[0].app_context():
            yield


@contextmanager
def _for_reader(locale: str) -> Iterator[str]:
    """Speak the reader's language and tell the tenant's time inside the block; yield "en" or "zh"."""
    wish = (locale or current().locale).replace("-", "_").split("_")[0]
    language = wish if wish in languages.LOCALES else "en"
    before = g.get("tenant")
    g.tenant = current()
    try:
        with force_locale(languages.LOCALES[language]):
            yield language
    finally:
        g.tenant = before


def _values(payload: jobs.Payload, language: str) -> dict[str, Any]:
    given = dict(payload.get("values") or {})
    if payload["template"] == "notice":
        given |= _translated(given)
    path = given.get("action_path")
    return {
        **given,
        "tenant": current(),
        "lang": language,
        "html_lang": languages.HTML_LANGUAGES[language],
        "site_url": site_url(),
        "action_href": f"{site_url()}{path}" if path else "",
    }


def _translated(values: Mapping[str, Any]) -> dict[str, Any]:
    facts = values.get("facts") or {}

    def say(text: str) -> str:
        spoken = str(gettext(text)) if text else ""
        return spoken.format(**facts) if facts else spoken

    return {
        "title": say(values["title"]),
        "paragraphs": [say(text) for text in values.get("paragraphs", ())],
        "action_label": say(values.get("action_label", "")),
    }


class _Page(HTMLParser):
    """Reads a mail: its title, and its body as plain text with addresses written out."""

    _BREAKS = frozenset({"p", "h1", "h2", "h3", "tr", "table", "ul", "div"})

    def __init__(self) -> None:
        super().__init__()
        self.subject = ""
        self._parts: list[str] = []
        self._muted = 0
        self._in_title = False
        self._href = ""

    @property
    def text(self) -> str:
        """The body in lines of its own for each paragraph, row and address."""
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line for a block; remember where a link leads."""
        given = dict(attrs)
        self._in_title = tag == "title"
        if tag == "style" or given.get("class") == "preheader":
            self._muted += 1
        elif tag == "a":
            self._href = given.get("href") or ""
        elif tag in self._BREAKS:
            self._parts.append("\n\n" if tag in ("p", "h1") else "\n")
        elif tag in ("br", "li"):
            self._parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun; write a link's address after its words."""
        if tag == "title":
            self._in_title = False
        elif tag in ("style", "span") and self._muted:
            self._muted -= 1
        elif tag == "a" and self._href:
            self._parts.append(f":\n{self._href}\n")
            self._href = ""
        elif tag in ("td", "th"):
            self._parts.append("  ")
        elif tag in ("p", "h1", "tr", "table"):
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep words; line ends of the source mean nothing."""
        words = re.sub(r"\s+", " ", data)
        if self._in_title:
            self.subject = f"{self.subject}{words}".strip()
        elif not self._muted:
            self._parts.append(words)
