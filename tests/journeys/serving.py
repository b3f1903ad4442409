"""`python -m tests.journeys.serving`: serves the application until standard input ends; says where on its output."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cases.running import running


@contextmanager
def served() -> Iterator[tuple[int, str]]:
    """Serve the application in a process of its own, which ends with ours; give its port and the stand-in's address."""
    command = [sys.executable, "-m", "tests.journeys.serving"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        said = child.stdout.readline()
        assert said, "the application did not start"
        try:
            found = json.loads(said)
            yield int(found["port"]), str(found["stripe"])
        finally:
            child.stdin.close()
            child.wait(30)


def main() -> None:
    """Serve until the starter is gone."""
    with running() as app:
        sys.stdout.write(json.dumps({"port": app.port, "stripe": app.stripe_url}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
