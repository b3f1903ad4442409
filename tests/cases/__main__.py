"""`python -m tests.cases PATH...`: plays every case given, or of a folder: of money in a tenant each, and of rules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.cases import compliance
from tests.cases.client import Client
from tests.cases.money import Play
from tests.cases.running import ADMIN, Running, ground, running

_MOST_PROGRAMS, _WORTH_A_PROGRAM = 4, 4


def documents(paths: list[str]) -> list[dict[str, Any]]:
    """Return the contents of files and of the files of folders, in the order of their names."""
    files = [f for path in map(Path, paths) for f in (sorted(path.rglob("*.json")) if path.is_dir() else [path])]
    found = [json.loads(file.read_text("utf8")) for file in files]
    return [document for document in found if isinstance(document, dict)]


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


def play_money(cases: list[dict[str, Any]]) -> list[bool]:
    """Play cases of money through the API of a running application; start none without cases."""
    if not cases:
        return []
    with running() as app:
        platform = Client(app.port, "localhost").signed_in("platform", *ADMIN)
        return [play(case, platform, app) for case in cases]


def play_shares(cases: list[dict[str, Any]], programs: int) -> list[bool]:
    """Play cases of money in so many programs at once, each with a database and a provider of its own."""
    with ground(), ThreadPoolExecutor(programs) as pool:
        shares = [cases[first::programs] for first in range(programs)]
        return [verdict for verdicts in pool.map(_play_share, shares) for verdict in verdicts]


def _play_share(cases: list[dict[str, Any]]) -> list[bool]:
    """Play cases in a program of their own: it reads them, shows what it finds, and ends with its verdicts."""
    command = [sys.executable, "-m", "tests.cases", "--share"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(json.dumps(cases))
        program.stdin.close()
        last = "[]"
        for line in program.stdout:
            if not line.startswith("["):
                sys.stdout.write(line)
                sys.stdout.flush()
            last = line
    found: list[bool] = json.loads(last) if last.startswith("[") else []
    return found + [False] * (len(cases) - len(found))


def play_rules(files: list[dict[str, Any]]) -> list[bool]:
    """Play cases of rules and print what differs."""
    verdicts = []
    for name, difference in (answer for file in files for answer in compliance.play(file)):
        if difference:
            sys.stdout.write(f"{name}: {difference}\n")
        verdicts.append(not difference)
    return verdicts


def main(paths: list[str]) -> int:
    """Play the cases; return how many failed."""
    if not paths:
        sys.exit(__doc__)
    if paths == ["--share"]:
        sys.stdout.write(json.dumps(play_money(json.load(sys.stdin))) + "\n")
        return 0
    found = documents(paths)
    verdicts = play_rules([document for document in found if "cases" in document])
    money = [document for document in found if "steps" in document]
    programs = min(os.cpu_count() or 1, _MOST_PROGRAMS, len(money) // _WORTH_A_PROGRAM)
    verdicts += play_shares(money, programs) if programs > 1 else play_money(money)
    sys.stdout.write(f"{sum(verdicts)} passed, {len(verdicts) - sum(verdicts)} failed\n")
    return len(verdicts) - sum(verdicts)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
