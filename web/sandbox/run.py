"""Starts all of Galleria on this machine, shows where it is, and stops all of it on Ctrl-C: `make run`."""

import argparse
import fcntl
import http.client
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from web.sandbox import settings
from web.sandbox.console import Console
from web.sandbox.crew import Crew, Program
from web.sandbox.processes import CHECKOUT, StartError, make_folder, state_folder, write_private
from web.sandbox.services import Services, local_services

FOREVER = float(3 * 365 * 86_400)
_TOLD = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "MEDIA_ROOT", "SMTP_URL")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A person of the demo data and the surface that they sign in to."""

    surface: str
    url: str
    email: str
    password: str


def main() -> int:
    """Run until stopped; return 1 if a step of the start fails."""
    arguments = _arguments()
    console = Console()
    for number in STOP_SIGNALS:
        signal.signal(number, _stop_once)
    try:
        with ExitStack() as stack:
            _run(arguments, console, stack)
    except StartError as error:
        console.step(str(error))
        return 1
    except KeyboardInterrupt:
        console.step("Everything is stopped.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m web.sandbox.run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="first port to try")
    parser.add_argument("--workers", type=int, default=min(max(os.cpu_count() or 1, 2), 4))
    return parser.parse_args()


def _stop_once(_number: int, _frame: FrameType | None) -> None:
    """Begin the end, and let nothing interrupt it: it takes ten seconds at most."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _run(arguments: argparse.Namespace, console: Console, stack: ExitStack) -> None:
    """Start everything in order, then watch over it until a signal comes."""
    home = make_folder(state_folder())
    run_file = _claim(home, stack)
    services = _services(console, home, stack)
    port = settings.free_port_from(arguments.port)
    if port != arguments.port:
        console.step(f"Port {arguments.port} is taken: Galleria uses port {port} instead.")
    stripe = settings.stand_in(home, settings.free_port_from(port + 1))
    environment = settings.environment(home, services, stripe, port)
    base_url = environment["BASE_URL"]
    _tell_commands(environment, stack)
    crew = Crew(console, environment)
    stack.callback(crew.stop)
    stack.callback(console.step, "Stopping ...")
    _step(crew, console, "Bringing the tables up to date", Program("migrate", ("migrations.run", "upgrade")))
    _step(crew, console, "Building styles and scripts", Program("assets", ("web.assets",)))
    if stripe is not None:
        _start_stripe(crew, console, stripe, base_url)
    logins = home / "demo.logins"
    logins.unlink(missing_ok=True)
    _step(crew, console, "Filling in demo data", _flask("demo", "demo", "seed", "--if-empty", "--logins", str(logins)))
    _start_product(crew, console, port, arguments.workers)
    run_file.write_text(base_url)
    console.block(_addresses(console, base_url, stripe, _demo_logins(logins), home))
    crew.watch(FOREVER)


def _tell_commands(environment: Mapping[str, str], stack: ExitStack) -> None:
    """Write down, for this account alone, how `flask` commands of this checkout reach what runs here."""
    file = make_folder(CHECKOUT / ".local") / "environment"
    names = [name for name in environment if name.startswith(("STRIPE_", "GALLERIA_", "MAIL_")) or name in _TOLD]
    write_private(file, json.dumps({name: environment[name] for name in names}))
    stack.callback(file.unlink, missing_ok=True)


def _claim(home: Path, stack: ExitStack) -> Path:
    """Make sure that this checkout runs once; return the file that tells others its address."""
    lock = stack.enter_context((home / "run.lock").open("a"))
    run_file = home / "run.url"
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        where = run_file.read_text() if run_file.exists() else "and is just starting"
        raise StartError(f"Galleria already runs from this checkout: {where}") from None
    run_file.unlink(missing_ok=True)
    stack.callback(run_file.unlink, missing_ok=True)
    return run_file


def _services(console: Console, home: Path, stack: ExitStack) -> Services | None:
    """Start the servers that the environment does not name."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if not missing:
        console.step("Using the PostgreSQL and Redis servers that DATABASE_URL and REDIS_URL name")
        return None
    console.step("Starting PostgreSQL and Valkey")
    return stack.enter_context(local_services(home))


def _flask(name: str, *words: str) -> Program:
    return Program(name, ("flask", "--app", "wsgi", *words))


def _step(crew: Crew, console: Console, text: str, program: Program) -> None:
    """Run one step of the start to its end. Raise StartError if it fails."""
    console.step(text)
    status = crew.finish(program)
    if status:
        raise StartError(f"{text} failed (status {status}); its output is above.")


def _start_stripe(crew: Crew, console: Console, stripe: settings.StandIn, base_url: str) -> None:
    console.step("Starting the local stand-in for Stripe")
    words = ["web.sandbox.stripe", "--port", str(stripe.port), "--data", str(stripe.data)]
    words += ["--key", stripe.key, "--webhook", base_url + settings.STRIPE_WEBHOOK_PATH]
    words += ["--webhook-secret", stripe.webhook_secret]
    crew.start(Program("stripe", tuple(words)))
    if not crew.watch(30, lambda: settings.listens(stripe.port)):
        raise StartError("The stand-in for Stripe does not answer; its output is above.")


def _start_product(crew: Crew, console: Console, port: int, workers: int) -> None:
    """Start the web server, the worker and the dispatcher, and wait until pages are served."""
    console.step("Starting the web server, the worker and the dispatcher")
    words = ["granian", "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "1"]
    words += ["--respawn-failed-workers", "--respawn-interval", "0.5"]
    words += ["--host", "127.0.0.1", "--port", str(port), "wsgi:app"]
    crew.start(Program("web", tuple(words)))
    crew.start(_flask("worker", "worker"))
    crew.start(_flask("dispatcher", "dispatch"))
    if not crew.watch(60, lambda: _serves(port)):
        console.step("The web server does not answer yet; see its lines above.")


def _serves(port: int) -> bool:
    """Say whether the web server answers a request, with whatever status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _demo_logins(file: Path) -> list[DemoLogin]:
    """Return the demo's people, as the seed has written them; none where the database holds other data."""
    if not file.exists():
        return []
    rows = json.loads(file.read_text())
    return [DemoLogin(str(row["surface"]), str(row["url"]), str(row["email"]), str(row["password"])) for row in rows]


def _addresses(
    console: Console, base_url: str, stripe: settings.StandIn | None, logins: list[DemoLogin], home: Path
) -> list[str]:
    """Return the lines that say where everything is and who can sign in."""
    lines = [f"Galleria is ready ({console.elapsed():.0f} s)", ""]
    if not logins:
        lines += [f"Platform console    {base_url}/platform/"]
    for login in logins:
        lines += [f"{login.surface:<20}{login.url}", f"{'':<20}{login.email}   {login.password}"]
    if stripe is not None:
        lines += [f"{'Stripe stand-in':<20}{stripe.url}/"]
    return [*lines, "", f"Data is in {home}. Ctrl-C stops everything."]


if __name__ == "__main__":
    sys.exit(main())
