"""`{% keep key, ... %}...{% endkeep %}`: a part of a template that is drawn once for each key, then taken from memory.

The keys must name everything that the part depends on. Tenant, its version and the language are always part of the
key; what belongs to one person is never kept. Two things are put in late, each time that a part is taken: the reader's
form token and the page's own address (in links to its other language).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Iterable
from contextvars import ContextVar
from functools import lru_cache
from typing import TypeVar

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup, escape

from core.kernel import tenancy
from web import languages

K = TypeVar("K", bound=Hashable)
Part = dict[Hashable, Markup]
_MOST_LETTERS = 64 * 1024 * 1024
# Stand for what is put in late; nobody outside of this process can write them.
_TOKEN, _ADDRESS = (f"{name}-{secrets.token_hex(16)}-" for name in ("token", "address"))
_is_drawing: ContextVar[bool] = ContextVar("is_drawing", default=False)


class _Store:
    """Kept parts by ground and key, all forgotten when they are too many letters: drawing them anew is cheap."""

    def __init__(self) -> None:
        self._grounds: dict[Hashable, Part] = {}
        self._letters = 0

    def parts(self) -> Part:
        """Return the parts of this request's marketplace, its version, and the reader's language."""
        tenant = tenancy.bound()
        ground = (tenant.id, tenant.version, languages.language()) if tenant else (None, 0, languages.language())
        found = self._grounds.get(ground)
        if found is None:
            found = self._grounds[ground] = {}
        return found

    def put(self, parts: Part, key: Hashable, part: Markup) -> None:
        parts[key] = part
        self._letters += len(part)
        if self._letters > _MOST_LETTERS:
            self._grounds.clear()
            self._letters = 0


_store = _Store()


def forget() -> None:
    """Drop every kept part of this process."""
    _store._grounds.clear()


def drawn_once(keys: Iterable[K], draw: Callable[[K], str]) -> list[Markup]:
    """Return a part for each key, drawing those that are not kept; what comes late is not in yet."""
    parts, found = _store.parts(), []
    for key in keys:
        part = parts.get(key)
        if part is None:
            part = _drawn(draw, key)
            _store.put(parts, key, part)
        found.append(part)
    return found


def _drawn(draw: Callable[[K], str], key: K) -> Markup:
    mark = _is_drawing.set(True)
    try:
        return Markup(draw(key))  # noqa: S704 - the template has escaped it
    finally:
        _is_drawing.reset(mark)


def token_of(reader: Callable[[], str]) -> str:
    """Return the reader's form token, or what stands for it in a part that is drawn to be kept."""
    return _TOKEN if _is_drawing.get() else reader()


def address_in(wanted: str) -> str:
    """Return the present page's address in another language, or what stands for it in a part that is kept."""
    return f"{_ADDRESS}{wanted}" if _is_drawing.get() else languages.address_in(wanted)


def completed(part: Markup, token: Callable[[], str]) -> Markup:
    """Put in what comes late."""
    if _is_drawing.get():  # a part within a part: the outer one is completed
        return part
    if _TOKEN in part:
        own = token()
        part = Markup(part.replace(_TOKEN, own)) if own else _without_token(part)  # noqa: S704 - letters and digits
    if _ADDRESS in part:
        part = Markup(part.replace(_ADDRESS, escape(languages.address_in(""))))  # noqa: S704 - escaped
    return part


@lru_cache(maxsize=1024)
def _without_token(part: Markup) -> Markup:
    """Return a part for guests: the very same text for the same part, so that it is a cheap key for what is made of it."""
    return Markup(part.replace(_TOKEN, ""))  # noqa: S704 - the part is escaped


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

    def _keep(self, *keys: Hashable, caller: Callable[[], str]) -> Markup:
        (part,) = drawn_once((keys,), lambda _keys: caller())
        return completed(part, self.environment.globals["csrf_token"])  # type: ignore[arg-type]
