"""Writes what `make run` has to say: steps with seconds, and lines under a program's name."""

import os
import sys
import time
import zlib

COLOURS = (36, 35, 33, 32, 34, 96, 95, 93)
NAME_WIDTH = 10


class Console:
    """Standard output with a clock that starts with the first line."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._started

    def step(self, text: str) -> None:
        """Say what happens now, with the seconds since the start."""
        self._write(f"{self._paint(f'{self.elapsed():6.1f} s', 2)}  {text}")

    def line(self, name: str, text: str) -> None:
        """Show one line of a program's output under its name."""
        colour = COLOURS[zlib.crc32(name.encode()) % len(COLOURS)]
        self._write(f"{self._paint(f'{name:>{NAME_WIDTH}} |', colour)} {text}")

    def block(self, lines: list[str]) -> None:
        """Show lines that belong together, set off from the log."""
        rule = self._paint("─" * 78, 2)
        self._write("\n".join(["", rule, *(f"  {line}".rstrip() for line in lines), rule, ""]))

    def _paint(self, text: str, code: int) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._coloured else text

    def _write(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
