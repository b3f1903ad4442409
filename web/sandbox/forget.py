"""Deletes the local data of this checkout: databases, uploaded files and secrets."""

import shutil
import sys

from web.sandbox.processes import state_folder
from web.sandbox.services import is_in_use


def main() -> int:
    """Delete the data unless a running process uses it."""
    folder = state_folder()
    if is_in_use(folder):
        sys.stderr.write("Galleria is running from this checkout; stop it first.\n")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
