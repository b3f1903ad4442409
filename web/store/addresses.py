"""Where things of the storefront stand: addresses that pages write many times, without asking the router each time."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID


def product(slug: str) -> str:
    """Return a listing's page."""
    return f"/products/{quote(slug)}"


def save(slug: str) -> str:
    """Return where a listing is saved."""
    return f"/saved/{quote(slug)}"


def shop(slug: str) -> str:
    """Return a shop's page."""
    return f"/shops/{quote(slug)}"


def category(path: str) -> str:
    """Return a category's page."""
    return f"/categories/{quote(path)}"


def picture(media_id: UUID | str | None, width: int = 640) -> str:
    """Return a public picture in a rendition of 320, 640 or 1280 pixels; "" where there is none."""
    return f"/media/{media_id}/{width}.webp" if media_id else ""
