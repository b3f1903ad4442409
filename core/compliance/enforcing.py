"""What a finding does while its rule is enforced: it takes a listing off the shelf, and lifts that when put right."""

from __future__ import annotations

from sqlalchemy import exists, select

from core.catalogue import moderation
from core.catalogue.models import ListingRow
from core.compliance.models import FindingRow
from core.compliance.phrases import said
from core.kernel.db import session
from core.kernel.errors import Conflict


def apply(row: FindingRow) -> None:
    """Take the listing of a blocking finding off the shelf, if it is there; lift it if the finding blocks no longer."""
    if row.subject_kind != "listing":
        return
    if not row.is_blocking:
        lift(row)
        return
    state = session().scalar(select(ListingRow.state).where(ListingRow.id == row.subject_id))
    if state in ("live", "review"):
        moderation.block(row.subject_id, said(row.why, row.facts)[:1000])
        row.has_blocked = True


def lift(row: FindingRow) -> None:
    """Lift the block that a finding has set, unless another finding still stands against the listing."""
    if not row.has_blocked:
        return
    row.has_blocked = False
    session().flush()
    others = exists().where(FindingRow.subject_id == row.subject_id, FindingRow.is_blocking, FindingRow.id != row.id)
    if session().scalar(select(others)):
        return
    try:
        moderation.unblock(row.subject_id)
    except Conflict:
        return  # The operator has decided something else in the meantime.
