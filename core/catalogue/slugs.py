"""Names for addresses: lower-case letters, digits and hyphens, made from what people write."""

from __future__ import annotations

import re

from core.catalogue.tokens import fold
from core.kernel.ids import short_code

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slugify(text: str, longest: int = 60) -> str:
    """Return a text as a slug; "" where it has no Latin letter or digit."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:longest].rstrip("-")


def with_tail(slug: str) -> str:
    """Return the slug with a random tail, for when it is taken."""
    return f"{slug}-{short_code(6).lower()}" if slug else f"item-{short_code().lower()}"
