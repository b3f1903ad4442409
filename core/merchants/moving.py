"""Moves a merchant to a state: the event, the letter, and word to the catalogue when selling changes."""

from __future__ import annotations

from uuid import UUID

from core.hooks.events import SubjectEvent
from core.hooks.runtime import move, publish
from core.kernel import audit, clock, jobs
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.machine import check
from core.merchants import letters
from core.merchants.models import MerchantRow
from core.merchants.states import MACHINE


def locked(merchant_id: UUID | None) -> MerchantRow:
    """Lock a merchant's row. Raise Missing if there is none."""
    rows = lock(MerchantRow, [merchant_id] if merchant_id else [])
    if not rows:
        raise Missing("merchants.missing", _("There is no such merchant"))
    return rows[0]


def require_step(row: MerchantRow, target: str, *, source: tuple[str, ...] = MACHINE.states) -> None:
    """Raise Conflict unless the merchant is in one of the states and may go from there to the target."""
    check(MACHINE, row.state, target)
    if row.state not in source:
        raise Conflict("merchant.not_now", _("This cannot be done in its present state; look again"),
                       machine="merchant", source=row.state, target=target)  # fmt: skip


def moved(row: MerchantRow, target: str, letter: str, message: str = "", **facts: audit.Plain) -> None:
    """Move a locked merchant, publish it, write to it, and tell the catalogue when it may or may no longer sell."""
    source = move(MACHINE, row, target, **facts, **({"message": message} if message else {}))
    row.note = message
    event = SubjectEvent(
        new_id(), clock.now(), "merchant", target, row.id,
        {"name": row.name, "country": row.country, "kind": row.kind, "source": source},
    )  # fmt: skip
    publish(event, subject=row.id)
    letters.write(row, letter, message)
    if "approved" in (source, target):
        payload = {"merchant": str(row.id), "sells": target == "approved"}
        jobs.soon("catalogue.merchant_changed", payload, subject=f"merchant:{row.id}")
