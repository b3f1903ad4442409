"""Where the bytes of files lie: a folder for each tenant, named by content, behind five methods.

Another store (an object store) takes its place by implementing the same five.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol
from uuid import UUID

from core.kernel.ids import new_id
from core.kernel.tenancy import current_id


class Store(Protocol):
    """Keeps blobs of the bound tenant under names made of a hash."""

    def write(self, name: str, data: bytes) -> None:
        """Keep bytes under a name; the same name has the same bytes, so writing again changes nothing."""

    def read(self, name: str) -> bytes | None:
        """Return the bytes, or None if there are none."""

    def exists(self, name: str) -> bool:
        """Tell whether there are bytes under the name."""

    def delete(self, name: str) -> None:
        """Remove the bytes; nothing happens if there are none."""

    def clear(self, tenant_id: UUID) -> None:
        """Remove everything of a tenant."""


class FolderStore:
    """Files below one root: `<root>/<tenant>/<first two letters>/<name>`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, name: str) -> Path:
        if not name.replace(".", "").isalnum():
            raise ValueError(f"not the name of a blob: {name!r}")
        return self._root / str(current_id()) / name[:2] / name

    def write(self, name: str, data: bytes) -> None:
        """Keep bytes under a name: whole, or not at all."""
        path = self._path(name)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        passing = path.with_name(f"{path.name}.{new_id().hex}")
        passing.write_bytes(data)
        os.replace(passing, path)

    def read(self, name: str) -> bytes | None:
        """Return the bytes, or None if there are none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def exists(self, name: str) -> bool:
        """Tell whether there are bytes under the name."""
        return self._path(name).exists()

    def delete(self, name: str) -> None:
        """Remove the bytes; nothing happens if there are none."""
        self._path(name).unlink(missing_ok=True)

    def clear(self, tenant_id: UUID) -> None:
        """Remove everything of a tenant."""
        folder = self._root / str(tenant_id)
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        if folder.exists():
            folder.rmdir()


_store: list[Store] = []


def configure(root: Path) -> None:
    """Keep files below a folder; the composition root says which."""
    _store[:] = [FolderStore(root)]


def install(store: Store) -> None:
    """Keep files in another store."""
    _store[:] = [store]


def files() -> Store:
    """Return the process's store. Raise RuntimeError before the composition root has set it."""
    if not _store:
        raise RuntimeError("no file store is configured; web.app does it")
    return _store[0]
