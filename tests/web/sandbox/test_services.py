"""The embedded servers: shared while their owner lives, gone with it, their data kept."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from web.sandbox.processes import CHECKOUT, KEEPER
from web.sandbox.services import Services, is_in_use, local_services

OWNER = """
import dataclasses, json, pathlib, sys, time
from web.sandbox.services import local_services
with local_services(pathlib.Path(sys.argv[1])) as services:
    print(json.dumps(dataclasses.asdict(services)), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def root() -> Iterator[Path]:
    """Give a folder that the servers' account can enter, which pytest's own are not for root."""
    folder = Path(tempfile.mkdtemp(prefix="galleria-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make_owner(root: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], Services]]]:
    """Start processes that own the servers until their standard input ends."""
    started: list[subprocess.Popen[str]] = []

    def start() -> tuple[subprocess.Popen[str], Services]:
        command = [sys.executable, "-c", OWNER, str(root)]
        child = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(child)
        return child, Services(**json.loads(child.stdout.readline()))

    yield start
    for child in started:
        child.communicate()


def _database(services: Services) -> psycopg.Connection:
    return psycopg.connect(services.database_url.replace("+psycopg", ""), autocommit=True)


def _listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port)) == 0


def test_second_caller_reuses_the_servers_and_leaves_them_running(root, make_owner):
    owner, services = make_owner()
    with local_services(root) as second:
        assert second == Services(services.database_url, services.redis_url, owned=False)
    with _database(services) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert is_in_use(root)
    owner.communicate()
    assert not is_in_use(root)
    assert not _listens(services.database_url)
    assert not _listens(services.redis_url)


def test_killed_owner_leaves_data_and_nothing_that_blocks_the_next_start(root, make_owner):
    owner, before = make_owner()
    with _database(before) as connection, redis.Redis.from_url(before.redis_url) as queue:
        connection.execute("create table kept as select generate_series(1, 1000) as n")
        queue.set("kept", "1000")
    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()
    with local_services(root) as after:
        assert after.owned
        with _database(after) as connection, redis.Redis.from_url(after.redis_url) as queue:
            assert connection.execute("select count(*) from kept").fetchone() == (1000,)
            assert queue.get("kept") == b"1000"


def test_servers_demand_their_password_and_serve_this_machine_only(root):
    with local_services(root, durable=False) as services:
        database, queue = urlsplit(services.database_url), urlsplit(services.redis_url)
        for password in ("", "wrong"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(host="127.0.0.1", port=database.port, user=database.username, password=password)
        with (
            redis.Redis(port=queue.port, retry=Retry(NoBackoff(), 0)) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()
        with _database(services) as connection:
            shown = connection.execute(
                "select current_setting('listen_addresses'), current_setting('fsync'),"
                " current_setting('max_connections'), rolsuper from pg_roles where rolname = current_user"
            ).fetchone()
        assert shown == ("127.0.0.1", "off", "200", True)
        secrets = [file for file in root.iterdir() if file.suffix in (".secret", ".json")]
        assert {file.stat().st_mode & 0o077 for file in secrets} == {0}


def test_keeper_ends_its_program_when_the_starter_is_gone():
    """What macOS uses, tried on every system. A shell's background job ignores SIGINT, and so would its children."""
    words = ["watch", str(int(signal.SIGTERM)), str(os.getpid()), "-", "/bin/sleep", "60"]
    command = [sys.executable, "-I", "-S", str(KEEPER), *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as keeper:
        with pytest.raises(subprocess.TimeoutExpired):
            keeper.wait(0.3)
        keeper.stdin.close()
        assert keeper.wait(5) == 256 - signal.SIGTERM
