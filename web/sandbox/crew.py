"""Runs the product's programs as children: shows what they write, restarts those that die, stops them all."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

from web.sandbox.console import Console
from web.sandbox.processes import CHECKOUT, kill_group, spawn

PATIENCE = 4.0
LONGEST_PAUSE = 30.0
STEADY_AFTER = 30.0
HEARTBEAT = 5.0


@dataclass(frozen=True, slots=True)
class Program:
    """A Python program of the product: `python -m` and these words."""

    name: str
    words: tuple[str, ...]


@dataclass(slots=True)
class _Member:
    """One program and its present process."""

    program: Program
    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restart_at: float = 0.0
    pause: float = 1.0
    rest: bytes = b""


class Crew:
    """The programs of one run. Everything happens in the main thread, as `spawn` demands."""

    def __init__(self, console: Console, environment: Mapping[str, str]) -> None:
        self._console = console
        self._environment = environment
        self._selector = selectors.DefaultSelector()
        self._members: list[_Member] = []

    def start(self, program: Program) -> None:
        """Start a program that is to run until `stop`."""
        member = _Member(program)
        self._members.append(member)
        self._launch(member)

    def finish(self, program: Program) -> int:
        """Run a program to its end, showing its output; return its exit status."""
        return self._finish(_Member(program))

    def watch(self, seconds: float, is_done: Callable[[], bool] = lambda: False) -> bool:
        """Show output and restart what died, until done or the seconds are over; say whether it was done."""
        deadline = time.monotonic() + seconds
        while not is_done():
            if time.monotonic() >= deadline:
                return False
            self._pump(0.2)
            self._mend()
        return True

    def stop(self) -> None:
        """End all programs at once, the last started first to hear; kill those that take too long."""
        running = [member.child for member in reversed(self._members) if member.child is not None]
        for child in running:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while any(child.poll() is None for child in running) and time.monotonic() < deadline:
            self._pump(0.1)
        for member in self._members:
            if member.child is not None:
                self._close(member, member.child)
        self._members.clear()

    def _finish(self, member: _Member) -> int:
        self._members.append(member)
        child = self._launch(member)
        said = time.monotonic()
        while child.poll() is None:
            self._pump(0.1)
            if time.monotonic() - said >= HEARTBEAT:
                said = time.monotonic()
                self._console.step(f"... {member.program.name} is still at work")
        self._close(member, child)
        self._members.remove(member)
        return child.returncode

    def _launch(self, member: _Member) -> subprocess.Popen[bytes]:
        member.started = time.monotonic()
        child = spawn(
            [sys.executable, "-m", *member.program.words],
            output=subprocess.PIPE,
            environment=self._environment,
            folder=CHECKOUT,
        )
        member.child = child
        pipe = _pipe(child)
        self._selector.register(pipe, selectors.EVENT_READ, member)
        return child

    def _pump(self, seconds: float) -> None:
        """Show what the programs have written, waiting at most the seconds for the first of it."""
        if not self._selector.get_map():
            time.sleep(seconds)
            return
        for key, _events in self._selector.select(seconds):
            member: _Member = key.data
            part = os.read(key.fd, 65536)
            if not part:
                self._selector.unregister(key.fileobj)
            self._take(member, part)

    def _take(self, member: _Member, part: bytes) -> None:
        """Show the lines that are whole now, and keep the rest."""
        *whole, member.rest = (member.rest + part).split(b"\n")
        for raw in whole:
            self._show(member, raw)

    def _show(self, member: _Member, raw: bytes) -> None:
        text = raw.decode(errors="replace").rstrip()
        self._console.line(member.program.name, text)

    def _mend(self) -> None:
        """Start again what died, after a pause that doubles while it keeps dying."""
        now = time.monotonic()
        for member in self._members:
            if member.child is not None:
                if member.child.poll() is not None:
                    self._bury(member, member.child, now)
            elif now >= member.restart_at:
                self._launch(member)

    def _bury(self, member: _Member, child: subprocess.Popen[bytes], now: float) -> None:
        self._close(member, child)
        if now - member.started > STEADY_AFTER:
            member.pause = 1.0
        member.restart_at = now + member.pause
        how = f"ended with status {child.returncode}; starting it again in {member.pause:.0f} s"
        self._console.line(member.program.name, how)
        member.pause = min(member.pause * 2, LONGEST_PAUSE)
        member.child = None

    def _close(self, member: _Member, child: subprocess.Popen[bytes]) -> None:
        """Kill what an ended program left behind, show its last words, and let go of the pipe."""
        kill_group(child)
        pipe = _pipe(child)
        with contextlib.suppress(KeyError):
            self._selector.unregister(pipe)
        self._take(member, b"".join(iter(lambda: os.read(pipe.fileno(), 65536), b"")))
        if member.rest:
            self._take(member, b"\n")
        pipe.close()


def _pipe(child: subprocess.Popen[bytes]) -> IO[bytes]:
    """Return the pipe that a program writes to."""
    if child.stdout is None:
        raise ValueError("the program was started without a pipe")
    return child.stdout
