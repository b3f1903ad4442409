"""The browser fixtures: a page runs scripts, and a missing browser is noticed."""

import pytest

from tests import browser as browsers


def test_page_runs_scripts(page):
    page.set_content("<p>old</p><script>document.querySelector('p').textContent = '新'</script>")
    assert page.text_content("p") == "新"


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_missing_browser_fails_in_ci_and_skips_at_home(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Chromium"):
        browsers._give_up()


def test_environment_names_the_browser_first(monkeypatch, tmp_path):
    program = tmp_path / "chromium"
    program.touch()
    monkeypatch.setenv("APP_CHROMIUM", str(program))
    assert browsers.find_chromium() == str(program)
