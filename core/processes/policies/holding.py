"""What rules read of policies: the clocks of a change, whether old versions can be read, and leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.compliance import holdings
from core.compliance.facts import Tree
from core.compliance.snapshots import local
from core.kernel.db import session
from core.processes.policies.accepting import EXIT
from core.processes.policies.models import ExitRow, VersionRow
from core.processes.policies.publishing import SOURCE
from core.processes.policies.states import PUBLIC


def _version(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Tree]]:
    """The storefront draws the notice on its home page itself as long as a change is open or published."""
    rows = session().scalars(select(VersionRow).where(VersionRow.id.in_(ids)))
    return {
        row.id: {"v": {
            "no": row.number, "material": row.is_weighty, "home_page_banner": row.published_at is not None,
            "comment_opens_at": local(row.comment_opens_at), "comment_closes_at": local(row.comment_closes_at),
            "answers_published_at": local(row.answers_published_at), "published_at": local(row.published_at),
            "effective_at": local(row.effective_at), "notified_at": local(row.notified_at), "medium": "email",
            "adaptation_days": row.adaptation_days,
        }}
        for row in rows
    }  # fmt: skip


def _exit(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Tree]]:
    """An exit cannot be refused and costs nothing: there is no step for either. One that stayed is settled by that."""
    rows = session().scalars(select(ExitRow).where(ExitRow.id.in_(ids)))
    return {
        row.id: {"exit": {
            "requested_at": local(row.requested_at), "refused": False, "fee_charged": None,
            "objected_version": row.objected_number, "governing_version": row.governing_number,
            "settled_at": local(row.settled_at),
        }}
        for row in rows
    }  # fmt: skip


def _house() -> Mapping[str, Tree]:
    """Every version that anybody may read has a page of its own, linked from the foot of every page."""
    query = select(VersionRow).where(VersionRow.state.in_(PUBLIC), VersionRow.effective_at.is_not(None))
    rows = session().scalars(query.order_by(VersionRow.kind, VersionRow.number)).all()
    if not rows:
        return {}
    versions: list[Tree] = [
        {"no": f"{row.kind} {row.number}", "effective_at": local(row.effective_at), "ended_at": local(row.ended_at),
         "reachable": True}
        for row in rows
    ]  # fmt: skip
    return {"home_page_link": True, "versions": versions}


holdings.register(SOURCE, _version)
holdings.register(EXIT, _exit)
holdings.register_house(_house)
