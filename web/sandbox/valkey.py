"""Runs the embedded Valkey (a Redis server) on a data folder of its own."""

import signal
import socket
from contextlib import ExitStack
from pathlib import Path

from web.sandbox.binaries import valkey_program
from web.sandbox.processes import (
    StartError,
    free_port,
    last_lines,
    make_folder,
    server_account,
    spawn,
    stop,
    wait_until,
    write_private,
)

FOLDER = "valkey-9"


def start(home: Path, password: str, stack: ExitStack, *, durable: bool) -> str:
    """Start Valkey until the stack closes; return its URL. Without `durable` nothing is written to disk.

    Raise StartError.
    """
    account = server_account()
    log = home / "valkey.log"
    data = make_folder(home / FOLDER, account)
    # A file and not arguments: every user of the machine can read those.
    settings = data / "valkey.conf"
    port = free_port()
    write_private(settings, _settings(data, port, password, durable=durable), account)
    with ExitStack() as attempt, log.open("wb") as output:
        child = spawn([valkey_program(), settings], output=output, account=account)
        attempt.callback(stop, child, signal.SIGTERM)
        if not wait_until(lambda: _answers(port, password), child, 60):
            raise StartError(f"Valkey did not start:\n{last_lines(log)}")
        stack.push(attempt.pop_all())
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _settings(data: Path, port: int, password: str, *, durable: bool) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f'dir "{data}"',
        f"requirepass {password}",
        f"appendonly {'yes' if durable else 'no'}",
        'save ""',
        "maxmemory-policy noeviction",
    ]
    return "\n".join(lines) + "\n"


def _answers(port: int, password: str) -> bool:
    """Say whether the server has read its data: until then it answers with LOADING."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as link:
            link.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = link.recv(200)
                if not part:
                    return False
                answer += part
    except OSError:
        return False
    return answer.endswith(b"+PONG\r\n")
