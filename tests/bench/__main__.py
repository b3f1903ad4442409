"""`python -m tests.bench`: CPU milliseconds of each operation, of the application and of PostgreSQL, by size.

Give sizes as listings:tenants, such as `1000:1 100000:1 1000:1000`; those three are measured by default.
"""

from __future__ import annotations

import sys

from tests.bench.ground import ground
from tests.bench.measure import measured
from tests.bench.operations import OPERATIONS

_SIZES = ("1000:1", "100000:1", "1000:1000")


def main(sizes: list[str]) -> None:
    """Measure every operation on each ground and print a table."""
    out = sys.stdout.write
    out(f"{'CPU ms per operation':<28}{'listings':>10}{'tenants':>9}{'app':>8}{'database':>10}{'sum':>8}\n")
    for size in sizes or _SIZES:
        listings, tenants = (int(part) for part in size.split(":"))
        with ground(listings, tenants) as place:
            for name, prepare in OPERATIONS.items():
                cost = measured(place, prepare(place))
                out(f"{name:<28}{listings:>10,}{tenants:>9,}{cost.app:>8.2f}{cost.database:>10.2f}{cost.sum:>8.2f}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
