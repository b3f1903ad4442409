"""Browser files are the reviewed ones, and styles keep to the tokens and to the content security policy."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from web import assets, rendering

WEB = Path(assets.__file__).parent
ROOT = WEB.parent
TEMPLATES = [
    path for folder in (WEB / "templates", *(ROOT / "plugins").glob("*/templates")) for path in folder.rglob("*.html")
]


def test_a_sprite_refuses_an_icon_that_does_not_exist() -> None:
    with pytest.raises(assets.AssetError, match="no icon called 'unicorn'"):
        assets.sprite({"star": "<svg><path/></svg>"}, ("star", "unicorn"))


def test_a_sprite_holds_one_symbol_for_each_name() -> None:
    drawn = assets.sprite({"star": '<svg w="1"><!-- by x --><path d="M0"/></svg>', "x": "<svg></svg>"}, ("star",))
    assert drawn.count("<symbol") == 1
    assert '<symbol id="star" viewBox="0 0 24 24"><path d="M0"/></symbol>' in drawn


def test_another_htmx_than_the_reviewed_one_is_refused() -> None:
    with pytest.raises(assets.AssetError, match="review it"):
        assets.reviewed_htmx(b"alert(1)")


def test_an_icon_that_is_not_listed_is_refused() -> None:
    with Flask("web").test_request_context("/"), pytest.raises(LookupError, match=r"icons\.txt"):
        rendering.icon("unicorn")


def test_every_wheel_in_the_lock_is_pinned_by_hash() -> None:
    lines = [line for line in assets.LOCK.read_text("utf8").splitlines() if line and not line.startswith("#")]
    assert sum("==" in line for line in lines) == sum("--hash=sha256:" in line for line in lines)
    assert "://" not in assets.LOCK.read_text("utf8")


@pytest.mark.parametrize("sheet", sorted((assets.STATIC / "css").glob("[2-9]*.css")), ids=lambda path: path.name)
def test_only_tokens_name_colours_and_pixel_type(sheet: Path) -> None:
    text = sheet.read_text("utf8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*})", text) == []
    assert re.findall(r"font[^;{]*\d+px[^;]*;", text) == []
    assert "!important" not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_have_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text("utf8")
    assert re.findall(r"\sstyle=|\son[a-z]+=[\"']|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)(?! type=\"application/ld)", text) == []
    assert "<style" not in text or "mail" in template.parts


def test_browser_files_keep_to_their_budget() -> None:
    assert len(gzip.compress(assets.joined_css().encode())) <= 15_000
    assert len(gzip.compress((assets.STATIC / "js" / "ui.js").read_bytes())) <= 10_000
