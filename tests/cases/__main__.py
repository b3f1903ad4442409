"""`python -m tests.cases PATH...`: plays every money case given, or of a folder, in a tenant of its own each."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.cases.client import Client
from tests.cases.money import Play
from tests.cases.running import ADMIN, Running, running


def cases(paths: list[str]) -> list[dict[str, Any]]:
    """Return the money cases of files and folders, in the order of their names."""
    files = [f for path in map(Path, paths) for f in (sorted(path.rglob("*.json")) if path.is_dir() else [path])]
    found = [json.loads(file.read_text("utf8")) for file in files]
    return [case for case in found if isinstance(case, dict) and "steps" in case]


def play(case: dict[str, Any], platform: Client, app: Running) -> bool:
    """Play one case and print what differs; return whether nothing does."""
    started = time.perf_counter()
    try:
        differences = [str(difference) for difference in Play(case, platform, app.stripe_url).run()]
    except (AssertionError, LookupError, AttributeError, TimeoutError, OSError) as error:
        differences = [f"{case['id']}: {type(error).__name__}: {error}"]
    for line in differences:
        sys.stdout.write(f"{line}\n")
    verdict = "passed" if not differences else "failed"
    sys.stdout.write(f"{case['id']} {verdict} in {time.perf_counter() - started:.2f} s: {case['title']}\n")
    sys.stdout.flush()
    return not differences


def main(paths: list[str]) -> int:
    """Play the cases; return how many failed."""
    if not paths:
        sys.exit(__doc__)
    with running() as app:
        platform = Client(app.port, "localhost").signed_in("platform", *ADMIN)
        verdicts = [play(case, platform, app) for case in cases(paths)]
    sys.stdout.write(f"{sum(verdicts)} passed, {len(verdicts) - sum(verdicts)} failed\n")
    return len(verdicts) - sum(verdicts)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
