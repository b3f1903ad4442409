"""`{% keep key, ... %}...{% endkeep %}`: a part of a template that is drawn once for each key, then taken from memory.

The keys must name everything that the part depends on. Tenant, its version and the language are always part of the
key; what belongs to one person is never kept. A form token in such a part is put in when the part is taken.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from core.kernel import tenancy
from web.languages import language

TOKEN_PLACE = f"form-token-{secrets.token_hex(16)}"
"""Stands for the reader's form token in what is kept; nobody outside of this process can write it."""
_MOST_LETTERS = 64 * 1024 * 1024
_is_drawing: ContextVar[bool] = ContextVar("is_drawing", default=False)


class _Store:
    """Kept parts, all forgotten when they are too many letters; not much is drawn anew, and nothing is looked for."""

    def __init__(self) -> None:
        self._parts: dict[tuple[object, ...], Markup] = {}
        self._letters = 0

    def find(self, key: tuple[object, ...]) -> Markup | None:
        return self._parts.get(key)

    def put(self, key: tuple[object, ...], part: Markup) -> None:
        if self._letters + len(part) > _MOST_LETTERS:
            self._parts.clear()
            self._letters = 0
        self._letters += len(part)
        self._parts[key] = part


_store = _Store()


def drawn_once(key: tuple[object, ...], draw: Callable[[], str]) -> Markup:
    """Return a part by its key, drawing it if it is not kept; form tokens are still place-holders."""
    tenant = tenancy.bound()
    whole = (tenant.id, tenant.version, language(), *key) if tenant else (None, None, language(), *key)
    found = _store.find(whole)
    if found is None:
        mark = _is_drawing.set(True)
        try:
            found = Markup(draw())  # noqa: S704 - the template has escaped it
        finally:
            _is_drawing.reset(mark)
        _store.put(whole, found)
    return found


def form_token(token: Callable[[], str]) -> str:
    """Return the reader's token; inside of a part that is kept, its place-holder."""
    return TOKEN_PLACE if _is_drawing.get() else token()


def with_token(part: Markup, token: Callable[[], str]) -> Markup:
    """Put the reader's token into a kept part that has a place for it."""
    if TOKEN_PLACE not in part or _is_drawing.get():
        return part
    return Markup(part.replace(TOKEN_PLACE, token()))  # noqa: S704 - our own token, of letters and digits


class Keep(Extension):
    """The tag. Keys are compared as they are, so they must be hashable values."""

    tags = {"keep"}  # noqa: RUF012 - Jinja's own way to declare a tag

    def parse(self, parser: Parser) -> nodes.Node:
        """Read the tag's keys and its body."""
        line = next(parser.stream).lineno
        keys = [parser.parse_expression()]
        while parser.stream.skip_if("comma"):
            keys.append(parser.parse_expression())
        body = parser.parse_statements(("name:endkeep",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_keep", keys), [], [], body).set_lineno(line)

    def _keep(self, *keys: object, caller: Callable[[], str]) -> Markup:
        return with_token(drawn_once(keys, caller), self.environment.globals["csrf_token"])  # type: ignore[arg-type]
