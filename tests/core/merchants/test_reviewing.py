"""Every decision about a merchant: where it is allowed, where it is refused, and what follows."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import AppError, Conflict, Invalid, Missing
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.merchants import applying, closing, directory, documents, reviewing, shops
from tests.core.merchants import making

STATES = ("draft", "applied", "info_asked", "rejected", "approved", "suspended", "closed")
DECISIONS = {
    "submit": (applying.submit, {"draft": "applied", "info_asked": "applied", "rejected": "applied"}),
    "ask": (lambda key: reviewing.ask(key, "More"), {"applied": "info_asked"}),
    "approve": (reviewing.approve, {"applied": "approved", "info_asked": "approved"}),
    "reject": (lambda key: reviewing.reject(key, "No"), {"applied": "rejected", "info_asked": "rejected"}),
    "suspend": (lambda key: reviewing.suspend(key, "Late"), {"approved": "suspended"}),
    "restore": (reviewing.restore, {"suspended": "approved"}),
    "close": (reviewing.close, dict.fromkeys(("draft", "info_asked", "rejected", "approved", "suspended"), "closed")),
}


def _jobs(name: str) -> list[dict[str, object]]:
    return [row.payload for row in session().scalars(select(OutboxRow).where(OutboxRow.handler == name))]


@pytest.mark.parametrize("state", STATES)
def test_each_decision_is_allowed_from_its_states_and_changes_nothing_from_others(tenant: Tenant, state: str) -> None:
    for decide, allowed in DECISIONS.values():
        with transaction():
            merchant_id = making.in_state(state)
            before = len(audit.deeds(subject_id=merchant_id, limit=100))
            letters = len(_jobs("mail.compose"))
        if state in allowed:
            with transaction():
                assert decide(merchant_id).state == allowed[state]
            continue
        with pytest.raises(AppError), transaction():
            decide(merchant_id)
        with read_only():
            assert directory.find(merchant_id).state == state
            assert len(audit.deeds(subject_id=merchant_id, limit=100)) == before
            assert len(_jobs("mail.compose")) == letters


def test_asking_rejecting_and_suspending_need_a_reason(tenant: Tenant) -> None:
    with transaction():
        waiting, selling = making.applied(), making.approved("Other")
    for decide, key in ((reviewing.ask, waiting), (reviewing.reject, waiting), (reviewing.suspend, selling)):
        with pytest.raises(Invalid), transaction():
            decide(key, "  ")
    with read_only():
        assert directory.find(waiting).state == "applied"
        assert directory.find(selling).state == "approved"


def test_the_reason_reaches_the_merchant_by_mail_and_on_its_page(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.applied()
        reviewing.reject(merchant_id, "We sell no knives")
    with read_only():
        assert directory.find(merchant_id).note == "We sell no knives"
        letter = _jobs("mail.compose")[-1]
    assert letter["template"] == "notice"
    assert letter["to"] == "hello@slip.test"
    assert letter["values"]["paragraphs"][-1] == "We sell no knives"  # type: ignore[index]


def test_suspending_withholds_goods_and_restoring_releases_them(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        reviewing.suspend(merchant_id, "Late")
        assert directory.sellable_merchants([merchant_id]) == frozenset()
        reviewing.restore(merchant_id)
        assert directory.sellable_merchants([merchant_id]) == {merchant_id}
    with read_only():
        said = [job["sells"] for job in _jobs("catalogue.merchant_changed")]
    assert said == [True, False, True]


def test_approval_opens_the_first_shop_and_accepts_the_documents(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.applied()
        assert [s.state for s in shops.of_merchant(merchant_id)] == ["closed"]
        reviewing.approve(merchant_id)
        assert [s.state for s in shops.of_merchant(merchant_id)] == ["open"]
        assert {d.state for d in documents.of_merchant(merchant_id)} == {"accepted"}


def test_approval_is_refused_while_a_document_is_not_accepted(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.applied()
        paper = next(d for d in documents.of_merchant(merchant_id) if d.media_id)
        documents.refuse(merchant_id, paper.id, "Blurred")
    with pytest.raises(Invalid) as refused, transaction():
        reviewing.approve(merchant_id)
    assert [fault.path for fault in refused.value.fields] == ["documents.identity"]
    with read_only():
        assert directory.find(merchant_id).state == "applied"


def test_closing_is_refused_with_open_orders(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        merchant_id = making.approved()
    with pytest.raises(Conflict) as given, transaction():
        reviewing.close(merchant_id, open_orders=2)
    assert given.value.facts["count"] == 2
    monkeypatch.setitem(closing._blockers, "open_orders", (lambda key: 3 if key == merchant_id else 0, "{count} open"))
    with pytest.raises(Conflict) as counted, transaction():
        reviewing.close(merchant_id)
    assert counted.value.code == "merchants.open_orders"
    with read_only():
        assert directory.find(merchant_id).state == "approved"
        assert shops.of_merchant(merchant_id)[0].state == "open"


def test_closing_closes_the_shops(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        shops.start_holiday(merchant_id, making.shop_of(merchant_id))
        reviewing.close(merchant_id)
        assert [s.state for s in shops.of_merchant(merchant_id)] == ["closed"]


def test_the_house_is_neither_suspended_nor_closed(tenant: Tenant) -> None:
    with read_only():
        house = session().scalars(select(directory.MerchantRow.id).where(directory.MerchantRow.is_house)).one()
    for decide in (lambda: reviewing.suspend(house, "x"), lambda: reviewing.close(house)):
        with pytest.raises(Conflict), transaction():
            decide()


def test_the_plan_limits_merchants(make_tenant) -> None:
    starter = make_tenant(plan="starter")
    assert starter.limits["merchants"] == 20
    with bind(Tenant(**{n: getattr(starter, n) for n in starter.__dataclass_fields__} | {"limits": {"merchants": 1}})):
        with transaction():
            making.approved()
            second = making.applied("Second")
        with pytest.raises(Conflict) as refused, transaction():
            reviewing.approve(second)
        assert refused.value.code == "merchants.limit"


def test_a_merchant_of_another_tenant_is_missing(tenant: Tenant, make_tenant) -> None:
    with bind(make_tenant()), transaction():
        foreign = making.applied()
    for decide, _allowed in DECISIONS.values():
        with pytest.raises(Missing), transaction():
            decide(foreign)
    with read_only():
        assert foreign not in {m.id for m in directory.search()}
        assert directory.sellable_merchants([foreign]) == frozenset()


def test_the_queue_shows_what_waits_longest_first(tenant: Tenant) -> None:
    with transaction():
        first, second = making.applied("One"), making.applied("Two")
        asked = making.in_state("info_asked", "Three")
        assert [m.id for m in directory.waiting()] == [first, second, asked]
        assert [m.id for m in directory.search(words="wo")] == [second]


def test_a_suspended_merchant_opens_no_shop(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.in_state("suspended")
    with pytest.raises(AppError), transaction():
        shops.create(merchant_id, name="Again")


def test_unknown_merchant_is_missing(tenant: Tenant) -> None:
    with pytest.raises(Missing), transaction():
        reviewing.approve(UUID(int=7))
