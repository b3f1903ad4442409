"""How policy versions are found and locked by the services of this area."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.locks import lock
from core.processes.policies.models import VersionRow


def locked(version_id: UUID) -> VersionRow:
    """Lock a version. Raise Missing if there is none."""
    rows = lock(VersionRow, [version_id])
    if not rows:
        raise _missing()
    return rows[0]


def row_of(version_id: UUID) -> VersionRow:
    """Return a version's row without locking it. Raise Missing if there is none."""
    row = session().scalars(select(VersionRow).where(VersionRow.id == version_id)).one_or_none()
    if row is None:
        raise _missing()
    return row


def in_force(kind: str) -> VersionRow | None:
    """Return the version of a policy that is in force."""
    query = select(VersionRow).where(VersionRow.kind == kind, VersionRow.state == "in_force")
    return session().scalars(query).one_or_none()


def require(row: VersionRow, *states: str) -> None:
    """Raise Conflict unless the version is in one of the states."""
    if row.state not in states:
        raise Conflict("policies.not_now", _("This cannot be done with the version as it stands; look again"))


def _missing() -> Missing:
    return Missing("policies.missing", _("There is no such version"))
