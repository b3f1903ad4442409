"""`python -m tests.cases PATH...`: plays every case given, or of a folder: of money in a tenant each, and of rules.

`--drawn 80 --seed 1` draws so many cases of money besides, each worked out by `tests/cases/reckoning.py`.
`--histories 10000` plays so many drawn histories inside the program, without the API, and compares every step.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.cases import compliance, inside
from tests.cases.client import Client
from tests.cases.drawing import draw
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
        return [
            verdict
            for verdicts in pool.map(lambda share: _play_share(share, len(share)), shares)
            for verdict in verdicts
        ]


def play_histories(count: int, seed: int) -> list[bool]:
    """Play histories inside this program and print what differs."""
    with running() as app, app.flask.app_context():
        differences = inside.play(count, seed, inside.opener(app.make_tenant))
    for line in differences:
        sys.stdout.write(f"{line}\n")
    wrong = {line.split()[0] for line in differences}
    return [False] * len(wrong) + [True] * (count - len(wrong))


def play_histories_in(programs: int, count: int, seed: int) -> list[bool]:
    """Play histories in so many programs at once."""
    with ground(), ThreadPoolExecutor(programs) as pool:
        parts = [(count * (number + 1) // programs - count * number // programs) for number in range(programs)]
        asked = [{"histories": part, "seed": seed * 1000 + number} for number, part in enumerate(parts)]
        return [verdict for verdicts in pool.map(lambda one: _play_share(one, one["histories"]), asked)
                for verdict in verdicts]  # fmt: skip


def _in_share(asked: Any) -> list[bool]:
    """Play what another program asked this one for: a list of cases, or so many histories."""
    return play_histories(asked["histories"], asked["seed"]) if isinstance(asked, dict) else play_money(asked)


def _play_share(asked: Any, count: int) -> list[bool]:
    """Play in a program of its own: it reads what is asked, shows what it finds, and ends with its verdicts."""
    command = [sys.executable, "-m", "tests.cases", "--share"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(json.dumps(asked))
        program.stdin.close()
        last = "[]"
        for line in program.stdout:
            if not line.startswith("["):
                sys.stdout.write(line)
                sys.stdout.flush()
            last = line
    found: list[bool] = json.loads(last) if last.startswith("[") else []
    return found + [False] * (count - len(found))


def play_rules(files: list[dict[str, Any]]) -> list[bool]:
    """Play cases of rules and print what differs."""
    verdicts = []
    for name, difference in (answer for file in files for answer in compliance.play(file)):
        if difference:
            sys.stdout.write(f"{name}: {difference}\n")
        verdicts.append(not difference)
    return verdicts


def main(arguments: list[str]) -> int:
    """Play the cases; return how many failed."""
    if arguments == ["--share"]:
        sys.stdout.write(json.dumps(_in_share(json.load(sys.stdin))) + "\n")
        return 0
    asked = _asked(arguments)
    started = time.perf_counter()
    found = documents(asked.paths)
    verdicts = play_rules([document for document in found if "cases" in document])
    money = [document for document in found if "steps" in document]
    money += [draw(asked.seed * 100_000 + number) for number in range(asked.drawn)]
    programs = min(os.cpu_count() or 1, _MOST_PROGRAMS, len(money) // _WORTH_A_PROGRAM)
    verdicts += play_shares(money, programs) if programs > 1 else play_money(money)
    if asked.histories:
        verdicts += play_histories_in(min(os.cpu_count() or 1, _MOST_PROGRAMS), asked.histories, asked.seed)
    sys.stdout.write(f"in {time.perf_counter() - started:.1f} s\n")
    sys.stdout.write(f"{sum(verdicts)} passed, {len(verdicts) - sum(verdicts)} failed\n")
    return len(verdicts) - sum(verdicts)


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.cases", description=__doc__)
    parser.add_argument("paths", nargs="*", help="files, or folders of files")
    parser.add_argument("--drawn", type=int, default=0, help="how many cases to draw")
    parser.add_argument("--histories", type=int, default=0, help="how many histories to play inside the program")
    parser.add_argument("--seed", type=int, default=1, help="the first of what is drawn; the same seed draws the same")
    asked = parser.parse_args(arguments)
    if not (asked.paths or asked.drawn or asked.histories):
        parser.error("name a file or a folder, or ask for --drawn cases or --histories")
    return asked


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
