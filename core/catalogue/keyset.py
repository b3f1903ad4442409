"""Places in a sorted list: an opaque cursor names the last row seen, so that new rows never shift a page."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from core.kernel.errors import Invalid, _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOP = 2**62


class Sort(StrEnum):
    """How a list of listings is ordered; every order ends with the key, so that it is total."""

    BEST = "best"
    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"
    POPULAR = "popular"


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page: its value in the sort and its key. A moment is kept in microseconds since 1970."""

    sort: Sort
    value: int
    id: UUID

    def moment(self) -> datetime:
        """Return the value as a moment."""
        return datetime.fromtimestamp(self.value // 1_000_000, UTC).replace(microsecond=self.value % 1_000_000)

    def cursor(self) -> str:
        """Return the text that stands for the place in an address."""
        raw = f"{self.sort.value}:{self.value}:{self.id.hex}".encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def micros(moment: datetime) -> int:
    """Return a moment in microseconds since 1970, exactly."""
    distance = moment - _EPOCH
    return (distance.days * 86_400 + distance.seconds) * 1_000_000 + distance.microseconds


def read(cursor: str, *allowed: Sort) -> Place:
    """Return the place of a cursor. Raise Invalid if it is none, or one of another order."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        sort, value, key = raw.split(":")
        place = Place(Sort(sort), int(value), UUID(hex=key))
    except (ValueError, binascii.Error):
        raise Invalid(
            "catalogue.bad_cursor", _("This page's address is not complete; start from the first page")
        ) from None
    if place.sort not in allowed or not -_TOP < place.value < _TOP:
        raise Invalid("catalogue.bad_cursor", _("This page's address is not complete; start from the first page"))
    if place.sort is Sort.NEWEST and not 0 <= place.value < 250_000_000_000_000_000:
        raise Invalid("catalogue.bad_cursor", _("This page's address is not complete; start from the first page"))
    return place
