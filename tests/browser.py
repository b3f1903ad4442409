"""A real browser for tests: Chromium where it is found; without one, a skip at home and a failure in CI."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PLACES = ("/usr/bin/chromium", "/usr/bin/google-chrome")
MISSING = "no Chromium: install it (apt install chromium, or playwright install chromium) or set APP_CHROMIUM"


def find_chromium(playwright: Playwright | None = None) -> str | None:
    """Return the path of a Chromium: $APP_CHROMIUM, the system's, or Playwright's own if one is given."""
    own = (playwright.chromium.executable_path,) if playwright else ()
    for place in (os.environ.get("APP_CHROMIUM", ""), *PLACES, *own):
        if place and Path(place).is_file():
            return place
    return None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run one Chromium for all tests of this process."""
    with sync_playwright() as playwright:
        program = find_chromium(playwright)
        if program is None:
            _give_up()
        running = playwright.chromium.launch(executable_path=program, args=LAUNCH_ARGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page with cookies of its own; a script error on it fails the test."""
    context = browser.new_context(locale="en-US", timezone_id="UTC", viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def _give_up() -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    pytest.skip(MISSING)
