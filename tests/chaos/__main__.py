"""`python -m tests.chaos`: kills parts of a whole installation while people buy; exit 1 if anything was lost."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.run import Wish, play
from web.sandbox.processes import state_folder


def main() -> int:
    """Print the figures as a line of JSON; return 1 if something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--purchases", type=int, default=500)
    parser.add_argument("--kills", type=int, default=0, help="go on killing until so many at least")
    parser.add_argument("--seconds", type=float, default=1.5, help="about so many seconds between kills")
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    above = state_folder("chaos")
    above.mkdir(parents=True, exist_ok=True)
    root = Path(tempfile.mkdtemp(dir=above))
    root.chmod(0o755)
    figures = play(Wish(given.purchases, given.kills, given.seconds, given.threads, given.seed), root)
    sys.stdout.write(json.dumps(figures) + "\n")
    if figures["violations"]:
        sys.stdout.write(f"the logs are kept in {root}\n")
        return 1
    shutil.rmtree(root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
