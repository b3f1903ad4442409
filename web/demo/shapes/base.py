"""What all still-lifes share: soft shadows, round bodies and highlights."""

from web.demo.tone import dark, light
from web.demo.vector import Gradient, Shape, ellipse, path, rect

Shapes = list[Shape]
WOOD = "#B98A5E"
STEEL = "#AEB6BD"
LEAF = "#4E8B63"


def shadow(cx: float, cy: float, rx: float, ry: float = 13) -> Shapes:
    """Draw a soft shadow on the floor."""
    return [ellipse(cx, cy, rx * k, ry * k, "#1F1A17", 0.05) for k in (1.16, 1.06, 0.96, 0.84)]


def round_fill(colour: str) -> Gradient:
    """Shade a body that turns away from the light on the left."""
    return Gradient((light(colour, 10), light(colour, 24), colour, dark(colour, 16)), across=True)


def flat_fill(colour: str) -> Gradient:
    """Shade an even face, a little lighter at the top."""
    return Gradient((light(colour, 14), colour, dark(colour, 8)))


def body(d: str, colour: str) -> Shape:
    """Fill a path as a round body."""
    return path(d, round_fill(colour))


def face(d: str, colour: str) -> Shape:
    """Fill a path as an even face."""
    return path(d, flat_fill(colour))


def block(x: float, y: float, w: float, h: float, colour: str, r: float = 6) -> Shape:
    """Fill a rectangle as an even face."""
    return rect(x, y, w, h, flat_fill(colour), r=r)


def tube(x: float, y: float, w: float, h: float, colour: str, r: float = 6) -> Shape:
    """Fill a rectangle as a round body."""
    return rect(x, y, w, h, round_fill(colour), r=r)


def shine(d: str, opacity: float = 0.2) -> Shape:
    """Lay a highlight on a surface."""
    return path(d, "#FFFFFF", opacity)


def label(x: float, y: float, w: float, h: float, ink: str) -> Shapes:
    """Draw a paper label with a mark and two lines of print."""
    mid = x + w / 2
    return [
        rect(x, y, w, h, "#FFFDF7", r=5, opacity=0.95),
        ellipse(mid, y + h * 0.3, h * 0.12, h * 0.12, ink),
        rect(mid - w * 0.3, y + h * 0.54, w * 0.6, h * 0.08, ink, r=2),
        rect(mid - w * 0.19, y + h * 0.72, w * 0.38, h * 0.06, ink, r=1, opacity=0.55),
    ]
