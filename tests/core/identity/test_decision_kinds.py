"""Every kind of decision of core is told, agreed to and turned down on the one page: by another person, with its effect."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.accounting import manual
from core.billing.payouts import terms
from core.billing.payouts.models import PayoutRow
from core.billing.payouts.terms import Terms
from core.hooks.money import Posting
from core.identity import decisions
from core.identity.principals import Principal, Realm
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from tests.core.billing.settling import claim, earn, euros, merchant
from tests.market import balances

ANNA, BEN = UUID(int=1), UUID(int=2)


def _owner(person: UUID) -> Principal:
    return Principal(Realm.OPERATOR, person, name="Owner", permissions=frozenset({"*"}))


def _large_payout() -> PayoutRow:
    terms.change(Terms(approval_above_minor=999))
    key = merchant()
    earn(key, 5000)
    payout = claim(key, by=ANNA)
    return session().scalars(select(PayoutRow).where(PayoutRow.id == payout)).one()


def _told(person: UUID) -> list[tuple[str, str]]:
    return [(one.title, one.told.sentence.format(**one.told.facts)) for one in decisions.waiting(_owner(person))]


def test_a_large_payout_is_decided_where_all_decisions_are(tenant: Tenant) -> None:
    with transaction():
        row = _large_payout()
        ((title, sentence),) = _told(BEN)
        assert (title, sentence.startswith(f"Payout {row.number} to ")) == ("Payout", True)
        (one,) = decisions.waiting(_owner(BEN))
        with pytest.raises(Denied):
            decisions.approve(_owner(ANNA), one.approval.id)
        assert row.state == "awaiting_approval"
        decisions.approve(_owner(BEN), one.approval.id)
        assert (row.state, decisions.waiting(_owner(BEN))) == ("claimed", [])


def test_a_payout_that_is_turned_down_opens_its_rows_again(tenant: Tenant) -> None:
    with transaction():
        row = _large_payout()
        before = balances()
        (one,) = decisions.waiting(_owner(BEN))
        with pytest.raises(Conflict, match="stays"):
            decisions.withdraw(_owner(ANNA), one.approval.id)
        with pytest.raises(Denied):
            decisions.reject(_owner(ANNA), one.approval.id)
        assert (row.state, balances()) == ("awaiting_approval", before)
        decisions.reject(_owner(BEN), one.approval.id, "Wrong account")
        assert (row.state, row.failure) == ("cancelled", "Wrong account")
        assert balances()[f"payable:{row.merchant_id}"] == -5000


def test_an_entry_by_hand_is_posted_by_the_second_person(tenant: Tenant) -> None:
    with transaction():
        posting = Posting("world", "fee", euros(300), "found")
        manual.draft("A forgotten fee", clock.today(tenant.timezone), [posting], by=ANNA)
        assert _told(BEN) == [("Manual entry", "Entry by hand: A forgotten fee")]
        (one,) = decisions.waiting(_owner(BEN))
        decisions.approve(_owner(BEN), one.approval.id)
        assert balances() == {"world": -300, "fee": 300}


def test_every_kind_has_words_a_permission_and_both_answers(app: Flask) -> None:
    known = decisions.kinds(_owner(ANNA))
    wanted = {"orders.refund", "payout", "write_off", "books.close", "books.reopen", "journal.manual",
              "compliance.waiver", "commission.list"}  # fmt: skip
    assert wanted <= set(known)
    assert all(kind.title and kind.permission and callable(kind.agree) for kind in known.values())
