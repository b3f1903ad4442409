"""When rules run by themselves: after a change, on the day that an answer may turn, and over everything in turns."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update

from core.compliance import checking, holdings, plugged, snapshots
from core.compliance.models import CheckRow
from core.compliance.switches import EVERYTHING, in_force
from core.kernel import audit, jobs
from core.kernel.db import session, written
from core.kernel.tenancy import bound, current_id

CHECK, DUE = "compliance.check", "compliance.due"
_WATCHED = {"merchant": snapshots.MERCHANT, "shop": snapshots.SHOP, "listing": snapshots.LISTING,
            "tenant": snapshots.TENANT, "record": snapshots.RECORD}  # fmt: skip

# One statement, nothing where no pack is on, and once for a subject however often a transaction touches it.
_MARK = """
    insert into outbox (tenant_id, id, handler, payload, key, created_at, next_at, attempts)
    select %(tenant)s, gen_random_uuid(), %(job)s, cast(%(payload)s as json),
           %(key)s || pg_current_xact_id()::text, now(), now(), 0
     where exists (select 1 from compliance_packs where tenant_id = %(tenant)s)
    on conflict do nothing"""


def watch(action: str, kind: str, subject_id: UUID | None) -> None:
    """Have a subject checked after this transaction, because something was done to it; the log calls this."""
    watched = _WATCHED.get(kind)
    if watched is None or subject_id is None or action == "compliance.found" or not _is_serving():
        return
    if action == "compliance.put_right" or (kind == snapshots.TENANT and action != "compliance.declared"):
        return
    payload = f'{{"kind": "{watched}", "id": "{subject_id}"}}'
    written(_MARK, {"tenant": current_id(), "job": CHECK, "payload": payload,
                              "key": f"{CHECK}:{watched}:{subject_id}:"})  # fmt: skip


def _is_serving() -> bool:
    """Whether a marketplace is bound and beyond its making: before, no pack is on."""
    tenant = bound()
    return tenant is not None and tenant.state == "active"


def register() -> None:
    """Have the log tell of every deed."""
    audit.watch(watch)


@jobs.job(CHECK)
def check_one(payload: jobs.Payload) -> None:
    """Check one subject, and what hangs on it: of a merchant its listings too, for their licences are its own."""
    kind, key = str(payload["kind"]), UUID(str(payload["id"]))
    checking.evaluate(kind, [key])
    plugged.findings(kind, [key])
    if kind == snapshots.MERCHANT and in_force().rules(snapshots.LISTING):
        jobs.soon(EVERYTHING, {"kind": snapshots.LISTING, "merchant": str(key)})


@jobs.job(holdings.CHANGED)
def check_held(payload: jobs.Payload) -> None:
    """Ask the rules that follow a process's row, and those about the marketplace, which may read it too."""
    if not in_force().modes:
        return
    checking.evaluate(snapshots.RECORD, holdings.records_of(UUID(str(payload["source"]))))
    checking.evaluate(snapshots.TENANT, [current_id()])


@jobs.job(DUE)
def check_due(_payload: jobs.Payload) -> None:
    """Check what a date may have changed, in turns, until nothing is left for today."""
    force, today = in_force(), checking.now().today
    query = (
        select(CheckRow.subject_kind, CheckRow.subject_id)
        .where(CheckRow.again_on <= today)
        .group_by(CheckRow.subject_kind, CheckRow.subject_id)
        .order_by(func.min(CheckRow.again_on), CheckRow.subject_id)
        .limit(checking.BATCH)
    )
    found: dict[str, list[UUID]] = {}
    for row in session().execute(query):
        found.setdefault(row.subject_kind, []).append(row.subject_id)
    for kind, ids in found.items():
        checking.evaluate(kind, ids, force)
        _forget(ids, today)
    if sum(map(len, found.values())) == checking.BATCH:
        jobs.soon(DUE, {})


def _forget(ids: list[UUID], today: date) -> None:
    """Take the day from answers that nothing gave anew: their subject is put away, or their rule is off."""
    stale = update(CheckRow).where(CheckRow.subject_id.in_(ids), CheckRow.again_on <= today).values(again_on=None)
    session().execute(stale)


@jobs.job(EVERYTHING)
def check_everything(payload: jobs.Payload) -> None:
    """Check all subjects of a `kind`, or of all kinds `from` one on; of one `merchant` alone if it is given.

    A batch a job, each leaving word where the next goes on, so that it may stop at any point.
    """
    if not in_force().modes and not plugged.are_asked():
        return
    only = payload.get("kind")
    kind = str(only or payload.get("from") or snapshots.KINDS[0])
    kind = kind if kind in snapshots.KINDS else snapshots.RECORD
    last = UUID(str(payload["last"])) if payload.get("last") else None
    merchant_id = UUID(str(payload["merchant"])) if payload.get("merchant") else None
    ids = snapshots.ids_after(kind, last, checking.BATCH, merchant_id)
    checking.evaluate(kind, ids)
    plugged.findings(kind, ids)
    if len(ids) == checking.BATCH:
        jobs.soon(EVERYTHING, {**payload, ("kind" if only else "from"): kind, "last": str(ids[-1])})
    elif not only and kind != snapshots.KINDS[-1]:
        jobs.soon(EVERYTHING, {"from": snapshots.KINDS[snapshots.KINDS.index(kind) + 1]})
