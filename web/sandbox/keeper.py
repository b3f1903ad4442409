"""Runs one program and ends it when the starter dies, on systems whose kernel cannot do that (macOS).

Used as `python keeper.py SIGNAL PROGRAM ARGUMENT...`; its standard input is a pipe that the starter holds
open and never writes to, so the pipe ends when the starter does, even by kill -9.
"""

import os
import signal
import subprocess
import sys
import threading
from types import FrameType


def main(arguments: list[str]) -> int:
    """Run the program, hand on signals, and return its exit status."""
    farewell = signal.Signals(int(arguments[0]))
    child = subprocess.Popen(arguments[1:], stdin=subprocess.DEVNULL)  # noqa: S603 - the starter's own command

    def hand_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, hand_on)

    def watch() -> None:
        while os.read(0, 1):
            pass
        child.send_signal(farewell)

    threading.Thread(target=watch, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
