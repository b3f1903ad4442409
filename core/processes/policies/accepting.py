"""What merchants and buyers say to a version: merchants accept or object, buyers accept by ordering."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.compliance import holdings
from core.hooks.runtime import move
from core.kernel import audit, clock
from core.kernel.db import fetched, session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.tenancy import current_id
from core.merchants import directory
from core.processes.policies import clocks, finding
from core.processes.policies.kinds import KINDS
from core.processes.policies.models import AcceptanceRow, ExitRow
from core.processes.policies.states import ACCEPTANCE

SETTLE_DAYS = 30
EXIT, LEAVING = "policy_exit", "cn.ecl.34.2"


def accept(merchant_id: UUID, version_id: UUID, *, by: UUID | None) -> None:
    """Accept a version as a merchant, before its day or after. Raise Conflict if it is neither published nor in force."""
    row = _answering(merchant_id, version_id)
    finding.require(finding.row_of(version_id), "published", "in_force")
    if row.state == "accepted":
        return
    if row.state == "objected":
        raise Conflict("policies.leaving", _("You are leaving; stay first, then accept"))
    move(ACCEPTANCE, row, "accepted")
    row.answered_at, row.by_id = clock.now(), by


def object_(merchant_id: UUID, version_id: UUID, *, by: UUID | None) -> UUID:
    """Refuse a version and leave under the one before, free of charge; return the exit.

    Raise Conflict once the version applies, for the first one, and for a merchant that is leaving already.
    """
    row, version = _answering(merchant_id, version_id), finding.row_of(version_id)
    finding.require(version, "published")
    governing = finding.in_force(version.kind)
    if governing is None:
        raise Conflict("policies.first", _("There are no rules before this version under which you could leave"))
    if session().scalar(select(ExitRow.id).where(ExitRow.merchant_id == merchant_id, ExitRow.state == "leaving")):
        raise Conflict("policies.leaving_already", _("You are leaving already"))
    move(ACCEPTANCE, row, "objected")
    row.answered_at, row.by_id = clock.now(), by
    exit_ = ExitRow(id=new_id(), merchant_id=merchant_id, version_id=version_id, objected_number=version.number,
                    governing_number=governing.number, settle_by=clocks.today() + timedelta(days=SETTLE_DAYS))  # fmt: skip
    session().add(exit_)
    session().flush()
    audit.record("policy_exit.leaving", "policy_exit", exit_.id, merchant=str(merchant_id), objected=version.number,
                 governing=governing.number)  # fmt: skip
    holdings.follow(EXIT, LEAVING, exit_.id, directory.find(merchant_id).name, merchant_id)
    return exit_.id


def _answering(merchant_id: UUID, version_id: UUID) -> AcceptanceRow:
    """Lock what a merchant says to a version, making the row for one that came after it was told."""
    lock_name(f"policies.answer:{merchant_id}")
    version = finding.row_of(version_id)
    if not KINDS[version.kind].binds_merchants or version.state not in ("published", "in_force"):
        raise Missing("policies.missing", _("There is no such version"))
    values = {"tenant_id": current_id(), "id": new_id(), "version_id": version_id, "merchant_id": merchant_id,
              "state": "pending"}  # fmt: skip
    session().execute(insert(AcceptanceRow).values(values).on_conflict_do_nothing())
    query = select(AcceptanceRow).where(
        AcceptanceRow.version_id == version_id, AcceptanceRow.merchant_id == merchant_id
    )
    return session().scalars(query.with_for_update()).one()


_IN_FORCE = """
    select id from policy_versions
     where tenant_id = %(tenant)s and state = 'in_force' and kind = any(%(kinds)s) order by id"""


def ordered(customer_id: UUID) -> None:
    """Note that a buyer has accepted, by ordering, the versions in force that bind buyers; once for each."""
    kinds = [kind.code for kind in KINDS.values() if kind.binds_buyers]
    now = clock.now()
    rows = [
        {"tenant_id": current_id(), "id": new_id(), "version_id": key, "customer_id": customer_id, "state": "accepted",
         "answered_at": now}
        for (key,) in fetched(_IN_FORCE, {"tenant": current_id(), "kinds": kinds})
    ]  # fmt: skip
    if rows:
        session().execute(insert(AcceptanceRow).values(rows).on_conflict_do_nothing())
