"""`{% keep key, ... %}...{% endkeep %}`: a part of a template that is drawn once for each key, then taken from memory.

The keys must name everything that the part depends on. Tenant, its version and the language are always part of the
key; what belongs to one person is never kept.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from core.kernel import tenancy
from web.languages import language

_MOST = 20_000
_kept: dict[tuple[object, ...], Markup] = {}


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
        tenant = tenancy.bound()
        where = (tenant.id, tenant.version) if tenant else None
        key = (where, language(), *keys)
        found = _kept.get(key)
        if found is None:
            if len(_kept) >= _MOST:
                _kept.clear()
            found = _kept[key] = Markup(caller())  # noqa: S704 - the template has escaped it
        return found
