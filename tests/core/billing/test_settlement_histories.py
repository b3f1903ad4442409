"""Any order of releases, refunds, payouts, returns and clawbacks ends in books that are right, and pays nothing twice."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.billing.payouts import claiming, clawbacks, debts, deciding, holds, settling
from core.billing.payouts.models import ItemRow, PayoutRow
from core.kernel.db import session
from core.kernel.errors import Conflict
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.ledger import balances as journal
from core.payments.adapters import Sent, SentState
from tests.core.billing.settling import earn, euros, merchant, unpaid

_AMOUNTS = st.integers(1, 5000)
_STEPS = st.one_of(
    st.tuples(st.just("release"), _AMOUNTS),
    st.tuples(st.just("refund"), _AMOUNTS),
    st.tuples(st.just("claim"), st.integers(0, 3000)),
    st.tuples(st.sampled_from(["sent", "paid", "failed", "returned"]), st.integers(0, 5)),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.just("hold"), _AMOUNTS),
    st.tuples(st.just("lift"), st.just(0)),
    st.tuples(st.just("carry"), st.just(0)),
    st.tuples(st.just("invoice"), st.just(0)),
)


class History:
    """One merchant's history; what must hold after each step is checked after each step."""

    def __init__(self) -> None:
        self.key = merchant()
        self.earned = self.invoiced = 0
        self.held: list[object] = []

    def carry_out(self, step: str, number: int) -> None:
        acts: dict[str, Callable[[int], object]] = {
            "release": self.earn, "refund": lambda minor: self.earn(-minor), "claim": self.claim,
            "cancel": self.cancel, "hold": self.hold, "lift": self.lift,
            "carry": lambda _n: clawbacks.plan(self.key), "invoice": self.invoice,
        }  # fmt: skip
        if step in acts:
            acts[step](number)
        else:
            self.say(SentState(step), number)
        session().flush()

    def earn(self, minor: int) -> None:
        self.earned += minor
        earn(self.key, minor)

    def claim(self, minimum: int) -> None:
        claiming.claim(self.key, minimum=euros(minimum))

    def payouts(self) -> list[PayoutRow]:
        query = select(PayoutRow).where(PayoutRow.merchant_id == self.key).order_by(PayoutRow.id)
        return list(session().scalars(query))

    def say(self, state: SentState, number: int) -> None:
        rows = self.payouts()
        if rows:
            settling.note(rows[number % len(rows)].id, Sent("ref", state))

    def cancel(self, number: int) -> None:
        rows = [row for row in self.payouts() if row.state == "claimed"]
        if rows:
            deciding.cancel(rows[number % len(rows)].id, "Wrong")

    def hold(self, minor: int) -> None:
        self.held.append(holds.place(self.key, "Dispute", amount=euros(minor)))

    def lift(self, _number: int) -> None:
        for hold in self.held:
            holds.lift(hold)  # type: ignore[arg-type]

    def invoice(self, _number: int) -> None:
        owed = clawbacks.owed(self.key).minor
        try:
            debts.invoice(self.key)
        except Conflict:
            assert owed == 0
        else:
            self.invoiced += owed

    def check(self) -> None:
        found = {b.account: b.amount.minor for b in journal.balances()}
        mine = {name: minor for name, minor in found.items() if str(self.key) in name}
        assert sum(found.values()) == 0
        assert -mine.get(f"payable:{self.key}", 0) == unpaid(self.key)
        rows = self.payouts()
        under_way = sum(row.amount_minor for row in rows if row.state in ("awaiting_approval", "claimed"))
        gone = sum(row.amount_minor for row in rows if row.state in ("sent", "paid"))
        in_transit = {f"in_transit:{row.id}" for row in rows if row.state == "claimed"}
        assert {name for name in found if name.startswith("in_transit:")} >= in_transit
        assert unpaid(self.key) + under_way + gone == self.earned + self.invoiced
        for row in rows:
            query = select(func.sum(ItemRow.amount_minor)).where(ItemRow.payout_id == row.id)
            assert session().scalar(query) == row.amount_minor
        doubled = (
            select(ItemRow.posting_id)
            .where(ItemRow.reopened_at.is_(None))
            .group_by(ItemRow.posting_id)
            .having(func.count() > 1)
        )
        assert session().scalars(doubled).all() == []


class _Undo(Exception):
    """Ends an example without keeping its rows."""


# The marketplace is the same for all examples; each undoes what it wrote.
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(_STEPS, min_size=1, max_size=14))
def test_any_history_ends_in_right_books(tenant: Tenant, steps: list[tuple[str, int]]) -> None:
    try:
        with bind(tenant), transaction():
            history = History()
            for step, number in steps:
                history.carry_out(step, number)
                history.check()
            raise _Undo
    except _Undo:
        pass
