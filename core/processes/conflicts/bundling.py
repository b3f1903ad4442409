"""Keeping bundles of evidence: the log, whose seals chain it, names each by the hash of its bytes."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.ids import new_id
from core.media.store import files
from core.processes.conflicts import moving
from core.processes.conflicts.models import BundleRow


def name_of(digest: str) -> str:
    """Return a bundle's name in the file store."""
    return f"{digest}.zip"


def store(content: bytes) -> str:
    """Keep the bytes of a bundle and return their SHA-256. Slow: outside of transactions."""
    digest = hashlib.sha256(content).hexdigest()
    files().write(name_of(digest), content)
    return digest


def keep(conflict_id: UUID, digest: str, size: int) -> UUID:
    """Note a bundle that lies in the store; the log takes its hash down."""
    row = moving.locked(conflict_id)
    bundle = BundleRow(id=new_id(), conflict_id=row.id, digest=digest, bytes=size, made_by=audit.actor().name[:120])
    session().add(bundle)
    session().flush()
    audit.record("conflict.bundled", "conflict", row.id, sha256=digest, bytes=size)
    return bundle.id


def read(conflict_id: UUID, bundle_id: UUID) -> bytes:
    """Return a bundle's bytes. Raise Missing if there is none, or the bytes are not what the log says of them."""
    query = select(BundleRow).where(BundleRow.id == bundle_id, BundleRow.conflict_id == conflict_id)
    row = session().scalars(query).one_or_none()
    content = files().read(name_of(row.digest)) if row else None
    if row is None or content is None or hashlib.sha256(content).hexdigest() != row.digest:
        raise Missing("conflicts.no_bundle", _("There is no such bundle"))
    return content
