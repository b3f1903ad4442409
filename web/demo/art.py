"""Pictures for the demo shops: one still-life a listing, as SVG text or as WebP."""

from collections.abc import Callable
from itertools import chain

from web.demo.glyphs import GLYPHS
from web.demo.paint import to_webp
from web.demo.shapes import carry, cloth, desk, home, kitchen, outdoor, pantry, sound, table
from web.demo.shapes.base import Shapes
from web.demo.tone import dark, light
from web.demo.vector import Gradient, Scene, Shape, rect, to_svg

Drawing = Callable[[str, str], Shapes]
KINDS: dict[str, Drawing] = dict(
    chain.from_iterable(
        module.KINDS.items() for module in (table, kitchen, home, cloth, carry, desk, sound, outdoor, pantry)
    )
)
VIEWS = ("whole", "close", "pair")


def ground(background: str, width: float = 400, height: float = 400) -> Shapes:
    """Draw the wall and the band of floor behind a still-life."""
    wall = Gradient((light(background, 38), background, dark(background, 5)))
    return [
        rect(0, 0, width, height, wall),
        rect(0, height * 0.725, width, height * 0.275, "#FFFFFF", opacity=0.26),
    ]


def _placed(shapes: Shapes, scale: float, dx: float, dy: float) -> Shapes:
    return [shape.moved(scale, dx, dy) for shape in shapes]


def _pair(kind: str, colour: tuple[str, str]) -> list[Shape]:
    main, second = colour
    behind = KINDS[kind](light(second, 24), main)
    return [*_placed(behind, 0.66, 140, 66), *_placed(KINDS[kind](main, second), 0.72, -8, 92)]


def compose(kind: str, colour: tuple[str, str], background: str, view: str = "whole") -> Scene:
    """Set the scene for one picture; raise KeyError for an unknown kind or view."""
    if view == "pair":
        return Scene((*ground(background), *_pair(kind, colour)))
    frame = {"whole": (0, 0, 400, 400), "close": (96, 76, 220, 220)}[view]
    return Scene((*ground(background), *KINDS[kind](*colour)), frame)


def draw(kind: str, colour: tuple[str, str], background: str, view: str = "whole") -> str:
    """Draw one picture as an SVG document; `view` is "whole", "close" or "pair"."""
    return to_svg(compose(kind, colour, background, view))


def raster(kind: str, colour: tuple[str, str], background: str, size: int, view: str = "whole") -> bytes:
    """Paint one square picture of `size` pixels as WebP."""
    return to_webp(compose(kind, colour, background, view), size)


def logo(monogram: str, hue: str) -> Scene:
    """Set a shop's logo: its monogram in strokes on a rounded square."""
    plate = rect(0, 0, 400, 400, Gradient((light(hue, 16), hue, dark(hue, 14))), r=88)
    ring = Shape(rect(30, 30, 340, 340, hue, r=66).d, "#FFFFFF", 0.3, 6)
    glyph = Shape(GLYPHS[monogram], "#FFFDF7", width=9).moved(2.5, 75, 75)
    return Scene((rect(0, 0, 400, 400, light(hue, 82)), plate, ring, glyph))


def banner(kinds: tuple[str, ...], hue: str) -> Scene:
    """Compose a row of things into a wide picture of 1600 by 400, its left third free for words."""
    colours = ((hue, light(hue, 60)), (light(hue, 46), hue), (dark(hue, 24), light(hue, 50)))
    shapes = ground(light(hue, 64), 1600, 400)
    step = 1040 // max(len(kinds), 1)
    for number, kind in enumerate(kinds):
        scale = (0.84 - 0.1 * (number % 2)) * min(1, step / 300)
        shapes += _placed(KINDS[kind](*colours[number % 3]), scale, 520 + number * step, 372 - 346 * scale)
    return Scene(tuple(shapes), (0, 0, 1600, 400))
