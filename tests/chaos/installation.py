"""An installation as `make run` starts it, each part a process of its own that can be killed and comes back."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from web.sandbox import postgres, services, settings, valkey
from web.sandbox.binaries import postgres_programs, valkey_program
from web.sandbox.processes import CHECKOUT, Account, free_port, kill_group, server_account, spawn

SPARE = ("worker", "dispatcher", "valkey")
VICTIMS = ("web", "a web worker", "worker", "dispatcher", "valkey", "postgres")
_PAUSE = 0.3


@dataclass(slots=True)
class Part:
    """A process that is started again whenever it ends."""

    name: str
    command: list[str | Path]
    log: IO[bytes]
    environment: Mapping[str, str] | None = None
    account: Account | None = None
    child: subprocess.Popen[bytes] | None = None
    due: float = 0.0
    starts: int = 0

    def mend(self) -> None:
        """Start the process unless it runs."""
        if self.child is not None and self.child.poll() is not None:
            kill_group(self.child)
            self.child, self.due = None, time.monotonic() + _PAUSE
        if self.child is None and time.monotonic() >= self.due:
            self.starts += 1
            self.child = spawn(
                self.command, output=self.log, environment=self.environment, account=self.account, folder=CHECKOUT
            )

    def kill(self) -> None:
        """Kill the process and all that it started, at once."""
        if self.child is not None:
            kill_group(self.child)


@dataclass(slots=True)
class Installation:
    """Where the parts answer. Only the thread that started them may mend and kill them."""

    port: int
    stripe_url: str
    stripe_key: str
    environment: Mapping[str, str]
    logs: Path
    parts: dict[str, Part] = field(default_factory=dict)
    kills: list[str] = field(default_factory=list)

    def mend(self) -> None:
        """Start again what has ended."""
        for part in self.parts.values():
            part.mend()

    def kill(self, victim: str) -> None:
        """Kill one part with -9; it comes back with the next `mend`."""
        self.kills.append(victim)
        if victim == "a web worker":
            self._kill_a_web_worker()
        else:
            self.parts[victim].kill()

    def _kill_a_web_worker(self) -> None:
        child = self.parts["web"].child
        workers = children_of(child.pid) if child is not None else []
        if workers:
            os.kill(random.choice(workers), signal.SIGKILL)

    def answers(self) -> bool:
        """Tell whether the web server and its database answer."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as link:
                link.settimeout(5)
                link.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return b" 200 " in link.recv(100)
        except OSError:
            return False


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that still live."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@contextmanager
def installation(root: Path, *, workers: int = 2) -> Iterator[Installation]:
    """Start everything below a folder of its own; end everything at the end. Call it from the main thread."""
    with ExitStack() as stack:
        home = root / "home"
        services._prepare(home)
        secret = services.keep_secret(home / services.SECRET)
        urls = _laid_out(home, secret)
        port = settings.free_port_from(18_000)
        stripe = settings.stand_in(home, free_port())
        assert stripe is not None, "unset STRIPE_API_KEY"
        environment = settings.environment(home, urls, stripe, port)
        found = Installation(port, stripe.url, stripe.key, environment, root / "logs")
        found.logs.mkdir()
        stack.callback(_end, found)
        for name, command in _servers(home, urls).items():
            _add(found, stack, name, command, account=server_account())
        _until(found, lambda: _listen(urls), "PostgreSQL and Valkey")
        _finish(environment, "migrations.run", "upgrade")
        words = ["web.sandbox.stripe", "--port", str(stripe.port), "--data", str(stripe.data), "--key", stripe.key]
        words += ["--webhook", f"http://127.0.0.1:{port}{settings.STRIPE_WEBHOOK_PATH}"]
        _add_python(found, stack, "stripe", [*words, "--webhook-secret", stripe.webhook_secret])
        web = ["granian", "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "1"]
        web += ["--respawn-failed-workers", "--respawn-interval", "0.5"]
        _add_python(found, stack, "web", [*web, "--host", "127.0.0.1", "--port", str(port), "wsgi:app"])
        _add_python(found, stack, "worker", ["flask", "--app", "wsgi", "worker"])
        _add_python(found, stack, "dispatcher", ["flask", "--app", "wsgi", "dispatch"])
        _until(found, found.answers, "the web server")
        yield found


def _laid_out(home: Path, secret: str) -> services.Services:
    """Make the data folders, and choose ports that stay the same over restarts."""
    with ExitStack() as first:
        redis_url = valkey.start(home, secret, first, durable=True)
        database_url = postgres.start(home, secret, first, durable=True)
    return services.Services(database_url, redis_url, owned=True)


def _servers(home: Path, urls: services.Services) -> dict[str, list[str | Path]]:
    data = home / postgres.CLUSTER
    command: list[str | Path] = [postgres_programs() / "postgres", "-D", data, "-p", str(_port(urls.database_url))]
    for name, value in postgres.SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    return {"postgres": command, "valkey": [valkey_program(), home / valkey.FOLDER / "valkey.conf"]}


def _port(url: str) -> int:
    return int(url.rpartition("@")[2].partition(":")[2].partition("/")[0])


def _listen(urls: services.Services) -> bool:
    return all(settings.listens(_port(url)) for url in (urls.database_url, urls.redis_url))


def _add(found: Installation, stack: ExitStack, name: str, command: list[str | Path], **more: Account | None) -> None:
    log = stack.enter_context((found.logs / f"{name}.log").open("ab"))
    found.parts[name] = Part(name, command, log, account=more.get("account"))
    found.mend()


def _add_python(found: Installation, stack: ExitStack, name: str, words: list[str]) -> None:
    log = stack.enter_context((found.logs / f"{name}.log").open("ab"))
    found.parts[name] = Part(name, [sys.executable, "-m", *words], log, environment=found.environment)
    found.mend()


def _finish(environment: Mapping[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "-m", *words], env=dict(environment), cwd=CHECKOUT, check=True,
                   stdout=subprocess.DEVNULL, timeout=120)  # fmt: skip


def _until(found: Installation, is_so, what: str, seconds: float = 90) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not start; see {found.logs}")
        found.mend()
        time.sleep(0.2)


def _end(found: Installation) -> None:
    for part in reversed(found.parts.values()):
        if part.child is not None and part.child.poll() is None:
            part.child.send_signal(signal.SIGINT if part.name == "postgres" else signal.SIGTERM)
    waits = [threading.Thread(target=_wait, args=(part,)) for part in found.parts.values()]
    for wait in waits:
        wait.start()
    for wait in waits:
        wait.join()


def _wait(part: Part) -> None:
    if part.child is not None:
        with suppress(subprocess.TimeoutExpired):
            part.child.wait(5)
        kill_group(part.child)
