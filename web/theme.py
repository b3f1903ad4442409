"""Makes readable tokens of a tenant's one brand colour: whatever the colour, text on it passes WCAG AA."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

# The least contrast of text, a little above the 4.5 of WCAG AA because browsers round.
MINIMUM = 4.55
_DARK_TEXT_LIGHTNESS = 0.21
_BRIGHT = 0.78
_MOST_CHROMA = 0.2


class Colour(NamedTuple):
    """A colour in OKLCH: lightness 0 to 1, chroma from 0, hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    def css(self) -> str:
        """Write it for a style sheet."""
        return f"oklch({self.lightness:.3f} {self.chroma:.3f} {self.hue:.1f})"


WHITE = Colour(1, 0, 0)
DARK_TEXT = Colour(_DARK_TEXT_LIGHTNESS, 0.02, 75)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def parse(hex_colour: str) -> Colour:
    """Read "#rrggbb" or "#rgb". Raise ValueError for anything else."""
    digits = hex_colour.strip().removeprefix("#")
    if not re.fullmatch(r"[0-9a-fA-F]{3}|[0-9a-fA-F]{6}", digits):
        raise ValueError(f"{hex_colour!r} is not a colour such as #b8412b")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Colour(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def _linear_rgb(colour: Colour) -> tuple[float, float, float]:
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def fitted(colour: Colour) -> Colour:
    """Lower the chroma until sRGB has the colour: what browsers do, made explicit to know the contrast."""
    while colour.chroma > 0 and not all(-1e-4 <= value <= 1.0001 for value in _linear_rgb(colour)):
        colour = colour._replace(chroma=max(colour.chroma - 0.004, 0))
    return colour


def luminance(colour: Colour) -> float:
    """Return the relative luminance that WCAG defines, 0 to 1."""
    red, green, blue = (min(max(value, 0), 1) for value in _linear_rgb(fitted(colour)))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: Colour, second: Colour) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _until_readable(colour: Colour, other: Colour, step: float, minimum: float) -> Colour:
    """Move a colour's lightness until it stands out from another."""
    while contrast(colour, other) < minimum and 0 < colour.lightness < 1:
        colour = colour._replace(lightness=colour.lightness + step)
    return colour


class Palette(NamedTuple):
    """What is made of a brand colour: for buttons, the text on them, and links and pale grounds in both looks."""

    brand: Colour
    hover: Colour
    on_brand: Colour
    ink_light: Colour
    ink_dark: Colour
    soft_light: Colour
    soft_dark: Colour


class Figure(NamedTuple):
    """How well a pair of colours can be told apart: which pair, and its ratio, of which WCAG wants 4.5."""

    pair: str
    ratio: float


def palette(hex_colour: str) -> Palette:
    """Return what is made of a colour. Raise ValueError unless it is hexadecimal."""
    given = parse(hex_colour)
    brand = given._replace(chroma=min(given.chroma, _MOST_CHROMA))
    bright = brand.lightness > _BRIGHT
    text = DARK_TEXT if bright else WHITE
    # The hover shade is darker: under white text it reads better, under dark text it is kept within reach.
    brand = _until_readable(brand, text, 0.01 if bright else -0.005, MINIMUM)
    hover = brand._replace(lightness=brand.lightness - 0.05)
    hover = _until_readable(hover, text, 0.01 if bright else -0.005, MINIMUM)
    soft_light = brand._replace(lightness=0.955, chroma=brand.chroma * 0.16)
    soft_dark = brand._replace(lightness=0.29, chroma=brand.chroma * 0.35)
    ink_light = _until_readable(brand._replace(lightness=0.52), soft_light, -0.005, MINIMUM + 0.2)
    ink_dark = brand._replace(lightness=0.78, chroma=brand.chroma * 0.75)
    ink_dark = _until_readable(ink_dark, soft_dark, 0.005, MINIMUM + 0.2)
    made = brand, hover, text, ink_light, ink_dark, soft_light, soft_dark
    return Palette(*(colour if colour is text else fitted(colour) for colour in made))


def figures(hex_colour: str) -> list[Figure]:
    """Return the contrast of every pair in which a brand colour carries text. Raise ValueError as palette does."""
    made = palette(hex_colour)
    dark_surface = Colour(0.215, 0.007, 265)
    pairs = {
        "button": (made.on_brand, made.brand), "hover": (made.on_brand, made.hover),
        "link_light": (made.ink_light, WHITE), "soft_light": (made.ink_light, made.soft_light),
        "link_dark": (made.ink_dark, dark_surface), "soft_dark": (made.ink_dark, made.soft_dark),
    }  # fmt: skip
    return [Figure(name, contrast(*colours)) for name, colours in pairs.items()]


def is_moved(hex_colour: str) -> bool:
    """Tell whether buttons take another shade than the colour itself, so that their text can be read."""
    given, made = parse(hex_colour), palette(hex_colour).brand
    return abs(given.lightness - made.lightness) > 0.01 or abs(given.chroma - made.chroma) > 0.02


def brand_tokens(hex_colour: str) -> dict[str, str]:
    """Return the brand's custom properties; bright brands keep their colour and take dark text.

    Raise ValueError unless the colour is hexadecimal.
    """
    made = palette(hex_colour)
    return {
        "--brand": made.brand.css(),
        "--brand-hover": made.hover.css(),
        "--on-brand": made.on_brand.css(),
        "--brand-ink": f"light-dark({made.ink_light.css()}, {made.ink_dark.css()})",
        "--brand-soft": f"light-dark({made.soft_light.css()}, {made.soft_dark.css()})",
    }


def css(hex_colour: str, *, radius_percent: int = 100, neutral_hue: int = 265, families: str = "") -> str:
    """Return a tenant's theme as a style sheet of its own.

    `radius_percent` is 0 (square) to 160; `neutral_hue` is the greys' hue in degrees (265 cool, 85 warm); `families`
    are fonts that are tried before the system's, from our own list.
    """
    radius = min(max(radius_percent, 0), 160)
    tokens = brand_tokens(hex_colour) | {
        "--radius-scale": f"{radius / 100:g}",
        "--n-h": str(neutral_hue % 360),
    }
    if families:
        tokens["--font"] = f"{families}, var(--font-system)"
    body = ";".join(f"{name}:{value}" for name, value in tokens.items())
    return f"@layer tenant{{:root{{{body}}}}}"
