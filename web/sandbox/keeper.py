"""Runs one program so that it gets a signal when its starter dies, even by kill -9; uses nothing installed.

Used as `python keeper.py WAY SIGNAL STARTER ACCOUNT PROGRAM ARGUMENT...`. STARTER is the starter's process
id, ACCOUNT is `UID:GID` to run the program under, or `-`. WAY is one of:

- `become`: ask the Linux kernel to send the signal, then become the program;
- `watch`: for other systems: stay, and watch standard input, a pipe that the starter holds open and never
  writes to, so that it ends when the starter does.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """Run the program in the way asked for; return its exit status if still there."""
    way, farewell, starter, account, *program = arguments
    if account != "-":
        _drop_to(*(int(part) for part in account.split(":")))
    if way == "become":
        _become(program, int(farewell), int(starter))
    return _watch(program, int(farewell))


def _drop_to(uid: int, gid: int) -> None:
    """Give up root for good; files are made private."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    os.umask(0o077)


def _become(program: list[str], farewell: int, starter: int) -> None:
    # After dropping root: a change of account clears what prctl has set.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, farewell)
    if os.getppid() != starter:
        sys.exit(1)
    os.execv(program[0], program)  # noqa: S606 - the starter's own command


def _watch(program: list[str], farewell: int) -> int:
    child = subprocess.Popen(program, stdin=subprocess.DEVNULL)  # noqa: S603 - the starter's own command

    def hand_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, hand_on)

    def wait_for_the_end() -> None:
        while os.read(0, 1):
            pass
        child.send_signal(farewell)

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
