"""Templates, compiled once for each language with its words in place.

A text without values, an icon and the address of a file are the same on every page of a language, yet looking one up
costs a template more than all else that it does. So each language has an environment of its own, in whose templates
they are letters like the rest; the page asks for a template by name and gets the one of its reader's language.
Calls of macros and the escaping of values, which every template does hundreds of times, take the short way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any, cast

import markupsafe
from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro, markup_join
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from web import languages

_TEXTS = ("_", "gettext")
_SETTLED = ("icon", "asset")  # functions whose answers depend on their arguments alone


_escaped_letters: Callable[[str], str] = markupsafe._escape_inner  # type: ignore[attr-defined]


def escaped(value: object) -> str:
    """Return a value as HTML, as a plain text: what is written to a page is joined, so no Markup is made of it."""
    if type(value) is str:
        return _escaped_letters(value)
    as_html = getattr(value, "__html__", None)
    return str(as_html()) if as_html is not None else _escaped_letters(str(value))


class _Writer(CodeGenerator):
    """Jinja's compiler, whose templates escape by the function above."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class _Values(Context):
    """Jinja's context, which calls a macro without asking it three times what kind of callable it is."""

    def call(self, callee: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls."""
        if type(callee) is not Macro:
            return super().call(callee, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return callee(self.eval_ctx, *args, **kwargs)


class Templates(Environment):
    """Flask's environment, which hands out the templates of the reader's language.

    Its templates share one dictionary of globals instead of a chain of two for each.
    """

    code_generator_class = _Writer
    context_class = _Values
    escaped = staticmethod(escaped)
    _catalogue: Any = None  # the translations of an environment of one language; the first one has none
    _spoken: dict[object, Templates]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template; every page copies them once, and a chain is copied name by name."""
        return super().make_globals(d) if d else cast("MutableMapping[str, Any]", self.globals)

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Any:
        place = self if self._catalogue is not None else self._of(languages.catalogue())
        return super(Templates, place)._load_template(name, globals)

    def _of(self, catalogue: object) -> Templates:
        """Return the environment of a language's translations."""
        known = self.__dict__.setdefault("_spoken", {})
        found: Templates | None = known.get(catalogue)
        if found is None:
            found = self.overlay()
            found._catalogue = catalogue
            known[catalogue] = found
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        is_html = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        if self._catalogue is None or not is_html:
            return tree
        return cast("nodes.Template", _Settling(self, tree).visit(tree))


def _own_names(tree: nodes.Template) -> Iterator[str]:
    """Yield the names that a template gives to something itself."""
    for node in tree.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        if isinstance(node, nodes.FromImport):
            yield from (name if isinstance(name, str) else name[1] for name in node.names)
        elif isinstance(node, nodes.Import):
            yield node.target
        elif isinstance(node, nodes.Macro) or (isinstance(node, nodes.Name) and node.ctx != "load"):
            yield node.name


class _Settling(NodeTransformer):
    """Replaces what a language settles by what it says. A name that the template sets itself is left alone."""

    def __init__(self, environment: Templates, tree: nodes.Template) -> None:
        own = set(_own_names(tree))
        self._functions: dict[str, Any] = {name: environment.globals[name] for name in _SETTLED if name not in own}
        self._texts = frozenset(_TEXTS) - own
        self._translate = environment._catalogue.ugettext

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 - named by Jinja
        """Settle a text, or a function of constants."""
        self.generic_visit(call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        if call.dyn_args is not None or call.dyn_kwargs is not None:
            return call
        if name in self._texts and len(call.args) == 1 and isinstance(call.args[0], nodes.Const):
            return self._text(call, call.args[0].value)
        return self._answer(call, name) if name in self._functions else call

    def _text(self, call: nodes.Call, text: str) -> nodes.Node:
        said = nodes.Const(Markup(self._translate(text)))  # noqa: S704 - our own texts, as gettext takes them
        values = [nodes.Pair(nodes.Const(each.key), each.value) for each in call.kwargs]
        settled = nodes.Mod(said, nodes.Dict(values)) if values else nodes.Const(said.value % {})
        return settled.set_lineno(call.lineno, override=True)

    def _answer(self, call: nodes.Call, name: str) -> nodes.Node:
        try:
            args = [each.as_const() for each in call.args]
            found = self._functions[name](*args, **{each.key: each.value.as_const() for each in call.kwargs})
        except (nodes.Impossible, LookupError):
            return call  # not of constants, or an error that the page itself shall raise
        return nodes.Const(found, lineno=call.lineno)

    def visit_Concat(self, joined: nodes.Concat) -> nodes.Node:  # noqa: N802 - named by Jinja
        """Join constants as a page would: Jinja's own folding forgets that HTML is HTML."""
        self.generic_visit(joined)
        if all(isinstance(each, nodes.Const) for each in joined.nodes):
            values = [each.value for each in cast("list[nodes.Const]", joined.nodes)]
            return nodes.Const(markup_join(values), lineno=joined.lineno)
        return joined
