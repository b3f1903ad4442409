"""Tamper evidence: hash chains over the journal, the audit log and the evidence of compliance, sealed behind the work, never in its way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import text

from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.tenancy import current_id

# What is hashed of a row, as text that PostgreSQL prints the same way everywhere.
_CHAINS = {
    "journal": text("""
        select concat_ws('|', e.id, e.key, e.kind, e.order_id, e.reverses_id, e.effective_on,
                 extract(epoch from e.posted_at),
                 (select string_agg(concat_ws(',', p.number, p.source, p.destination, p.amount_minor,
                         p.currency, p.memo), ';' order by p.number)
                    from ledger_postings p where p.tenant_id = e.tenant_id and p.entry_id = e.id)) as row
          from ledger_entries e where e.tenant_id = :tenant
           and e.txid >= cast(:low as xid8) and e.txid < cast(:high as xid8) order by e.txid, e.id"""),
    "audit": text("""
        select concat_ws('|', id, extract(epoch from at), actor_kind, actor_id, actor_name, request_id, action,
                 subject_kind, subject_id, facts::text) as row
          from audit_log where tenant_id = :tenant
           and txid >= cast(:low as xid8) and txid < cast(:high as xid8) order by txid, id"""),
    "evidence": text("""
        select concat_ws('|', id, finding_id, rule, version, subject_kind, subject_id, label, status, why,
                 facts::text, snapshot::text, extract(epoch from at)) as row
          from compliance_evidence where tenant_id = :tenant
           and txid >= cast(:low as xid8) and txid < cast(:high as xid8) order by txid, id"""),
}
CHAINS = tuple(_CHAINS)


@dataclass(frozen=True, slots=True)
class Seal:
    """A link: the hash of the link before and of every row between two transactions."""

    number: int
    upto: str
    rows: int
    previous: bytes
    hash: bytes


def _rows(chain: str, low: str, high: str) -> Iterator[bytes]:
    values = {"tenant": current_id(), "low": low, "high": high}
    for row in session().execute(_CHAINS[chain], values, execution_options={"yield_per": 5000}):
        yield hashlib.sha256(row.row.encode()).digest()


def _link(chain: str, previous: bytes, low: str, high: str) -> tuple[int, bytes]:
    running, count = hashlib.sha256(previous), 0
    for row in _rows(chain, low, high):
        running.update(row)
        count += 1
    return count, running.digest()


def seals(chain: str) -> list[Seal]:
    """Return the links of a chain in order."""
    query = text("""select number, upto::text, rows, previous, hash from seals
                     where tenant_id = :tenant and chain = :chain order by number""")
    found = session().execute(query, {"tenant": current_id(), "chain": chain})
    return [Seal(r.number, r.upto, r.rows, bytes(r.previous), bytes(r.hash)) for r in found]


def seal(chain: str) -> int:
    """Chain the rows of all finished transactions since the last seal; return how many they were."""
    lock_name(f"seal:{chain}")
    links = seals(chain)
    low, previous = (links[-1].upto, links[-1].hash) if links else ("0", b"")
    high = str(session().execute(text("select pg_snapshot_xmin(pg_current_snapshot())::text")).scalar_one())
    count, value = _link(chain, previous, low, high)
    if count:
        session().execute(
            text("""insert into seals (tenant_id, id, chain, number, upto, rows, previous, hash, sealed_at) values
                    (:tenant, :id, :chain, :number, cast(:upto as xid8), :rows, :previous, :hash, :at)"""),
            {
                "tenant": current_id(), "id": new_id(), "chain": chain, "number": len(links) + 1, "upto": high,
                "rows": count, "previous": previous, "hash": value, "at": clock.now(),
            },
        )  # fmt: skip
    return count


def broken(chain: str) -> int | None:
    """Recompute a chain and return the number of its first bad link; None if every row is as it was sealed."""
    links = seals(chain)
    before = [Seal(0, "0", 0, b"", b""), *links]
    for last, link in pairwise(before):
        count, value = _link(chain, link.previous, last.upto, link.upto)
        if (count, value, link.previous) != (link.rows, link.hash, last.hash):
            return link.number
    return None


@jobs.job("ledger.seal")
def _seal_all(_payload: jobs.Payload) -> None:
    for chain in CHAINS:
        seal(chain)
