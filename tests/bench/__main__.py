"""`python -m tests.bench`: CPU milliseconds of each operation, of the application and of PostgreSQL, by size.

Give sizes as listings:tenants, such as `1000:1 100000:1 1000:1000`; those three are measured by default.
`--json FILE` writes the figures for programs, `--only TEXT` measures only operations whose name has that text.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from tests.bench.ground import Ground, ground
from tests.bench.measure import measured
from tests.bench.operations import OPERATIONS, SLOW

_SIZES = ("1000:1", "100000:1", "1000:1000")
Row = dict[str, object]


def main(arguments: list[str]) -> None:
    """Measure every operation on each ground; print a table, and write JSON where it is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("sizes", nargs="*", default=_SIZES, metavar="LISTINGS:TENANTS")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default="")
    wanted = parser.parse_args(arguments)
    head = f"{'listings':>10}{'tenants':>9}{'app':>8}{'database':>10}{'sum':>8}"
    sys.stdout.write(f"{'CPU ms per operation':<28}{head}\n")
    rows: list[Row] = []
    for size in wanted.sizes:
        listings, tenants = (int(part) for part in size.split(":"))
        with ground(listings, tenants) as place:
            rows += [_row(place, name, listings, tenants) for name in OPERATIONS if wanted.only in name]
    if wanted.json:
        load = [round(each, 2) for each in os.getloadavg()]
        wanted.json.write_text(json.dumps({"load": load, "python": sys.version.split()[0], "rows": rows}, indent=1))


def _row(place: Ground, name: str, listings: int, tenants: int) -> Row:
    times = SLOW.get(name)
    operation = OPERATIONS[name](place)
    cost = measured(place, operation, times=times) if times else measured(place, operation)
    figures = f"{cost.app:>8.2f}{cost.database:>10.2f}{cost.sum:>8.2f}"
    sys.stdout.write(f"{name:<28}{listings:>10,}{tenants:>9,}{figures}\n")
    sys.stdout.flush()
    return {"operation": name, "listings": listings, "tenants": tenants, **asdict(cost), "sum": cost.sum}


if __name__ == "__main__":
    main(sys.argv[1:])
