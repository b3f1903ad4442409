"""Marketplaces are opened, suspended, restored, moved and set up; their limits hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, update

from core.catalogue.models import CategoryRow
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, Missing
from core.kernel.limits import require_within
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import platform_transaction, read_only, transaction
from tenants import domain_checks, domains, provisioning, service, settings, usage, values
from tenants.models import DomainRow, TenantRow
from tenants.provisioning import Onboarding
from tests.working import work_for
from web import cron

Make = Callable[..., Tenant]
BASE = "http://{}.localhost"


class FakeDns:
    """The DNS as a mapping."""

    def __init__(self, **records: str) -> None:
        self.records: dict[str, str] = dict(records)

    def texts(self, name: str) -> frozenset[str]:
        return frozenset({self.records[name]} if name in self.records else ())


@pytest.fixture
def platform(app):
    with bind(values.PLATFORM):
        yield


def test_a_suspended_marketplace_answers_503_until_it_is_restored(app, make_tenant: Make, platform) -> None:
    tenant = make_tenant()
    with platform_transaction():
        service.suspend(tenant.id, "unpaid")
    client = app.test_client()
    assert client.get("/operator/", base_url=BASE.format(tenant.slug)).status_code == 503
    with platform_transaction():
        service.restore(tenant.id)
    assert client.get("/no-such-page", base_url=BASE.format(tenant.slug)).status_code == 404


def test_suspending_needs_a_reason_and_an_open_marketplace(make_tenant: Make, platform) -> None:
    tenant = make_tenant()
    with pytest.raises(Invalid), platform_transaction():
        service.suspend(tenant.id, "  ")
    with platform_transaction():
        service.suspend(tenant.id, "fraud")
    with pytest.raises(Conflict), platform_transaction():
        service.suspend(tenant.id, "again")
    with platform_transaction():
        row = session().get_one(TenantRow, tenant.id)
        assert (row.state, row.suspended_reason) == ("suspended", "fraud")


def test_the_platforms_own_ground_cannot_be_suspended(platform) -> None:
    with pytest.raises(Missing), platform_transaction():
        service.suspend(values.PLATFORM.id, "oops")


def test_a_plan_limits_what_may_be_added(make_tenant: Make, platform) -> None:
    tenant = make_tenant()
    with platform_transaction():
        service.change_plan(tenant.id, "starter")
    found = values.find(tenant.id)
    assert found is not None
    with bind(found):
        require_within("staff", 4)
        with pytest.raises(Conflict) as refused:
            require_within("staff", 5)
        require_within("something unlimited", 10**9)
    assert refused.value.code == "limits.reached"


def test_an_unknown_plan_is_refused(make_tenant: Make, platform) -> None:
    tenant = make_tenant()
    with pytest.raises(Invalid), platform_transaction():
        service.change_plan(tenant.id, "gold")


def test_settings_have_defaults_and_change_by_name(tenant: Tenant) -> None:
    assert tenant.setting("return_days") == 14
    with transaction():
        settings.change({"return_days": 30, "tagline_zh": "好物"})
    found = values.find(tenant.id)
    assert found is not None
    assert (found.setting("return_days"), found.setting("tagline_zh"), found.version) == (
        30,
        "好物",
        tenant.version + 1,
    )


@pytest.mark.parametrize("wrong", [{"brand_hex": "red"}, {"return_days": -1}, {"nonsense": 1}, {"support_email": "x"}])
def test_settings_that_break_a_rule_change_nothing(tenant: Tenant, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid), transaction():
        settings.change({**wrong, "tagline_en": "changed"})
    with read_only():
        assert settings.shown().get("tagline_en", "") == ""


def test_a_marketplace_renames_itself_but_not_its_plan(tenant: Tenant) -> None:
    with transaction():
        service.rename("New name")
        service.change_languages(["zh", "en"])
        service.change_timezone("Asia/Shanghai")
    found = values.find(tenant.id)
    assert found is not None
    assert (found.name, found.languages, found.timezone) == ("New name", ("zh", "en"), "Asia/Shanghai")


def test_onboarding_refuses_each_wrong_input_by_its_name(app, platform) -> None:
    wrong = Onboarding("Bad Slug", " ", "ZZ", "EURO", "Mars/Base", ("fr",), "mall")
    with pytest.raises(Invalid) as refused, platform_transaction():
        provisioning.create(wrong)
    assert [f.path for f in refused.value.fields] == [
        "slug", "name", "country", "currency", "timezone", "languages", "preset"
    ]  # fmt: skip


def test_a_taken_name_is_refused_and_nothing_is_left(make_tenant: Make, platform) -> None:
    taken = make_tenant()
    fresh = Onboarding(f"{taken.slug}x", "N", "IE", "EUR", "Europe/Dublin", ("en",), "bare")
    again = Onboarding(taken.slug, "N", "IE", "EUR", "Europe/Dublin", ("en",), "bare")
    with pytest.raises(Conflict), platform_transaction():
        provisioning.create_many([fresh, again])
    with platform_transaction():
        assert session().scalars(select(TenantRow).where(TenantRow.slug == fresh.slug)).first() is None


def test_a_worker_opens_a_marketplace_with_its_first_categories(app, platform) -> None:
    request = Onboarding("by-worker", "N", "BR", "BRL", "America/Sao_Paulo", ("en",), "bare", with_categories=True)
    with platform_transaction():
        tenant_id = provisioning.create(request)
        provisioning.soon(tenant_id)
    work_for(tenant_id)
    found = values.find(tenant_id)
    assert found is not None
    assert found.state == "active"
    with bind(found), read_only():
        assert len(session().scalars(select(CategoryRow.slug)).all()) == 8
        assert all(step.done_at for step in provisioning.steps())


def test_usage_counts_the_tenants_own_rows_only(tenant: Tenant, make_tenant: Make) -> None:
    other = make_tenant()
    with bind(other), transaction():
        session().add_all([])
    with read_only():
        assert usage.used() == {"listings": 0, "merchants": 0, "staff": 0, "orders": 0}


@pytest.mark.parametrize(
    ("given", "host"),
    [("Shop.Example.COM.", "shop.example.com"), ("münchen.example", "xn--mnchen-3ya.example"),
     (" a-b.example ", "a-b.example")],
)  # fmt: skip
def test_a_host_name_has_one_form(given: str, host: str) -> None:
    assert domains.normal(given) == host


NO_HOSTS = "|localhost|https://a.example|a..example|-a.example|127.0.0.1|a_b.example|a.example/x|a.example:80".split(
    "|"
)


@pytest.mark.parametrize("given", NO_HOSTS)
def test_what_is_no_host_name_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        domains.normal(given)


@pytest.mark.parametrize("given", ["localhost.", "x.LOCALHOST", "platform.localhost", "a.b.localhost"])
def test_nobody_claims_an_address_below_the_platforms_host(tenant: Tenant, given: str) -> None:
    with pytest.raises(Invalid), transaction():
        domains.add(given, "localhost")


def test_a_domain_serves_only_once_its_challenge_is_in_the_dns(app, tenant: Tenant) -> None:
    host = f"{tenant.slug}.example"
    with transaction():
        domain = domains.add(host, "localhost")
    client = app.test_client()
    assert values.find_by_host(host, "localhost") is None
    assert not domains.verify(domain, FakeDns(**{domain.record: "something else"}))
    values.forget()
    assert values.find_by_host(host, "localhost") is None
    assert domains.verify(domain, FakeDns(**{domain.record: domain.challenge}))
    found = values.find_by_host(host, "localhost")
    assert found is not None
    assert found.id == tenant.id
    assert client.get("/nowhere", base_url=f"http://{host}").status_code == 404


def test_a_domain_that_serves_one_marketplace_is_not_given_to_another(tenant: Tenant, make_tenant: Make) -> None:
    other, host = make_tenant(), f"taken-{tenant.slug}.example"
    with bind(other), transaction():
        claimed = domains.add(host, "localhost")
    with transaction():
        mine = domains.add(host, "localhost")
    assert domains.verify(mine, FakeDns(**{mine.record: mine.challenge}))
    with bind(other), pytest.raises(Conflict):
        domains.verify(claimed, FakeDns(**{claimed.record: claimed.challenge}))
    values.forget()
    found = values.find_by_host(host, "localhost")
    assert found is not None
    assert found.id == tenant.id
    third = make_tenant()
    with bind(third), pytest.raises(Conflict), transaction():
        domains.add(host, "localhost")


def test_a_removed_domain_stops_serving(tenant: Tenant) -> None:
    host = f"gone-{tenant.slug}.example"
    with transaction():
        domain = domains.add(host, "localhost")
    domains.verify(domain, FakeDns(**{domain.record: domain.challenge}))
    with transaction():
        domains.remove(domain.id)
    assert values.find_by_host(host, "localhost") is None


def test_a_domain_of_another_marketplace_is_missing(tenant: Tenant, make_tenant: Make) -> None:
    other = make_tenant()
    with bind(other), transaction():
        theirs = domains.add(f"b-{other.slug}.example", "localhost")
    with pytest.raises(Missing), transaction():
        domains.remove(theirs.id)
    with bind(other), read_only():
        assert session().scalars(select(DomainRow.host)).all() == [theirs.host]
    assert current().id == tenant.id


def _make_due(tenant: Tenant) -> None:
    with platform_transaction():
        session().execute(update(DomainRow).where(DomainRow.tenant_id == tenant.id).values(checked_at=None))


def test_the_platform_hears_of_a_domain_that_lost_its_proof_and_that_it_is_back(app, tenant: Tenant) -> None:
    host = f"watched-{tenant.slug}.example"
    with transaction():
        domain = domains.add(host, "localhost")
    right = FakeDns(**{domain.record: domain.challenge})
    with bind(values.PLATFORM):
        domain_checks.check_due(right)
        values.forget()
        found = values.find_by_host(host, "localhost")
        assert found is not None
        assert found.id == tenant.id
        assert domain_checks.check_due(FakeDns()) == 0  # once a day
        _make_due(tenant)
        domain_checks.check_due(FakeDns())
        with platform_transaction():
            assert host in [one.host for one in domain_checks.lost()]
        values.forget()
        assert values.find_by_host(host, "localhost") is not None  # a fault of the DNS closes no shop
        _make_due(tenant)
        domain_checks.check_due(right)
        with platform_transaction():
            assert host not in [one.host for one in domain_checks.lost()]
    with bind(tenant), read_only():
        deeds = [deed.action for _key, deed in audit.deeds(subject_id=domain.id)]
    assert deeds == ["domain.proof_back", "domain.proof_lost", "domain.verified", "domain.added"]


def test_the_clock_has_domains_checked_once_and_not_for_each_marketplace(app, tenant: Tenant) -> None:
    cron.put_due(datetime(2030, 5, 1, 9, 20, tzinfo=UTC))
    with platform_transaction():
        query = select(OutboxRow.tenant_id).where(OutboxRow.handler == "tenants.check_domains")
        assert session().scalars(query.where(OutboxRow.done_at.is_(None))).all() == [values.PLATFORM.id]
        session().execute(delete(OutboxRow).where(OutboxRow.key.like("cron:%2030-05-01%")))
