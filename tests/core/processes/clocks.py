"""A clock that tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

Move = Callable[[int], None]
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def days() -> Iterator[Move]:
    """Move the clock to so many days after Monday, 2 November 2026."""
    travels: list[time_machine.travel] = []

    def move(count: int) -> None:
        travels.append(time_machine.travel(START + timedelta(days=count, hours=3 * len(travels) // 9), tick=False))
        travels[-1].start()

    move(0)
    yield move
    for travel in reversed(travels):
        travel.stop()
