"""Seals: a sealed row that is changed or removed is found, by chain and by link; whatever came before stays proven."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from sqlalchemy import create_engine, text

from core.compliance.models import EvidenceRow
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, current_id
from core.kernel.tx import read_only, transaction
from core.ledger import seals
from core.ledger.verify import verify
from tests.working import sealed


def _deed() -> None:
    with transaction():
        audit.record("thing.done", "thing", new_id(), was="this", now="that")


def _seen() -> None:
    with transaction():
        session().add(
            EvidenceRow(
                rule="cn.ecl.15.1", version=1, subject_kind="merchant", subject_id=new_id(), label="A shop", status="fail",
                why="missing", facts={}, snapshot={}, at=clock.now(),
            )
        )  # fmt: skip


WRITES: Final[dict[str, Callable[[], None]]] = {"audit": _deed, "evidence": _seen}
TABLES: Final = {"audit": "audit_log", "evidence": "compliance_evidence"}
ATTACKS: Final = {
    ("audit", "edited"): "update audit_log set actor_name = 'Somebody else' where id = :id",
    ("audit", "removed"): "delete from audit_log where id = :id",
    ("evidence", "edited"): "update compliance_evidence set status = 'pass' where id = :id",
    ("evidence", "removed"): "delete from compliance_evidence where id = :id",
}


def _write_and_seal(chain: str) -> int:
    """Write a row, seal until every row of the chain is in a link, and return how many links there are."""
    WRITES[chain]()
    count = text(f"select count(*) from {TABLES[chain]} where tenant_id = :t")
    for _try in range(10):
        sealed(chain)
        with read_only():
            links = seals.seals(chain)
            if sum(link.rows for link in links) == session().scalar(count, {"t": current_id()}):
                return len(links)
    raise AssertionError("older transactions stay open")


@pytest.mark.parametrize(("chain", "how"), sorted(ATTACKS))
def test_an_edited_or_removed_row_is_found(chain: str, how: str, tenant: Tenant, database_url: str) -> None:
    before = _write_and_seal(chain)
    assert _write_and_seal(chain) == before + 1
    newest = text(f"select id from {TABLES[chain]} where tenant_id = :t order by txid desc, id desc limit 1")
    with read_only():
        assert verify().first_broken == {}
        row_id = session().scalar(newest, {"t": tenant.id})
    admin = create_engine(database_url)
    with admin.begin() as connection:
        connection.execute(text("set session_replication_role = replica"))
        assert connection.execute(text(ATTACKS[chain, how]), {"id": row_id}).rowcount == 1
    admin.dispose()
    with read_only():
        assert verify().first_broken == {chain: before + 1}
