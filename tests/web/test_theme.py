"""A tenant's brand colour always gives readable tokens."""

from __future__ import annotations

import re

import pytest

from web import theme

COLOURS = [f"#{red:02x}{green:02x}{blue:02x}" for red in range(0, 256, 51) for green in range(0, 256, 51)
           for blue in range(0, 256, 51)]  # fmt: skip


def _read(css: str) -> theme.Colour:
    lightness, chroma, hue = re.findall(r"[\d.]+", css)
    return theme.Colour(float(lightness), float(chroma), float(hue))


@pytest.mark.parametrize("surface", ["--brand", "--brand-hover"])
def test_text_on_any_brand_colour_passes_wcag(surface: str) -> None:
    for colour in COLOURS:
        tokens = theme.brand_tokens(colour)
        assert theme.contrast(_read(tokens[surface]), _read(tokens["--on-brand"])) >= 4.5, colour


def test_brand_ink_is_readable_on_brand_soft_in_both_themes() -> None:
    for colour in COLOURS:
        tokens = theme.brand_tokens(colour)
        inks = re.findall(r"oklch\([^)]*\)", tokens["--brand-ink"])
        softs = re.findall(r"oklch\([^)]*\)", tokens["--brand-soft"])
        for ink, soft in zip(inks, softs, strict=True):
            assert theme.contrast(_read(ink), _read(soft)) >= 4.5, colour


def test_bright_brands_keep_their_colour_and_take_dark_text() -> None:
    tokens = theme.brand_tokens("#ffd400")
    assert _read(tokens["--brand"]).lightness == pytest.approx(theme.parse("#ffd400").lightness, abs=0.01)
    assert _read(tokens["--on-brand"]).lightness < 0.3


@pytest.mark.parametrize("text", ["red", "#12345", "#b8412b;}body{display:none", ""])
def test_a_theme_refuses_what_is_not_a_hex_colour(text: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        theme.css(text)


def test_radius_is_kept_within_its_scale() -> None:
    assert "--radius-scale:1.6;" in theme.css("#b8412b", radius_percent=900)
