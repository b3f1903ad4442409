"""Makes the environment `.venv` from the hashed lock file; runs on the bare system Python.

A stamp in the environment names the lock file it was made from, so that a second call costs nothing.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ENVIRONMENT = CHECKOUT / ".venv"
INTERPRETER = ENVIRONMENT / "bin" / "python"
LOCK = CHECKOUT / "requirements.lock"
STAMP = ENVIRONMENT / ".lock-hash"
FETCHING = ("Collecting ", "Processing ")
NO_VENV = """\
This Python cannot make environments: its modules `venv` and `ensurepip` are not installed.
On Debian and Ubuntu:  apt install python3-venv
Then run the same command again."""


def main() -> int:
    """Make or renew the environment where it is missing or older than the lock file."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if _is_current(wanted):
        return 0
    with (CHECKOUT / ".venv.making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return 0 if _is_current(wanted) else _make(wanted)
        except KeyboardInterrupt:
            _say("Stopped. The same command takes it up again.")
            return 130


def _is_current(wanted: str) -> bool:
    return INTERPRETER.exists() and STAMP.exists() and STAMP.read_text() == wanted


def _make(wanted: str) -> int:
    started = time.monotonic()
    if not _runs():
        _say("Making the environment .venv")
        if find_spec("ensurepip") is None and find_spec("pip") is None:
            _say(NO_VENV)
            return 1
        _create()
    status = _install(started)
    if status == 0:
        STAMP.write_text(wanted)
        _say(f"The environment is ready ({time.monotonic() - started:.0f} s)")
    return status


def _runs() -> bool:
    """Say whether the environment's interpreter works: it does not once its Python was removed."""
    if not INTERPRETER.exists():
        return False
    return subprocess.run([INTERPRETER, "-c", ""], check=False).returncode == 0  # noqa: S603


def _create() -> None:
    if ENVIRONMENT.is_dir() and not ENVIRONMENT.is_symlink():
        shutil.rmtree(ENVIRONMENT)
    options = [] if find_spec("ensurepip") else ["--without-pip"]
    subprocess.run([sys.executable, "-m", "venv", *options, ENVIRONMENT], check=True)  # noqa: S603


def _install(started: float) -> int:
    """Install what the lock file names, counting the packages aloud; return pip's exit status."""
    has_pip = subprocess.run([INTERPRETER, "-c", "import pip"], check=False, capture_output=True)  # noqa: S603
    pip = [str(INTERPRETER), "-m", "pip"]
    if has_pip.returncode:
        pip = [sys.executable, "-m", "pip", "--python", str(INTERPRETER)]
    options = ["--require-hashes", "--no-deps", "--no-input", "--disable-pip-version-check", "--no-compile"]
    command = [*pip, "install", *options, "--progress-bar", "off", "-r", str(LOCK)]
    total = sum(1 for line in LOCK.read_text().splitlines() if line[:1].isalnum())
    kept: list[str] = []
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as child:
        for line in child.stdout or ():
            kept.append(line)
            _count(kept, total, started)
    if child.returncode:
        _say("".join(kept[-15:]) + "Installing the packages failed; pip's last words are above.")
    return child.returncode


def _count(lines: list[str], total: int, started: float) -> None:
    """Show progress at every tenth package, and when the installing proper begins."""
    seconds = time.monotonic() - started
    fetched = sum(1 for line in lines if line.startswith(FETCHING))
    if lines[-1].startswith(FETCHING) and fetched % 10 == 0:
        _say(f"  fetched {fetched} of {total} packages ({seconds:.0f} s)")
    if lines[-1].startswith("Installing"):
        _say(f"  installing {fetched} packages ({seconds:.0f} s)")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
