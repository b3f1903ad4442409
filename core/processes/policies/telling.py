"""Telling merchants of a version in turns, with a proof for each; and noting who said nothing by its day."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.compliance import holdings
from core.hooks.runtime import move
from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id
from core.merchants import letters
from core.merchants.letters import LETTERS, Letter
from core.merchants.models import MerchantRow
from core.processes.policies.finding import locked, row_of
from core.processes.policies.kinds import KINDS
from core.processes.policies.models import AcceptanceRow, VersionRow
from core.processes.policies.states import ACCEPTANCE

TELL, SILENT = "policies.tell", "policies.fall_silent"
BATCH = 200

LETTERS.update({
    "policy_comment": Letter(
        _("Tell us what you think of a change"),
        _("We want to change a policy that binds you. Read what would change and write to us while comments are open."),
        _("Read and comment"), "/merchant/policies",
    ),
    "policy_published": Letter(
        _("A policy changes"),
        _("A new version is published. Its text, and from when it applies, stand on the page; you may accept it, or "
          "leave under the rules before it, free of charge."),
        _("Read the new version"), "/merchant/policies",
    ),
    "policy_withdrawn": Letter(
        _("A change of a policy is withdrawn"),
        _("The version that we told you about will not apply. The rules stay as they are."),
        _("See the policies"), "/merchant/policies",
    ),
})  # fmt: skip


@jobs.job(TELL)
def tell(payload: jobs.Payload) -> None:
    """Write to the next merchants that a version binds; of a published one each gets a row that waits for its word."""
    row, letter = row_of(UUID(payload["version"])), str(payload["letter"])
    if not KINDS[row.kind].binds_merchants:
        return
    merchants = _next(UUID(payload["after"]) if payload.get("after") else None)
    if letter == "policy_published":
        _wait_for(row, merchants)
    for merchant in merchants:
        letters.write(merchant, letter, _about(row, letters.locale_of(merchant)))
    if len(merchants) == BATCH:
        jobs.soon(TELL, {**payload, "after": str(merchants[-1].id)})
    elif letter == "policy_published":
        locked(row.id).notified_at = clock.now()
        holdings.changed(row.id)


def _next(after: UUID | None) -> Sequence[MerchantRow]:
    query = select(MerchantRow).where(
        MerchantRow.state.in_(("approved", "suspended")), MerchantRow.is_house.is_(False)
    ).order_by(MerchantRow.id).limit(BATCH)  # fmt: skip
    if after:
        query = query.where(MerchantRow.id > after)
    return session().scalars(query).all()


def _about(row: VersionRow, locale: str) -> str:
    return row.summaries.get(locale) or next(iter(row.summaries.values()), "")


def _wait_for(row: VersionRow, merchants: Sequence[MerchantRow]) -> None:
    now = clock.now()
    rows = [
        {"tenant_id": current_id(), "id": new_id(), "version_id": row.id, "merchant_id": one.id, "state": "pending",
         "told_at": now}
        for one in merchants
    ]  # fmt: skip
    if rows:
        session().execute(insert(AcceptanceRow).values(rows).on_conflict_do_nothing())


@jobs.job(SILENT)
def fall_silent(payload: jobs.Payload) -> None:
    """Note in turns who said nothing until a version applied."""
    query = (
        select(AcceptanceRow)
        .where(AcceptanceRow.version_id == UUID(payload["version"]), AcceptanceRow.state == "pending")
        .order_by(AcceptanceRow.id)
        .limit(BATCH)
        .with_for_update()
    )
    rows = session().scalars(query).all()
    for row in rows:
        move(ACCEPTANCE, row, "silent")
    if len(rows) == BATCH:
        jobs.soon(SILENT, dict(payload))
