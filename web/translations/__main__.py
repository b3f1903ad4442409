"""Command line of the catalogues: `python -m web.translations extract|update|check`."""

from __future__ import annotations

import sys

from web import translations


def main(arguments: list[str]) -> int:
    """Run one command; `check` returns 1 when one has a fault."""
    match arguments:
        case ["update"]:
            translations.update()
            translations.compile_all()
        case ["check"]:
            problems = translations.problems()
            sys.stdout.writelines(f"{problem}\n" for problem in problems)
            return 1 if problems else 0
        case ["extract"]:
            for _folder, sources in translations.targets():
                sys.stdout.writelines(f"{message.id!r}\n" for message in translations.gathered(sources) if message.id)
        case _:
            sys.stderr.write("usage: python -m web.translations extract|update|check\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
