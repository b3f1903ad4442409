"""Draws the demo's pictures in processes beside the seeding and keeps them, so that a second seed finds them."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import UUID

from PIL import Image

from core.kernel.ids import new_id
from core.media.models import MediaRow
from core.media.store import files
from tenants.history.rows import write
from web.demo import art, paint
from web.demo.content import Listing, Marketplace, Picture, Shop
from web.demo.vector import Scene

_LARGE, _SMALL = 640, 320
_VERSION = "1"
_BATCH = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """One picture: a still-life of a listing, or a shop's logo or banner."""

    kind: str
    picture: Picture | None = None
    monogram: str = ""
    hue: str = ""
    things: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name under which the drawing is kept."""
        return hashlib.sha256(f"{_VERSION}{self!r}".encode()).hexdigest()[:32]

    def scene(self) -> Scene:
        """Set the scene."""
        if self.picture is not None:
            return art.compose(
                self.picture.kind, self.picture.colour, self.picture.background, self.picture.view
            )  # fmt: skip
        return art.logo(self.monogram, self.hue) if self.kind == "logo" else art.banner(self.things, self.hue)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing on disk."""

    large: Path
    small: Path


def of_listing(picture: Picture) -> Wanted:
    """Return a listing's picture."""
    return Wanted("listing", picture)


def logo_of(shop: Shop) -> Wanted:
    """Return a shop's logo."""
    return Wanted("logo", monogram=shop.monogram, hue=shop.hue)


def banner_of(market: Marketplace, shop: Shop) -> Wanted:
    """Return a shop's banner: up to four of the things that it sells."""
    kinds = dict.fromkeys(item.pictures[0].kind for item in market.listings if item.shop == shop.slug)
    return Wanted("banner", hue=shop.hue, things=tuple(kinds)[:4])


def all_of(market: Marketplace) -> list[Wanted]:
    """Return every picture of a marketplace, those that are seen first at the front."""
    marks = [wanted for shop in market.shops for wanted in (logo_of(shop), banner_of(market, shop))]
    views = [[of_listing(item.pictures[n]) for item in market.listings if n < shown(item)] for n in range(3)]
    return [*marks, *views[0], *views[1], *views[2]]


def shown(item: Listing) -> int:
    """Return how many of a listing's pictures the demo hangs: the third one takes long and not everybody needs it."""
    return min(len(item.pictures), 2 + (len(item.slug) % 3 == 0))


def _paths(folder: Path, wanted: Wanted) -> Drawn:
    return Drawn(folder / f"{wanted.key}.{_LARGE}.webp", folder / f"{wanted.key}.{_SMALL}.webp")


def _draw(folder: Path, batch: Sequence[Wanted]) -> None:
    """Draw what is not there yet; runs in a process of its own."""
    for wanted in batch:
        paths = _paths(folder, wanted)
        if paths.small.exists():
            continue
        width = 1280 if wanted.kind == "banner" else _LARGE
        image = paint.to_image(wanted.scene(), width)
        _keep(paths.large, image)
        image.thumbnail((_SMALL, _SMALL), Image.Resampling.BILINEAR)
        _keep(paths.small, image)


def _keep(path: Path, image: Image.Image) -> None:
    out = BytesIO()
    image.save(out, "WEBP", quality=84, method=1)
    passing = path.with_suffix(f".{os.getpid()}")
    passing.write_bytes(out.getvalue())
    passing.replace(path)


class Studio:
    """Draws in the background from the moment it is opened; `wait` when the files are needed."""

    def __init__(self, folder: Path, wanted: Sequence[Wanted]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        missing = [each for each in dict.fromkeys(wanted) if not _paths(folder, each).small.exists()]
        workers = min(max(os.cpu_count() or 1, 1), 8)
        self._pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) if missing else None
        self._work: list[Future[None]] = [
            self._pool.submit(_draw, folder, missing[start : start + _BATCH])
            for start in range(0, len(missing), _BATCH)
            if self._pool is not None
        ]

    def drawn(self, wanted: Wanted) -> Drawn:
        """Return a drawing's files, once `wait` has been called."""
        return _paths(self._folder, wanted)

    def wait(self) -> None:
        """Wait until everything is drawn."""
        for future in self._work:
            future.result()

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def hang_all(given: Sequence[tuple[Drawn, str, UUID | None]]) -> list[UUID]:
    """Put drawings into the tenant's store as public pictures with their renditions, and return their keys."""
    rows = []
    for drawn, name, merchant_id in given:
        data = drawn.large.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        with Image.open(BytesIO(data)) as image:
            width, height = image.size
        files().write(sha256, data)
        files().write(f"{sha256}.{_LARGE}", data)
        files().write(f"{sha256}.{_SMALL}", drawn.small.read_bytes())
        rows.append({
            "id": new_id(), "merchant_id": merchant_id, "sha256": sha256, "media_type": "image/webp",
            "name": f"{name}.webp"[:120], "bytes": len(data), "width": width, "height": height,
            "widths": f"{_SMALL} {_LARGE}", "is_public": True, "state": "ready", "source_url": "", "note": "",
        })  # fmt: skip
    write(MediaRow, rows)
    return [row["id"] for row in rows]  # type: ignore[misc]
