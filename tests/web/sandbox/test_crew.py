"""The programs of a local run: shown, restarted, stopped in time, and gone when their starter is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from web.sandbox.console import Console
from web.sandbox.crew import Crew, Program
from web.sandbox.processes import CHECKOUT
from web.sandbox.settings import free_port_from, listens

HOLDER = """
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print(flush=True)
sys.stdin.read()
"""


@pytest.fixture
def crew(tmp_path) -> Iterator[Crew]:
    """Give a crew whose programs are modules in `tmp_path`."""
    made = Crew(Console(), {"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]})
    yield made
    made.stop()


def _write(folder, name: str, source: str) -> Program:
    (folder / f"{name}.py").write_text(source)
    return Program(name, (name,))


def test_finish_shows_output_and_returns_the_status(crew, tmp_path, capsys):
    program = _write(tmp_path, "breaks", "print('half', end=''); raise SystemExit(3)")
    assert crew.finish(program) == 3
    assert "breaks | half" in capsys.readouterr().out


def test_long_lines_of_a_program_are_shown_whole(crew, tmp_path, capsys):
    program = _write(tmp_path, "answers", "print('one'); print('x' * 200_000)")
    assert crew.finish(program) == 0
    assert f"answers | {'x' * 200_000}" in capsys.readouterr().out


def test_dead_program_is_started_again(crew, tmp_path, capsys):
    mark = tmp_path / "mark"
    crew.start(_write(tmp_path, "dies", f"open({str(mark)!r}, 'a').write('x')"))
    assert crew.watch(10, lambda: mark.exists() and mark.read_text() == "xx")
    assert "ended with status 0; starting it again in 1 s" in capsys.readouterr().out


def test_deaf_program_and_its_children_are_killed(crew, tmp_path, monkeypatch):
    monkeypatch.setattr("web.sandbox.crew.PATIENCE", 0.3)
    port = free_port_from(20_000 + os.getpid() % 5_000)
    source = (
        "import os, signal, socket, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"server = socket.create_server(('127.0.0.1', {port}))\n"
        "os.fork()\n"
        "time.sleep(60)\n"
    )
    crew.start(_write(tmp_path, "deaf", source))
    assert crew.watch(10, lambda: listens(port))
    crew.stop()
    assert not listens(port)


def test_taken_port_gives_way_to_the_next():
    port = free_port_from(25_000 + os.getpid() % 5_000)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        assert free_port_from(port) > port


def test_programs_end_when_their_starter_is_killed(tmp_path):
    port = free_port_from(15_000 + os.getpid() % 5_000)
    _write(
        tmp_path,
        "stays",
        f"import socket, time\ns = socket.create_server(('127.0.0.1', {port}))\ntime.sleep(60)\n",
    )
    source = (
        "from web.sandbox.console import Console\nfrom web.sandbox.crew import Crew, Program\n"
        f"crew = Crew(Console(), {{'PYTHONPATH': {str(tmp_path)!r}}})\n"
        "crew.start(Program('stays', ('stays',)))\ncrew.watch(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", source], cwd=CHECKOUT) as starter:
        _wait(lambda: listens(port))
        starter.send_signal(signal.SIGKILL)
    _wait(lambda: not listens(port))


def _wait(is_done) -> None:
    deadline = time.monotonic() + 10
    while not is_done():
        assert time.monotonic() < deadline
        time.sleep(0.05)
