"""Command line of the catalogues: `python -m web.translations extract|update|check [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path

from web import translations


def main(arguments: list[str]) -> int:
    """Run one command; `check` returns 1 when one has a fault."""
    match arguments:
        case ["update", *home] if len(home) < 2:
            translations.update(*map(Path, home))
            translations.compile_all()
        case ["check", *home] if len(home) < 2:
            problems = translations.problems_of(Path(home[0])) if home else translations.problems()
            sys.stdout.writelines(f"{problem}\n" for problem in problems)
            return 1 if problems else 0
        case ["extract"]:
            for _folder, sources in translations.targets():
                sys.stdout.writelines(f"{message.id!r}\n" for message in translations.gathered(sources) if message.id)
        case _:
            sys.stderr.write("usage: python -m web.translations extract|update|check [FOLDER]\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
