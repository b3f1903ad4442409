"""Merchants that leave under the old rules: they may stay after all, and the marketplace settles with them in time."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.compliance import holdings
from core.hooks.runtime import move
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.locks import lock
from core.merchants import reviewing
from core.processes.policies.models import AcceptanceRow, ExitRow
from core.processes.policies.states import ACCEPTANCE, EXIT


def stay(merchant_id: UUID) -> None:
    """Stay after all: the exit ends and the version that was refused is accepted. Raise Missing if it is not leaving."""
    query = select(ExitRow.id).where(ExitRow.merchant_id == merchant_id, ExitRow.state == "leaving")
    key = session().scalar(query)
    if key is None:
        raise _missing()
    row = _locked(key)
    move(EXIT, row, "stayed")
    row.settled_at = clock.now()
    said = select(AcceptanceRow).where(AcceptanceRow.version_id == row.version_id,
                                       AcceptanceRow.merchant_id == merchant_id)  # fmt: skip
    answer = session().scalars(said.with_for_update()).one()
    move(ACCEPTANCE, answer, "accepted")
    answer.answered_at = clock.now()
    holdings.changed(row.id)


def settle(exit_id: UUID) -> None:
    """Close a merchant that leaves, once nothing of it is open. Raise Missing, or Conflict for what stands against it."""
    row = _locked(exit_id)
    reviewing.close(row.merchant_id, _("You have left under the rules before the change. Thank you for your time."))
    move(EXIT, row, "left")
    row.settled_at = clock.now()
    holdings.changed(row.id)


def _locked(exit_id: UUID) -> ExitRow:
    rows = lock(ExitRow, [exit_id])
    if not rows:
        raise _missing()
    return rows[0]


def _missing() -> Missing:
    return Missing("policies.no_exit", _("Nobody is leaving here"))
