"""The engine: what is switched on is checked, found, proved, held back, waived and let go again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select, update

from core.catalogue import moderation
from core.catalogue.models import ListingRow
from core.catalogue.values import Seller
from core.compliance import (
    answers,
    checking,
    food,
    gates,
    licences,
    profiles,
    reading,
    sweeping,
    switches,
    waivers,
)
from core.compliance.models import CheckRow, EvidenceRow
from core.compliance.switches import Mode
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Invalid
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.ledger import seals
from core.merchants import applying, directory, reviewing
from core.merchants.models import MerchantRow
from tests.core.catalogue.shelf import category, listing, shop
from tests.core.merchants.making import filled_in
from tests.working import run_due, sealed

FOOD = {
    "name": "Zhang San", "reg_no": "91350100M000100Y43", "licence_no": "JY13501000000000", "legal_rep": "Zhang San",
    "address": "1 Quay Street", "contact": "+86 591 0000", "main_food_kinds": "prepackaged, bulk",
}  # fmt: skip


@pytest.fixture
def clock_at() -> Iterator[Callable[[datetime], None]]:
    """Move the clock to a moment, as often as wanted."""
    travels: list[time_machine.travel] = []

    def move(moment: datetime) -> None:
        travels.append(time_machine.travel(moment, tick=False))
        travels[-1].start()

    yield move
    for travel in reversed(travels):
        travel.stop()


@pytest.fixture
def shelf(tenant: Tenant) -> tuple[UUID, UUID]:
    """A listing of tea that is ready to be published, and its merchant."""
    with transaction():
        tea = category(f"tea-{new_id().hex[-6:]}")
        of = shop()
        session().execute(
            update(MerchantRow)
            .where(MerchantRow.id == of.merchant_id)
            .values(approved_at=clock.now(), registration_number="9")
        )
        key = listing("Longjing tea", of, tea, state="draft")
        return key, of.merchant_id


def _on(pack: str, mode: Mode = Mode.ENFORCE) -> None:
    with transaction():
        switches.switch_on(pack, mode)
    run_due()


def _publish(listing_id: UUID, merchant_id: UUID) -> str:
    with transaction():
        return moderation.submit(listing_id, Seller(merchant_id, new_id(), is_approved=True, is_trusted=True))


def _category(listing_id: UUID) -> UUID:
    with read_only():
        return session().scalars(select(ListingRow.category_id).where(ListingRow.id == listing_id)).one()


def _state(listing_id: UUID) -> str:
    with read_only():
        return session().scalars(select(ListingRow.state).where(ListingRow.id == listing_id)).one()


def _food(listing_id: UUID, kind: str = "bulk") -> None:
    category_id = _category(listing_id)
    with transaction():
        profiles.set_profile(category_id, food_kind=kind, requires=(), is_banned=False)


def _retitle(listing_id: UUID, title: str) -> None:
    with transaction():
        row = session().scalars(select(ListingRow).where(ListingRow.id == listing_id)).one()
        row.title = title
        audit.record("listing.edited", "listing", listing_id)
    run_due()


def _open(listing_id: UUID) -> list[str]:
    with read_only():
        return [f.rule for f in reading.findings() if f.subject_id == listing_id]


def test_food_seller_without_licence_cannot_publish(shelf) -> None:
    listing_id, merchant_id = shelf
    _food(listing_id)
    _on("cn_food")
    with pytest.raises(Invalid) as refused:
        _publish(listing_id, merchant_id)
    assert refused.value.code == "catalogue.not_fit"
    assert len([f for f in refused.value.fields if f.path == "compliance"]) == 2
    assert _state(listing_id) == "draft"


def test_food_seller_publishes_once_registered_and_licensed(shelf) -> None:
    listing_id, merchant_id = shelf
    _food(listing_id)
    _on("cn_food")
    _register(merchant_id)
    assert _publish(listing_id, merchant_id) == "live"


def _register(merchant_id: UUID) -> None:
    with transaction():
        key = licences.hand_in(merchant_id, licences.Terms("food_operation", "JY13501000000000"))
        food.state(merchant_id, "licensed", FOOD)
        food.submit(merchant_id, agrees=True)
        with pytest.raises(Conflict):
            food.approve(merchant_id)
        licences.verify(merchant_id, key)
        for code in ("document", "person", "history"):
            food.record_check(merchant_id, code, "ok", "seen")
        food.record_check(merchant_id, "official", "same", "")
        food.approve(merchant_id)


def test_warning_holds_nothing_back(shelf) -> None:
    listing_id, merchant_id = shelf
    _food(listing_id)
    _on("cn_food", Mode.WARN)
    assert _publish(listing_id, merchant_id) == "live"
    run_due()
    assert "cn.fsl.62.2" in _open(listing_id)
    assert _state(listing_id) == "live"


def test_listing_leaves_the_shelf_and_comes_back_when_put_right(shelf) -> None:
    listing_id, merchant_id = shelf
    _on("cn_base")
    assert _publish(listing_id, merchant_id) == "live"
    _retitle(listing_id, "全国最佳绿茶")
    assert (_state(listing_id), _open(listing_id)) == ("blocked", ["cn.ad.9.1"])
    with pytest.raises(Conflict), transaction():
        gates.check_purchase([listing_id])
    _retitle(listing_id, "绿茶")
    assert (_state(listing_id), _open(listing_id)) == ("hidden", [])
    with read_only():
        said = [proof.status for proof in reading.evidence(rule="cn.ad.9.1", subject_id=listing_id)]
    assert said == ["pass", "fail"]


def test_waiver_needs_a_second_person_and_ends(shelf, clock_at) -> None:
    listing_id, merchant_id = shelf
    _on("cn_base")
    _publish(listing_id, merchant_id)
    _retitle(listing_id, "全国最佳绿茶")
    one, other = new_id(), new_id()
    end = checking.now().today + timedelta(days=10)
    with transaction():
        key = waivers.ask("cn.ad.9.1", listing_id, reason="The name of a registered brand of tea", ends_on=end,
                          measure="A note below the title", by=one)  # fmt: skip
    with pytest.raises(Denied), transaction():
        waivers.grant(key, by=one)
    assert _state(listing_id) == "blocked"
    with transaction():
        waivers.grant(key, by=other)
    run_due()
    assert (_state(listing_id), _open(listing_id)) == ("hidden", [])
    with transaction():
        moderation.unhide(listing_id, merchant_id)
    clock_at(clock.now() + timedelta(days=11))
    run_due()
    assert (_state(listing_id), _open(listing_id)) == ("blocked", ["cn.ad.9.1"])


def test_some_rules_take_no_waiver(shelf) -> None:
    listing_id, _merchant_id = shelf
    with pytest.raises(Conflict), transaction():
        waivers.ask("cn.fsl.62.2", listing_id, reason="x" * 20, measure="y", ends_on=date.max, by=new_id())
    with read_only():
        assert waivers.of() == ()


def test_numbers_looser_than_the_law_are_refused(tenant: Tenant) -> None:
    with pytest.raises(Invalid), transaction():
        switches.set_rule("cn.otm.24.1", mode=None, numbers={"months": 7}, reason="longer")
    with read_only():
        assert switches.setting_of("cn.otm.24.1")[1]["months"] == 6


def test_night_touches_what_a_date_may_change_alone(shelf, clock_at) -> None:
    _listing_id, merchant_id = shelf
    _on("cn_base")
    with transaction():
        sweeping.check_one({"kind": "merchant", "id": str(merchant_id)})
    with read_only():
        again = session().scalars(select(CheckRow.again_on).where(CheckRow.rule == "cn.otm.24.1")).one()
        known = session().scalar(select(func.count()).where(EvidenceRow.rule == "cn.otm.24.1"))
    with transaction():
        sweeping.check_due({})
    clock_at(datetime.combine(again, time(12), UTC))
    with transaction():
        sweeping.check_due({})
    with read_only():
        row = session().scalars(select(CheckRow).where(CheckRow.rule == "cn.otm.24.1")).one()
        assert row.status == "due"
        assert row.again_on > again
        assert session().scalar(select(func.count()).where(EvidenceRow.rule == "cn.otm.24.1")) == known + 1


def test_declared_facts_answer_what_the_records_do_not_hold(tenant: Tenant) -> None:
    _on("cn_base", Mode.WARN)
    with transaction():
        record = answers.open_record("cn.otm.30.1", "Shop S, 14 days")
        answers.declare("record", record, "cn.otm.30.1", {"p.decided_at": "2026-11-13", "p.published_at": "2026-11-17",
                        "p.shop_name": "S", "p.breach": "b", "p.measure": "m"}, evidence="Notice 12")  # fmt: skip
    run_due()
    with read_only():
        assert [(f.rule, f.why) for f in reading.findings() if f.subject_id == record] == [
            ("cn.otm.30.1", "The penalty was not published by {due}")]  # fmt: skip
    with pytest.raises(Invalid), transaction():
        answers.declare("record", record, "cn.otm.30.1", {"p.published_at": "2026-11-16"}, evidence="")
    with read_only():
        assert answers.of_subject(record)["p.published_at"].value == "2026-11-17"


def test_replay_tells_who_would_fail_and_changes_nothing(shelf) -> None:
    _listing_id, merchant_id = shelf
    _on("cn_base", Mode.OBSERVE)
    with transaction():
        session().execute(update(MerchantRow).where(MerchantRow.id == merchant_id)
                          .values(approved_at=clock.now() - timedelta(days=100)))  # fmt: skip
    with read_only():
        before = reading.findings(state="")
        told = reading.replay("cn.otm.24.1", {"months": 3, "warn_days": 30})
    assert [(one.subject_id, one.after) for one in told] == [(merchant_id, "fail")]
    with read_only():
        assert reading.findings(state="") == before


def test_evidence_is_sealed(shelf) -> None:
    _on("cn_base")
    assert sealed("evidence") > 0
    with read_only():
        assert seals.broken("evidence") is None


def test_merchant_without_a_file_is_not_approved(tenant: Tenant) -> None:
    with transaction():
        merchant_id = filled_in(kind="company")
        applying.submit(merchant_id)
    _on("cn_base")
    with pytest.raises(Invalid) as refused, transaction():
        reviewing.approve(merchant_id)
    assert refused.value.code == "merchants.not_fit"
    with read_only():
        assert directory.find(merchant_id).state == "applied"
    with transaction():
        answers.declare("merchant", merchant_id, "cn.ecl.27.1", {"merchant.legal_rep_name": "A"}, evidence="x")
        switches.set_rule("cn.ecl.27.1", mode=Mode.WARN, numbers={}, reason="to begin with")
        reviewing.approve(merchant_id)


def test_score_shows_its_parts(shelf) -> None:
    listing_id, merchant_id = shelf
    _on("cn_base")
    _publish(listing_id, merchant_id)
    _retitle(listing_id, "全国最佳绿茶")
    with read_only():
        found = reading.score(merchant_id)
        weight = sum(one.score for one in reading.findings(merchant_id=merchant_id))
    assert found.points == sum(points for _name, points, _most in found.parts)
    assert {name: points for name, points, _most in found.parts}["open"] == weight == 24


def test_packs_that_are_off_cost_nothing(shelf) -> None:
    listing_id, merchant_id = shelf
    assert _publish(listing_id, merchant_id) == "live"
    run_due()
    with read_only():
        assert session().scalar(select(func.count()).select_from(CheckRow)) == 0
