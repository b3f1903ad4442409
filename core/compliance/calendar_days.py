"""Public holidays and make-up working days, as data: China (State Council notices), European Union, United States."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Days:
    """Days in ISO 8601, up to the last one that was announced when the data were written."""

    holidays: tuple[str, ...]
    workdays: tuple[str, ...]
    known_until: str


def _run(first: str, count: int) -> tuple[str, ...]:
    month, day = first[:8], int(first[8:])
    return tuple(f"{month}{day + step:02d}" for step in range(count))


_CHINA = Days(
    holidays=(
        "2025-01-01", *_run("2025-01-28", 4), *_run("2025-02-01", 4), *_run("2025-04-04", 3), *_run("2025-05-01", 5),
        "2025-05-31", *_run("2025-06-01", 2), *_run("2025-10-01", 8),
        *_run("2026-01-01", 3), *_run("2026-02-15", 9), *_run("2026-04-04", 3), *_run("2026-05-01", 5),
        *_run("2026-06-19", 3), *_run("2026-09-25", 3), *_run("2026-10-01", 7),
        # Of 2027 the holidays that the regulation itself fixes: the notice with the moved days comes each November.
        "2027-01-01", *_run("2027-02-05", 4), "2027-04-05", *_run("2027-05-01", 2), "2027-06-09", "2027-09-15",
        *_run("2027-10-01", 3),
    ),
    workdays=(
        "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    ),
    known_until="2026-12-31",
)  # fmt: skip

# Member states differ: these days are off in nearly all; a day too few makes a deadline of ours earlier, never later.
_EUROPE = Days(
    holidays=(
        "2025-01-01", "2025-04-21", "2025-05-01", "2025-12-25", "2025-12-26",
        "2026-01-01", "2026-04-06", "2026-05-01", "2026-12-25", "2026-12-28",
        "2027-01-01", "2027-03-29", "2027-05-01", "2027-12-27", "2027-12-28",
    ),
    workdays=(),
    known_until="2027-12-31",
)  # fmt: skip

_AMERICA = Days(
    holidays=(
        "2025-01-01", "2025-01-20", "2025-02-17", "2025-05-26", "2025-06-19", "2025-07-04", "2025-09-01", "2025-10-13",
        "2025-11-11", "2025-11-27", "2025-12-25",
        "2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12",
        "2026-11-11", "2026-11-26", "2026-12-25",
        "2027-01-01", "2027-01-18", "2027-02-15", "2027-05-31", "2027-06-18", "2027-07-05", "2027-09-06", "2027-10-11",
        "2027-11-11", "2027-11-25", "2027-12-24",
    ),
    workdays=(),
    known_until="2027-12-31",
)  # fmt: skip

KNOWN = {"CN": _CHINA, "EU": _EUROPE, "US": _AMERICA}
