"""A list is drafted, given a day, released by a second person; merchants have notice; what counts when is exact."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Invalid
from core.kernel.mail import MailRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from plugins.commission import drafts, notices, services
from plugins.commission.documents import RateDraft
from plugins.commission.models import DraftRow, ListRow
from tests.market import Shop, make_category, make_shop
from tests.plugin_rows import make_key
from tests.web.orders.making import key_of
from tests.working import run_due

ANN, BEN = uuid4(), uuid4()


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    """A shop whose merchant has lived under 10 % since yesterday."""
    with transaction():
        made = make_shop()
        services.publish([RateDraft("All", percent_bps=1000)])
        session().execute(ListRow.__table__.update().values(effective_at=clock.now() - timedelta(days=1)))
        return made


def in_days(days: int) -> date:
    return clock.today("Europe/Dublin") + timedelta(days=days)


def versions() -> int:
    return session().scalar(select(func.count()).select_from(ListRow)) or 0


def asked(percent_bps: int = 1200, days: int = 20) -> None:
    drafts.change([RateDraft("All", percent_bps=percent_bps)])
    drafts.submit(in_days(days), "dearer", by=ANN)


def test_a_draft_changes_nothing_that_counts(shop: Shop) -> None:
    with transaction():
        drafts.change([RateDraft("All", percent_bps=1200)])
        assert services.active().rates[0].percent_bps == 1000
        assert drafts.present().rates[0].percent_bps == 1200


def test_a_second_person_releases_and_the_list_counts_from_its_day(shop: Shop) -> None:
    with transaction():
        asked()
        assert versions() == 1
        assert drafts.release(by=BEN) == 2
        ((since, listed),) = services.upcoming()
        assert listed.version == 2
        assert services.active().version == 1
        later = services.of_era(services.eras(), since)
        before = services.of_era(services.eras(), since - timedelta(microseconds=1))
        assert later is not None
        assert before is not None
        assert (later.version, before.version) == (2, 1)
        assert drafts.found() is None


def test_who_asked_may_not_release(shop: Shop) -> None:
    with transaction():
        asked()
    with pytest.raises(Denied), transaction():
        drafts.release(by=ANN)
    with transaction():
        assert versions() == 1
        assert drafts.require().state == "asked"


def test_a_draft_that_was_changed_after_the_question_must_be_asked_for_again(shop: Shop) -> None:
    with transaction():
        asked()
        drafts.change([RateDraft("All", percent_bps=5000)])
    with pytest.raises(Conflict), transaction():
        drafts.release(by=BEN)
    with transaction():
        assert versions() == 1


def test_a_release_that_is_sent_back_leaves_the_draft_open(shop: Shop) -> None:
    with transaction():
        asked()
        drafts.send_back("too much", by=BEN)
        assert drafts.require().state == "open"
        drafts.submit(in_days(21), "again", by=ANN)
        assert drafts.release(by=BEN) == 2


@pytest.mark.parametrize("days", [None, 0, 14])
def test_merchants_have_notice(shop: Shop, days: int | None) -> None:
    with transaction():
        drafts.change([RateDraft("All", percent_bps=1200)])
    with pytest.raises(Invalid) as refused, transaction():
        drafts.submit(None if days is None else in_days(days), "", by=ANN)
    assert refused.value.code == "commission.notice"
    with transaction():
        assert drafts.require().state == "open"
        drafts.submit(in_days(15), "", by=ANN)


def test_a_list_that_concerns_no_merchant_needs_no_notice(tenant: Tenant) -> None:
    with transaction():
        services.publish([RateDraft("All", percent_bps=1000)])
        assert drafts.earliest([]) is None


def test_a_contract_of_one_merchant_concerns_that_one_alone(shop: Shop) -> None:
    with transaction():
        other = make_shop()
        contract = RateDraft("Contract", {"shop": [other.id]}, percent_bps=500)
        drafts.change([contract, RateDraft("All", percent_bps=1000)])
        listed, before = drafts.require().listed(), services.active().rates
        mine, theirs = (notices.theirs(listed, notices.seat(m, listed)) for m in (shop.merchant_id, other.merchant_id))
        assert [rate.name for rate in mine] == ["All"]
        assert [rate.name for rate in theirs] == ["Contract", "All"]
        assert not notices.differs(before, mine)


def test_a_list_that_changes_nothing_is_refused(shop: Shop) -> None:
    with transaction():
        drafts.change([RateDraft("All", percent_bps=1000)])
    with pytest.raises(Conflict) as refused, transaction():
        drafts.submit(in_days(20), "", by=ANN)
    assert refused.value.code == "commission.no_change"


def test_a_draft_on_an_old_version_is_not_released_over_a_newer_one(shop: Shop) -> None:
    with transaction():
        asked()
        services.publish([RateDraft("Other", percent_bps=1)])
    with pytest.raises(Conflict), transaction():
        drafts.release(by=BEN)
    with transaction():
        drafts.take_over()
        drafts.submit(in_days(20), "", by=ANN)
        assert drafts.release(by=BEN) == 3


def test_a_version_is_withdrawn_before_it_counts_and_not_after(shop: Shop) -> None:
    with transaction():
        asked()
        drafts.release(by=BEN)
        services.withdraw(2)
        assert services.upcoming() == []
        assert services.standing().version == 1
    with pytest.raises(Conflict), transaction():
        services.withdraw(1)
    with transaction():
        assert services.active().version == 1


def test_the_first_list_counts_at_once_without_anybody_else(tenant: Tenant) -> None:
    with transaction():
        make_shop()
        drafts.change([RateDraft("All", percent_bps=1000)])
        assert drafts.submit(None, "", by=ANN).state == "released"
        assert services.active().version == 1


def letters() -> list[tuple[str, str]]:
    query = select(MailRow.subject, MailRow.text).where(MailRow.recipient == "m@example.com").order_by(MailRow.id)
    return [(subject, text) for subject, text in session().execute(query)]


def test_each_merchant_is_told_once_of_the_next_list_and_of_its_withdrawal(shop: Shop) -> None:
    with transaction():
        asked()
        drafts.release(by=BEN)
    run_due()
    with transaction():
        ((subject, text),) = letters()
        assert subject == f"Your fees change on {in_days(20)}"
        assert "dearer" in text
        assert "/merchant/commission/" in text
        services.withdraw(2)
    run_due()
    with transaction():
        assert [subject for subject, _text in letters()][1:] == [f"Your fees do not change on {in_days(20)}"]


def test_the_second_person_is_asked_by_the_api_too(app: Flask, shop: Shop, tenant: Tenant) -> None:
    ann, ben, base = key_of("operator"), key_of("operator"), f"http://{tenant.slug}.localhost"
    client, url = app.test_client(), "/api/v1/commission"
    rates = {"rates": [{"name": "All", "percent_bps": 1200}]}
    direct = client.put(f"{url}/rates", json=rates, base_url=base, headers=ann)
    assert (direct.status_code, direct.json["code"]) == (409, "commission.second_person")  # type: ignore[index]
    assert client.put(f"{url}/draft", json=rates, base_url=base, headers=ann).json["state"] == "open"  # type: ignore[index]
    when = {"effective_on": in_days(20).isoformat(), "reason": "dearer"}
    assert client.post(f"{url}/draft/submit", json=when, base_url=base, headers=ann).json == {
        "state": "asked",
        "version": None,
    }
    assert client.post(f"{url}/draft/release", base_url=base, headers=ann).status_code == 403
    released = client.post(f"{url}/draft/release", base_url=base, headers=ben)
    assert released.json == {"state": "released", "version": 2}


def test_without_the_right_nothing_is_released(app: Flask, shop: Shop, tenant: Tenant) -> None:
    with transaction():
        asked()
        key = make_key("operator", "commission.view", "commission.manage")
    base = f"http://{tenant.slug}.localhost"
    assert app.test_client().post("/operator/commission/draft/release", base_url=base, headers=key).status_code == 403
    with transaction():
        assert versions() == 1


def test_merchants_read_their_own_rates_now_and_later_and_no_contract_of_others(
    app: Flask, shop: Shop, tenant: Tenant
) -> None:
    with transaction():
        other = make_shop()
        drafts.change([RateDraft("Secret", {"shop": [other.id]}, percent_bps=1), RateDraft("All", percent_bps=1200)])
        drafts.submit(in_days(20), "", by=ANN)
        drafts.release(by=BEN)
    key, base = key_of("merchant", shop.merchant_id), f"http://{tenant.slug}.localhost"
    found = app.test_client().get("/api/v1/commission/fees", base_url=base, headers=key).json
    assert found is not None
    assert [rate["sentence"] for rate in found["rates"]] == ["10% of the net price"]
    (later,) = found["upcoming"]
    assert [rate["sentence"] for rate in later["rates"]] == ["12% of the net price"]
    page = app.test_client().get("/merchant/commission/", base_url=base, headers=key).text
    assert "Secret" not in page
    assert "Before: 10% of the net price" in page
    assert "Then: 12% of the net price" in page


def test_what_someone_would_get_is_worked_out_for_own_shops_alone(app: Flask, shop: Shop, tenant: Tenant) -> None:
    with transaction():
        from_other = make_shop()
        category = make_category()
    key, base = key_of("merchant", shop.merchant_id), f"http://{tenant.slug}.localhost"
    client, path = app.test_client(), "/merchant/commission/"
    asked_for = f"?category={category}&price=12.00&quantity=1&tax=20&shop="
    assert "€10.80" in client.get(f"{path}{asked_for}{shop.id}", base_url=base, headers=key).text
    assert "Choose a shop" in client.get(f"{path}{asked_for}{from_other.id}", base_url=base, headers=key).text


def test_only_one_draft_is_alive(shop: Shop) -> None:
    with transaction():
        drafts.change([RateDraft("A")])
        drafts.discard()
        drafts.change([RateDraft("B")])
        states = session().scalars(select(DraftRow.state).order_by(DraftRow.id)).all()
        assert states == ["discarded", "open"]


def test_midnight_is_the_marketplaces_own(shop: Shop) -> None:
    with transaction():
        asked()
        drafts.release(by=BEN)
        ((since, _listed),) = services.upcoming()
        assert since == datetime.combine(in_days(20), time(), ZoneInfo("Europe/Dublin"))
