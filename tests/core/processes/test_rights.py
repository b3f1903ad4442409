"""A right holder's notice is acted on, countered, and lifted after fifteen days without proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.compliance import sweeping
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, Missing
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.processes.rights import countering, holding, noticing, reading
from core.processes.rights.noticing import Notice
from tests.core.processes.clocks import Move, days
from tests.core.processes.test_complaints import counts
from tests.core.processes.test_policies import china
from tests.market import make_good, make_shop
from tests.working import run_due

__all__ = ["days"]
HELD = holding.SOURCE


def notice_of(listing_id: UUID) -> Notice:
    """Return the least notice that holds."""
    return Notice(listing_id, "trademark", "Ember Ltd", "ip@ember.example", "The name on the mug is our trade mark.",
                  is_true=True)  # fmt: skip


def sent() -> UUID:
    """Send a notice about goods of a new shop."""
    with transaction():
        make_good(make_shop(), 1000)
        return noticing.send(notice_of(session().scalars(select(ListingRow.id)).one()))


def found(key: UUID) -> reading.Notice:
    with read_only():
        return reading.find(key)


def shelf() -> str:
    with read_only():
        return session().scalars(select(ListingRow.state)).one()


def countered() -> UUID:
    key = sent()
    merchant_id = found(key).merchant_id
    with transaction():
        noticing.act(key, "Off sale until the parties have settled")
        countering.counter(key, merchant_id, "We hold a licence.", "Licence 12 of 2024")
    run_due()
    return key


def test_notice_takes_goods_off_passes_on_and_is_published(tenant: Tenant, days: Move) -> None:
    china()
    key = sent()
    run_due()
    assert counts("cn.ecl.42.1") == {"due": 1}
    assert found(key).due_at is not None
    with transaction():
        noticing.act(key, "Off sale until the parties have settled")
    run_due()
    assert (shelf(), found(key).state) == ("blocked", "acted")
    assert counts("cn.ecl.42.1") == {"pass": 1}
    with read_only():
        assert [one.id for one in reading.listed(only_public=True)] == [key]


def test_late_notice_is_found(tenant: Tenant, days: Move) -> None:
    china()
    sent()
    days(3)
    run_due()
    with transaction():
        sweeping.check_due({})
    assert counts("cn.ecl.42.1") == {"fail": 1}


def test_incomplete_notice_asks_and_takes_no_measure(tenant: Tenant, days: Move) -> None:
    china()
    key = sent()
    with transaction():
        noticing.ask(key, "Which registration?")
    run_due()
    assert (shelf(), counts("cn.ecl.42.1")) == ("live", {"n/a": 1})
    with pytest.raises(Conflict), transaction():
        noticing.act(key, "Off")
    with transaction():
        noticing.complete(key, "EU 0123456")
    assert (found(key).state, found(key).evidence) == ("received", "EU 0123456")


def test_measure_is_lifted_the_morning_after_fifteen_days(tenant: Tenant, days: Move) -> None:
    china()
    key = countered()
    due = found(key).due_at
    assert due is not None
    assert due.astimezone(UTC).date() in (date(2026, 11, 17), date(2026, 11, 18))
    assert counts("cn.ecl.43.1") == {"due": 1}
    days(15)
    run_due()
    assert (shelf(), found(key).state) == ("blocked", "countered")
    days(16)
    run_due()
    assert (shelf(), found(key).state) == ("hidden", "lifted")
    assert counts("cn.ecl.43.1") == {"pass": 1}


def test_proof_of_a_suit_keeps_the_measure(tenant: Tenant, days: Move) -> None:
    china()
    key = countered()
    with transaction():
        countering.prove_action(key, "Court of Galway, 2026/114")
    days(30)
    run_due()
    assert (shelf(), found(key).state) == ("blocked", "upheld")
    assert counts("cn.ecl.43.1") == {"pass": 1}


def test_excused_days_are_not_counted(tenant: Tenant, days: Move) -> None:
    key = countered()
    with transaction():
        countering.excuse(key, 10)
    days(16)
    run_due()
    assert found(key).state == "countered"
    days(28)
    run_due()
    assert found(key).state == "lifted"


def test_only_the_merchant_itself_counters(tenant: Tenant) -> None:
    key = sent()
    with transaction():
        noticing.act(key, "Off sale")
    with pytest.raises(Missing), transaction():
        countering.counter(key, uuid4(), "Ours", "Papers")
    merchant_id = found(key).merchant_id
    with pytest.raises(Invalid), transaction():
        countering.counter(key, merchant_id, "Ours", "")
    assert found(key).state == "acted"


def test_notice_states_that_it_is_true(tenant: Tenant) -> None:
    with transaction():
        make_good(make_shop(), 1000)
        listing_id = session().scalars(select(ListingRow.id)).one()
    with pytest.raises(Invalid) as refused, transaction():
        noticing.send(replace(notice_of(listing_id), is_true=False, email="nowhere"))
    assert [fault.path for fault in refused.value.fields] == ["email", "is_true"]
    with read_only():
        assert reading.listed() == ()


def test_withdrawn_notice_puts_goods_back(tenant: Tenant) -> None:
    key = sent()
    with transaction():
        noticing.act(key, "Off sale")
        countering.lift(key, "The sender has withdrawn it")
    assert (shelf(), found(key).result) == ("hidden", "The sender has withdrawn it")
    assert found(key).closed_at is not None
    assert found(key).closed_at <= datetime.now(UTC)
