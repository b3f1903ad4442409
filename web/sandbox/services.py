"""Gives local PostgreSQL and Valkey servers to whoever has none, and shares them between processes.

The first process that asks starts the servers and owns them; later ones reuse them while it lives. When the
owner ends, by whatever means, its servers end.
"""

import contextlib
import fcntl
import json
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from web.sandbox import postgres, valkey
from web.sandbox.processes import ROOT_STATE, StartError, is_root, state_folder, write_private

STATE = "services.json"
LOCK = "services.lock"
SECRET = "servers.secret"  # noqa: S105 - the name of a file


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses of running servers."""

    database_url: str
    """A superuser's, in SQLAlchemy's form."""
    redis_url: str
    owned: bool
    """Whether this process started them, and so ends them."""


@contextlib.contextmanager
def local_services(root: Path | None = None, durable: bool = True) -> Iterator[Services]:
    """Run PostgreSQL and Valkey with their data in `root`, or reuse those that another process runs there.

    Without `durable` they are fast and may lose data in a power cut: for tests, with a root of their own.
    Call it from the main thread. Raise StartError.
    """
    home = root if root is not None else state_folder()
    _prepare(home)
    with (home / LOCK).open("a") as lock, ExitStack() as stack:
        yield _reuse_or_own(home, lock, stack, durable=durable)


def _reuse_or_own(home: Path, lock: IO[str], stack: ExitStack, *, durable: bool) -> Services:
    """Own the servers if the lock is free, else wait for the owner to have started them."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if take(lock):
            return _start(home, stack, durable=durable)
        running = _read_state(home)
        if running is not None and _listening(running):
            return running
        time.sleep(0.1)
    raise StartError(f"another process has held {home / LOCK} for two minutes without starting the servers")


def _start(home: Path, stack: ExitStack, *, durable: bool) -> Services:
    """Start both servers, and write their addresses down for other processes."""
    state = home / STATE
    state.unlink(missing_ok=True)
    password = keep_secret(home / SECRET)
    redis_url = valkey.start(home, password, stack, durable=durable)
    database_url = postgres.start(home, password, stack, durable=durable)
    services = Services(database_url, redis_url, owned=True)
    write_private(state, json.dumps(asdict(services)))
    stack.callback(state.unlink, missing_ok=True)
    return services


def is_in_use(root: Path) -> bool:
    """Say whether a live process runs servers in the folder."""
    if not (root / LOCK).exists():
        return False
    with (root / LOCK).open("a") as lock:
        return not take(lock)


def keep_secret(file: Path) -> str:
    """Return the secret in a file, made at first use: 48 hexadecimal digits."""
    if not file.exists():
        write_private(file, secrets.token_hex(24))
    return file.read_text()


def _prepare(home: Path) -> None:
    """Create the folder; the servers' account must be able to enter it."""
    home.mkdir(parents=True, exist_ok=True)
    if not is_root():
        home.chmod(0o700)
        return
    for folder in (home, *home.parents):
        if folder.is_relative_to(ROOT_STATE):
            folder.chmod(0o755)
    home.chmod(0o755)
    closed = [folder for folder in home.absolute().parents if not folder.stat().st_mode & 0o001]
    if closed:
        raise StartError(f"{closed[0]} is closed to the account nobody, under which root runs the servers")


def take(lock: IO[str]) -> bool:
    """Take the owner's lock if it is free; the system frees it when its holder dies."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_state(home: Path) -> Services | None:
    try:
        stored = json.loads((home / STATE).read_text())
    except FileNotFoundError:
        return None
    return Services(stored["database_url"], stored["redis_url"], owned=False)


def _listening(services: Services) -> bool:
    """Say whether both servers take connections."""
    for url in (services.database_url, services.redis_url):
        try:
            socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), 1).close()
        except OSError:
            return False
    return True
