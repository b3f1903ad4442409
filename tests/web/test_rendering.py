"""Pages render in each language, theme and shell, and say what they should to screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask, g, render_template_string
from flask.testing import FlaskClient

from core.kernel import clock
from web import badges, headers, rendering, styleguide, translations


@pytest.fixture(scope="module")
def app() -> Flask:
    translations.compile_all()
    app = Flask("web")
    app.secret_key = "test"
    app.testing = True
    rendering.register(app)
    headers.register(app)
    app.register_blueprint(styleguide.blueprint)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        g.tenant = SimpleNamespace(currency="CNY", timezone="Asia/Shanghai", locale="en")
        yield


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", ["", *styleguide.PAGES])
def test_every_shell_renders(client: FlaskClient, page: str, language: str) -> None:
    answer = client.get(f"/styleguide/{page}?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}"' in answer.text


@pytest.mark.parametrize("shell", ["store/shell.html", "store/plain.html", "console/shell.html", "error.html"])
def test_shells_render_without_tenant_actor_or_menu(app: Flask, shell: str) -> None:
    with app.test_request_context("/nowhere"):
        assert "<main" in render_template_string("{% extends shell %}", shell=shell)


def test_the_language_of_the_address_is_kept_in_a_cookie(client: FlaskClient) -> None:
    client.get("/styleguide/error?lang=zh")
    assert "出错了" in client.get("/styleguide/error").text
    assert "出错了" not in client.get("/styleguide/error?lang=en").text


def test_an_unknown_language_is_ignored(client: FlaskClient) -> None:
    answer = client.get("/styleguide/error?lang=xx")
    assert "Set-Cookie" not in answer.headers or "lang=" not in answer.headers["Set-Cookie"]


def test_the_browsers_language_is_used_without_a_choice(client: FlaskClient) -> None:
    assert "出错了" in client.get("/styleguide/error", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text


def test_the_theme_of_the_cookie_is_drawn_by_the_server(client: FlaskClient) -> None:
    client.set_cookie("theme", "dark")
    assert 'data-theme="dark"' in client.get("/styleguide/store").text
    client.set_cookie("theme", '"><script>')
    assert "data-theme=" not in client.get("/styleguide/store").text


def test_the_policy_forbids_inline_style_and_script(client: FlaskClient) -> None:
    answer = client.get("/styleguide/store")
    assert "style-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.usefixtures("request_context")
def test_markdown_cannot_carry_markup() -> None:
    html = rendering.markdown('**b** <script>x</script> [l](javascript:alert(1)) <b onclick="x">')
    assert "<strong>b</strong>" in html
    assert "<script" not in html
    assert "<b " not in html
    assert 'href="javascript' not in html


@pytest.mark.usefixtures("request_context")
def test_ago_is_relative_for_a_week_and_a_day_after() -> None:
    assert ">2 hours ago</time>" in rendering.ago(clock.now() - timedelta(hours=2))
    assert ">Jan 3, 2020</time>" in rendering.ago(datetime(2020, 1, 2, 17, tzinfo=UTC))


@pytest.mark.usefixtures("request_context")
def test_days_and_times_are_those_of_the_tenant() -> None:
    assert rendering.write_date(datetime(2026, 11, 22, 17, tzinfo=UTC)) == "Nov 23, 2026"


@pytest.mark.parametrize(("basis_points", "text"), [(1240, "12.4%"), (500, "5%"), (5, "0.05%"), (10000, "100%")])
def test_basis_points_are_written_as_per_cent(basis_points: int, text: str) -> None:
    assert rendering.percent(basis_points) == text


def test_an_unknown_state_is_shown_by_its_name_in_grey() -> None:
    assert badges.badge("order", "being_engraved") == badges.Badge("Being engraved", badges.Tone.GREY)


def test_attributes_are_escaped() -> None:
    assert rendering.attributes({"data_x": '"><b>', "hidden": True, "no": None}) == (
        ' data-x="&#34;&gt;&lt;b&gt;" hidden'
    )
