"""The drawing model: scenes of filled or stroked paths, written as SVG or flattened to points."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

Point = tuple[float, float]
CURVE_STEPS = 14
TOKEN = re.compile(r"[MLHVCQZmlhvcqz]|-?\d*\.?\d+")
ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}


@dataclass(frozen=True, slots=True)
class Gradient:
    """Evenly spaced colours, from left to right if `across`, else from top to bottom."""

    colours: tuple[str, ...]
    across: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """One path in SVG syntax (M L H V C Q Z); a stroke when `width` is above zero, else a fill."""

    d: str
    fill: str | Gradient
    opacity: float = 1.0
    width: float = 0.0
    scale: float = 1.0
    dx: float = 0.0
    dy: float = 0.0

    def moved(self, scale: float, dx: float, dy: float) -> "Shape":
        """Return the shape scaled about the origin, then shifted."""
        return replace(self, scale=self.scale * scale, dx=self.dx * scale + dx, dy=self.dy * scale + dy)


@dataclass(frozen=True, slots=True)
class Scene:
    """Shapes from back to front and the part of the plane that is seen (x, y, width, height)."""

    shapes: tuple[Shape, ...]
    view: tuple[float, float, float, float] = (0, 0, 400, 400)


def path(d: str, fill: str | Gradient, opacity: float = 1.0) -> Shape:
    """Fill a path."""
    return Shape(d, fill, opacity)


def line(d: str, colour: str, width: float, opacity: float = 1.0) -> Shape:
    """Stroke a path with round ends."""
    return Shape(d, colour, opacity, width)


def ellipse(cx: float, cy: float, rx: float, ry: float, fill: str | Gradient, opacity: float = 1.0) -> Shape:
    """Fill an ellipse."""
    kx, ky = rx * 0.5523, ry * 0.5523
    d = (
        f"M{cx - rx:g} {cy:g}C{cx - rx:g} {cy - ky:g} {cx - kx:g} {cy - ry:g} {cx:g} {cy - ry:g}"
        f"C{cx + kx:g} {cy - ry:g} {cx + rx:g} {cy - ky:g} {cx + rx:g} {cy:g}"
        f"C{cx + rx:g} {cy + ky:g} {cx + kx:g} {cy + ry:g} {cx:g} {cy + ry:g}"
        f"C{cx - kx:g} {cy + ry:g} {cx - rx:g} {cy + ky:g} {cx - rx:g} {cy:g}Z"
    )
    return Shape(d, fill, opacity)


def rect(x: float, y: float, w: float, h: float, fill: str | Gradient, *, r: float = 0, opacity: float = 1.0) -> Shape:
    """Fill a rectangle with corners of radius `r`."""
    k = r * 0.45
    right, low = x + w, y + h
    d = (
        f"M{x + r:g} {y:g}H{right - r:g}C{right - k:g} {y:g} {right:g} {y + k:g} {right:g} {y + r:g}"
        f"V{low - r:g}C{right:g} {low - k:g} {right - k:g} {low:g} {right - r:g} {low:g}"
        f"H{x + r:g}C{x + k:g} {low:g} {x:g} {low - k:g} {x:g} {low - r:g}"
        f"V{y + r:g}C{x:g} {y + k:g} {x + k:g} {y:g} {x + r:g} {y:g}Z"
    )
    return Shape(d, fill, opacity)


def _commands(d: str) -> Iterable[tuple[str, list[float]]]:
    tokens = TOKEN.findall(d)
    index, letter = 0, "M"
    while index < len(tokens):
        if tokens[index].isalpha():
            letter, index = tokens[index], index + 1
        count = ARITY[letter.upper()]
        yield letter, [float(token) for token in tokens[index : index + count]]
        index += count
        if letter in "Mm":
            letter = "L" if letter == "M" else "l"


def _bezier(points: list[Point]) -> list[Point]:
    found = []
    for step in range(1, CURVE_STEPS + 1):
        t, level = step / CURVE_STEPS, points
        while len(level) > 1:
            level = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(level)]
        found.append(level[0])
    return found


def _absolute(letter: str, numbers: list[float], at: Point) -> list[Point]:
    kind, (ox, oy) = letter.upper(), (at if letter.islower() else (0.0, 0.0))
    if kind == "H":
        return [(numbers[0] + ox, at[1])]
    if kind == "V":
        return [(at[0], numbers[0] + oy)]
    return [(x + ox, y + oy) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def flatten(d: str) -> list[list[Point]]:
    """Turn a path into runs of points; a closed run ends where it began."""
    runs: list[list[Point]] = []
    for letter, numbers in _commands(d):
        if letter in "Mm":
            start = runs[-1][-1] if runs else (0.0, 0.0)
            runs.append(_absolute(letter, numbers, start))
        elif letter in "Zz":
            runs[-1].append(runs[-1][0])
        else:
            at = runs[-1][-1]
            points = _absolute(letter, numbers, at)
            runs[-1] += _bezier([at, *points]) if letter.upper() in "CQ" else points
    return runs


def _stops(gradient: Gradient) -> str:
    last = len(gradient.colours) - 1
    return "".join(
        f'<stop offset="{index / last:g}" stop-color="{colour}"/>' for index, colour in enumerate(gradient.colours)
    )


def _element(shape: Shape, fill: str) -> str:
    paint = (
        f'fill="none" stroke="{fill}" stroke-width="{shape.width:g}" stroke-linecap="round" stroke-linejoin="round"'
        if shape.width
        else f'fill="{fill}"'
    )
    seen = f' opacity="{shape.opacity:g}"' if shape.opacity < 1 else ""
    placed = (shape.scale, shape.dx, shape.dy) != (1, 0, 0)
    where = f' transform="translate({shape.dx:g} {shape.dy:g}) scale({shape.scale:g})"' if placed else ""
    return f'<path d="{shape.d}" {paint}{seen}{where}/>'


def to_svg(scene: Scene) -> str:
    """Write the scene as a stand-alone SVG document, fit for <img>."""
    gradients: dict[Gradient, str] = {}
    body = []
    for shape in scene.shapes:
        fill = shape.fill
        if isinstance(fill, Gradient):
            fill = f"url(#{gradients.setdefault(fill, f'g{len(gradients)}')})"
        body.append(_element(shape, fill))
    defs = "".join(
        f'<linearGradient id="{name}" x2="{int(g.across)}" y2="{int(not g.across)}">{_stops(g)}</linearGradient>'
        for g, name in gradients.items()
    )
    x, y, w, h = scene.view
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x:g} {y:g} {w:g} {h:g}">'
    return f"{head}<defs>{defs}</defs>{''.join(body)}</svg>"
