"""Runs the embedded PostgreSQL on a data folder of its own."""

import shutil
import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg

from web.sandbox.binaries import postgres_programs
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

DATABASE = "galleria"
SUPERUSER = "galleria"
CLUSTER = "postgres-18"
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_preload_libraries": "pg_stat_statements",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def start(home: Path, password: str, stack: ExitStack, *, durable: bool) -> str:
    """Start PostgreSQL until the stack closes; return the URL of its superuser and the product's database.

    Without `durable` a power cut may cost the data, a killed process does not. Raise StartError.
    """
    log = home / "postgres.log"
    data = home / CLUSTER
    log.write_bytes(b"")
    if not data.exists():
        _initialise(data, password, log)
    options = SETTINGS if durable else SETTINGS | FORGETFUL
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        port = _try_start(data, password, log, options, stack)
        if port is not None:
            _create_database(port, password)
            return f"postgresql+psycopg://{SUPERUSER}:{password}@127.0.0.1:{port}/{DATABASE}"
        # After a kill -9 the old server's children hold the data folder for about two seconds.
        time.sleep(0.25)
    raise StartError(f"PostgreSQL did not start:\n{last_lines(log)}")


def _initialise(data: Path, password: str, log: Path) -> None:
    """Make the data folder beside its place and move it there, so that an interrupted one is never used."""
    account = server_account()
    draft = data.with_name(f"{data.name}.new")
    password_file = data.with_name("postgres.password")
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft, account)
    write_private(password_file, password, account)
    command: list[str | Path] = [postgres_programs() / "initdb", "-D", draft, "-U", SUPERUSER]
    command += [f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"]
    with log.open("ab") as output:
        child = spawn(command, output=output, account=account)
        try:
            status = child.wait()
        finally:
            stop(child, signal.SIGTERM)
            password_file.unlink()
    if status:
        raise StartError(f"initdb failed:\n{last_lines(log)}")
    draft.rename(data)


def _try_start(data: Path, password: str, log: Path, options: dict[str, str], stack: ExitStack) -> int | None:
    """Start the server once; return its port when it answers, None when it ended before."""
    port = free_port()
    command: list[str | Path] = [postgres_programs() / "postgres", "-D", data, "-p", str(port)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with ExitStack() as attempt, log.open("ab") as output:
        child: subprocess.Popen[bytes] = spawn(command, output=output, farewell=signal.SIGINT, account=server_account())
        attempt.callback(stop, child, signal.SIGINT)
        if wait_until(lambda: _answers(port, password), child, 60):
            stack.push(attempt.pop_all())
            return port
    return None


def _connect(port: int, password: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=SUPERUSER,
        password=password,
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
    )


def _answers(port: int, password: str) -> bool:
    try:
        _connect(port, password).close()
    except psycopg.OperationalError:
        return False
    return True


def _create_database(port: int, password: str) -> None:
    """Create the product's database where the data folder is new."""
    with _connect(port, password) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone()
        if found is None:
            connection.execute(f'create database "{DATABASE}"')
