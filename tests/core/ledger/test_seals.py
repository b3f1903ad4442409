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
from core.kernel.tenancy import Tenant
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
ATTACKS: Final = {
    ("audit", "edited"): "update audit_log set actor_name = 'Somebody else' where tenant_id = :t",
    ("audit", "removed"): "delete from audit_log where tenant_id = :t",
    ("evidence", "edited"): "update compliance_evidence set status = 'pass' where tenant_id = :t",
    ("evidence", "removed"): "delete from compliance_evidence where tenant_id = :t",
}


@pytest.mark.parametrize(("chain", "how"), sorted(ATTACKS))
def test_an_edited_or_removed_row_is_found(chain: str, how: str, tenant: Tenant, database_url: str) -> None:
    WRITES[chain]()
    assert sealed(chain) >= 1
    with read_only():
        before = seals.seals(chain)
    WRITES[chain]()
    assert sealed(chain) == 1
    with read_only():
        assert verify().first_broken == {}
    admin = create_engine(database_url)
    with admin.begin() as connection:
        connection.execute(text("set session_replication_role = replica"))
        attack = text(f"{ATTACKS[chain, how]} and txid >= cast(:second as xid8)")  # the later of the two
        assert connection.execute(attack, {"t": tenant.id, "second": before[-1].upto}).rowcount == 1
    admin.dispose()
    with read_only():
        assert verify().first_broken == {chain: len(before) + 1}
