"""Paint a scene with Pillow, too large and then reduced, so that edges come out smooth."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from web.demo.tone import channels
from web.demo.vector import Gradient, Point, Scene, Shape, flatten

LARGE = 640
Run = list[tuple[float, float]]


@lru_cache(maxsize=4096)
def _points(d: str) -> list[list[Point]]:
    return flatten(d)


def _ramp(gradient: Gradient, size: tuple[int, int]) -> Image.Image:
    strip = Image.new("RGB", (len(gradient.colours), 1))
    strip.putdata([channels(colour) for colour in gradient.colours])
    length = size[0] if gradient.across else size[1]
    # Half a pixel is cut off at both ends, so that the first and last colours lie on the edges.
    box = (0.5, 0, len(gradient.colours) - 0.5, 1)
    strip = strip.resize((max(length, 1), 1), Image.Resampling.BILINEAR, box=box)
    if not gradient.across:
        strip = strip.transpose(Image.Transpose.ROTATE_270)
    return strip.resize(size, Image.Resampling.NEAREST)


def _trace(draw: ImageDraw.ImageDraw, run: Run, width: float, ink: tuple[int, ...] | int) -> None:
    draw.line(run, fill=ink, width=round(width), joint="curve")
    half = width / 2
    for x, y in (run[0], run[-1]):
        draw.ellipse((x - half, y - half, x + half, y + half), fill=ink)


def _box(runs: list[Run], margin: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    xs = [x for run in runs for x, _ in run]
    ys = [y for run in runs for _, y in run]
    left, top = max(0, int(min(xs) - margin)), max(0, int(min(ys) - margin))
    return left, top, min(size[0], int(max(xs) + margin) + 1), min(size[1], int(max(ys) + margin) + 1)


def _masked(picture: Image.Image, shape: Shape, runs: list[Run], width: float) -> None:
    whole = _extent(runs)
    box = _box(runs, width / 2 + 1, picture.size)
    size = (box[2] - box[0], box[3] - box[1])
    if min(size) <= 0:
        return
    mask = Image.new("L", size)
    draw, ink = ImageDraw.Draw(mask), round(255 * shape.opacity)
    for run in runs:
        local = [(x - box[0], y - box[1]) for x, y in run]
        if width:
            _trace(draw, local, width, ink)
        else:
            draw.polygon(local, fill=ink)
    if isinstance(shape.fill, str):
        picture.paste(channels(shape.fill), box, mask)
        return
    ramp = _ramp(shape.fill, (whole[2] - whole[0], whole[3] - whole[1]))
    left, top = box[0] - whole[0], box[1] - whole[1]
    picture.paste(ramp.crop((left, top, left + size[0], top + size[1])), box, mask)


def _extent(runs: list[Run]) -> tuple[int, int, int, int]:
    xs = [x for run in runs for x, _ in run]
    ys = [y for run in runs for _, y in run]
    return int(min(xs)) - 1, int(min(ys)) - 1, int(max(xs)) + 2, int(max(ys)) + 2


def _paint(picture: Image.Image, shape: Shape, unit: float, view: tuple[float, float, float, float]) -> None:
    zoom, dx, dy = shape.scale * unit, (shape.dx - view[0]) * unit, (shape.dy - view[1]) * unit
    runs = [[(x * zoom + dx, y * zoom + dy) for x, y in run] for run in _points(shape.d)]
    width = shape.width * zoom
    if isinstance(shape.fill, Gradient) or (width and shape.opacity < 1):
        _masked(picture, shape, runs, width)
        return
    draw = ImageDraw.Draw(picture, "RGBA")
    ink = (*channels(shape.fill), round(255 * shape.opacity))
    for run in runs:
        if width:
            _trace(draw, run, width, ink)
        else:
            draw.polygon(run, fill=ink)


def to_image(scene: Scene, width: int) -> Image.Image:
    """Paint the scene `width` pixels wide; the height follows from the view."""
    # Large pictures need less: their edges are finer already, and time grows with the square.
    finer = 2 if width >= LARGE else 3
    unit = width * finer / scene.view[2]
    height = round(width * scene.view[3] / scene.view[2])
    picture = Image.new("RGB", (width * finer, height * finer), "white")
    for shape in scene.shapes:
        _paint(picture, shape, unit, scene.view)
    return picture.reduce(finer)


def to_webp(scene: Scene, width: int) -> bytes:
    """Paint the scene and encode it as WebP."""
    out = BytesIO()
    to_image(scene, width).save(out, "WEBP", quality=86, method=1)
    return out.getvalue()
