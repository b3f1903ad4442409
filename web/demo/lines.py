"""Product lines: hand-written families from which the listings of a shop are made, always the same ones."""

from dataclasses import dataclass
from zlib import crc32

from web.demo.content import Listing, Option, Picture, Variant
from web.demo.palette import COLOURS, GROUNDS

SOLD_OUT_OF_100 = 6
REDUCED_OF_100 = 15


@dataclass(frozen=True, slots=True)
class Size:
    """A value of the line's option and what it adds to the base price, in minor units."""

    label: str
    extra_minor: int


@dataclass(frozen=True, slots=True)
class Version:
    """One listing of a line: a palette colour, its name and the sentence that is its own."""

    colour: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Line:
    """A family of listings; `title` holds {} where the version's name goes."""

    slug: str
    kind: str
    shop: str
    category: str
    price_minor: int
    weight_g: int
    material: str
    option: str
    sizes: tuple[Size, ...]
    title: str
    intro: str
    care: str
    versions: tuple[Version, ...]


def _draw_lot(text: str, sides: int) -> int:
    return crc32(text.encode()) % sides


def _was(slug: str, price_minor: int) -> int | None:
    if _draw_lot(slug, 100) >= REDUCED_OF_100:
        return None
    return -(-price_minor * 125 // 100 // 100) * 100


def _stock(sku: str) -> int:
    return 0 if _draw_lot(sku, 100) < SOLD_OUT_OF_100 else 2 + _draw_lot(sku, 58)


def _variants(line: Line, slug: str) -> tuple[Variant, ...]:
    found = []
    for number, size in enumerate(line.sizes, start=1):
        sku = f"{slug}-{number}".upper()
        price = line.price_minor + size.extra_minor
        weight = line.weight_g * (9 + number) // 10
        found.append(Variant(sku, (size.label,), price, _was(slug, price), _stock(sku), weight))
    return tuple(found)


def _pictures(line: Line, version: Version, title: str) -> tuple[Picture, ...]:
    colour, _ = COLOURS[version.colour]
    start = _draw_lot(line.slug + version.colour, len(GROUNDS))
    return tuple(
        Picture(line.kind, colour, GROUNDS[(start + step * 3) % len(GROUNDS)], view, title)
        for step, view in enumerate(("whole", "close", "pair"))
    )


def _listing(line: Line, version: Version) -> Listing:
    slug = f"{line.slug}-{version.colour}"
    title = line.title.format(version.name)
    return Listing(
        slug=slug,
        shop=line.shop,
        category=line.category,
        title=title,
        description=f"{version.sentence}\n\n{line.intro}\n\n*{line.care}*",
        tags=(line.kind, line.material, version.colour),
        attributes=(("colour", COLOURS[version.colour][1]), ("material", line.material)),
        options=(Option(line.option, tuple(size.label for size in line.sizes)),),
        variants=_variants(line, slug),
        pictures=_pictures(line, version, title),
    )


def expand(lines: tuple[Line, ...]) -> tuple[Listing, ...]:
    """Make the listings of all lines, in order."""
    return tuple(_listing(line, version) for line in lines for version in line.versions)
