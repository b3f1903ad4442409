"""Templates of a language: its words are letters in them, and everything else is as Jinja draws it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask, g, render_template
from jinja2 import DictLoader
from markupsafe import Markup

from web.compiled import escaped

_TEMPLATES: Mapping[str, str] = {
    "plain.html": "{{ _('Cart') }}|{{ icon('x') ~ _('Close') }}|{{ asset('a') ~ '<' }}",
    "values.html": "{% for word in words %}{{ _('Results for “%(words)s”', words=word) }}{% endfor %}",
    "own.html": "{% macro _(text) %}<b>{{ text }}</b>{% endmacro %}{{ _('Cart') }}",
    "wrong.html": "{{ icon('no such icon') }}",
    "list.html": "{% import 'part.html' as part %}{% for each in values %}{{ part.cell(each, mark='<') }}{% endfor %}",
    "part.html": "{% macro cell(value, mark) %}{{ value }}{{ mark }}{{ caller() if caller }}{% endmacro %}",
}


@pytest.fixture
def pages(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Serve the templates above instead of the application's."""
    environment = app.create_jinja_environment()
    environment.extensions.update(app.jinja_env.extensions)
    environment.globals.update(app.jinja_env.globals)
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.loader = DictLoader(_TEMPLATES)
    monkeypatch.setitem(app.__dict__, "jinja_env", environment)
    return app


def _drawn(app: Flask, name: str, language: str = "en", **values: object) -> str:
    with app.test_request_context(f"/?lang={language}"):
        g.pop("_flask_babel", None)  # as at the start of a request
        return render_template(name, **values)


def test_each_language_has_its_own_words_whichever_came_first(pages: Flask) -> None:
    drawn = {language: _drawn(pages, "plain.html", language) for language in ("zh", "en", "zh", "en")}
    assert drawn["en"].startswith("Cart|<svg")
    assert drawn["zh"].startswith("购物车|<svg")


def test_html_stays_html_and_text_is_escaped(pages: Flask) -> None:
    _cart, close, asset = _drawn(pages, "plain.html").split("|")
    assert "<svg" in close
    assert close.endswith("Close")
    assert asset.endswith("&lt;")


def test_values_in_a_text_are_escaped(pages: Flask) -> None:
    assert _drawn(pages, "values.html", words=["<b>", "100%"]) == "Results for “&lt;b&gt;”Results for “100%”"


def test_a_templates_own_name_is_left_alone(pages: Flask) -> None:
    assert _drawn(pages, "own.html") == "<b>Cart</b>"


def test_an_icon_that_is_not_listed_is_an_error_when_it_is_drawn(pages: Flask) -> None:
    with pytest.raises(LookupError, match="no such icon"):
        _drawn(pages, "wrong.html")


def test_macros_in_loops_take_their_arguments(pages: Flask) -> None:
    assert _drawn(pages, "list.html", values=["<", Markup("<i>"), 3]) == "&lt;&lt;<i>&lt;3&lt;"


def test_whatever_is_written_is_escaped_once() -> None:
    assert [escaped(value) for value in ("<", Markup("<"), 5, None)] == ["&lt;", "<", "5", "None"]
