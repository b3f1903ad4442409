"""Starts and stops the programs of a local set-up so that none of them outlives the one that started it."""

import contextlib
import hashlib
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT_STATE = Path("/var/lib/galleria-dev")
KEEPER = Path(__file__).with_name("keeper.py")


@dataclass(frozen=True, slots=True)
class Account:
    """The system account under which a server runs."""

    uid: int
    gid: int


class StartError(RuntimeError):
    """A local server did not start; the message ends with what its log says."""


def is_root() -> bool:
    """Say whether this process runs as root, which PostgreSQL refuses."""
    return os.geteuid() == 0


def server_account() -> Account | None:
    """Return the account that servers drop to, or None where they run as the present user."""
    if not is_root():
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def state_folder(*parts: str) -> Path:
    """Return the folder for local data of this checkout, or one below it.

    Root's lies outside the checkout, because the servers' account may not be able to enter a checkout
    below /root.
    """
    if is_root():
        return ROOT_STATE.joinpath(hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12], *parts)
    return CHECKOUT.joinpath(".local", *parts)


def make_folder(folder: Path, account: Account | None = None) -> Path:
    """Create a private folder, and give it to an account if one is named."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def write_private(file: Path, text: str, account: Account | None = None) -> None:
    """Write a file whole or not at all, readable only by its owner."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
        if account is not None:
            os.fchown(handle.fileno(), account.uid, account.gid)
    draft.replace(file)


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def spawn(
    command: Sequence[str | Path],
    *,
    output: int | IO[bytes],
    farewell: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    folder: Path = Path("/"),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own that gets `farewell` when this process dies, however it dies.

    Call it from the main thread: Linux sends the farewell when the thread that started a program ends.
    """
    way, stdin = ("become", subprocess.DEVNULL) if sys.platform == "linux" else ("watch", subprocess.PIPE)
    who = f"{account.uid}:{account.gid}" if account else "-"
    keeper = [sys.executable, "-I", "-S", str(KEEPER), way, str(int(farewell)), str(os.getpid()), who]
    return subprocess.Popen(  # noqa: S603 - the product's own commands, no shell
        [*keeper, *(str(word) for word in command)],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=dict(environment) if environment is not None else {"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        start_new_session=True,
    )


def stop(child: subprocess.Popen[bytes], farewell: signal.Signals, *, patience: float = 4.0) -> None:
    """Ask a program to end, wait up to `patience` seconds, then kill it and what it left in its session."""
    if child.poll() is None:
        child.send_signal(farewell)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill a program, and all that it started and did not take along."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdin is not None:
        child.stdin.close()


def wait_until(is_ready: Callable[[], bool], child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait until a program is ready; False if it ended or the seconds ran out first."""
    deadline = time.monotonic() + seconds
    while child.poll() is None and time.monotonic() < deadline:
        if is_ready():
            return True
        time.sleep(0.03)
    return False


def last_lines(log: Path, count: int = 12) -> str:
    """Return the end of a log for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
