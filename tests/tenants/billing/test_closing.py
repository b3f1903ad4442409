"""A month is measured in the marketplace's own books, closed once, invoiced without gaps, and the books balance."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import AppError, Conflict, Invalid, Missing
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, read_only, transaction
from core.ledger.balances import balances
from core.ledger.verify import verify
from tenants.billing import accounts, books, closing, dunning, invoices, metering, plans, reading, subscriptions
from tenants.billing.accounts import Company
from tenants.billing.facts import Grant
from tenants.billing.models import InvoiceRow, PeriodRow, PlanVersionRow, SpanRow
from tenants.billing.rules import Month
from tenants.billing.terms import Terms
from tenants.values import PLATFORM
from tests.tenants.billing.conftest import NOVEMBER, backdate, named, refund, run, sold

pytestmark = pytest.mark.usefixtures("company")
MONTH = Month(NOVEMBER)


def priced(tenant: Tenant, offer: Terms) -> None:
    """Give a marketplace a version of its plan with other terms."""
    with bind(PLATFORM), transaction():
        version = 100 + (session().scalar(text("select count(*) from billing_plan_versions")) or 0)
        session().add(PlanVersionRow(plan_code="standard", version=version, effective_on=date(2999, 1, 1),
                                     terms=offer.plain()))  # fmt: skip
        session().flush()
        session().execute(update(SpanRow).where(SpanRow.customer_id == tenant.id).values(version=version))


def closed(tenant: Tenant, month: date = NOVEMBER) -> list[InvoiceRow]:
    closing.close_month(tenant.id, month)
    with bind(PLATFORM), read_only():
        query = select(InvoiceRow).where(InvoiceRow.customer_id == tenant.id, InvoiceRow.month == month)
        return list(session().scalars(query.order_by(InvoiceRow.currency)))


def owed(tenant: Tenant) -> dict[str, int]:
    with bind(PLATFORM), read_only():
        return {b.account.partition(":")[0]: b.amount.minor for b in balances() if str(tenant.id) in b.account}


OFFER = Terms({"en": "A", "zh": "甲"}, monthly={"EUR": 10_000}, share_bps=100)


def test_volume_is_orders_completed_in_the_tenants_month_less_refunds(since_november: Tenant) -> None:
    sold(10_000, 5, refunded=2_500)
    sold(7_000, 30)
    with transaction():
        session().execute(text("update orders set completed_at = :at where total_minor = 7000"),
                          {"at": datetime(2025, 12, 1, 0, 30, tzinfo=UTC)})  # fmt: skip
    with bind(PLATFORM), read_only():
        spans = subscriptions.spans(since_november.id)
    with read_only():
        (stretch,) = metering.measure(MONTH, spans).stretches
    assert [(v.sales.minor, v.refunds.minor) for v in stretch.volumes] == [(10_000, 2_500)]


def test_what_was_refunded_before_completion_lowers_the_sale(since_november: Tenant) -> None:
    sold(10_000, 15, refunded=4_000, refund_day=3)
    with bind(PLATFORM), read_only():
        spans = subscriptions.spans(since_november.id)
    with read_only():
        (stretch,) = metering.measure(MONTH, spans).stretches
    assert [(v.sales.minor, v.refunds.minor) for v in stretch.volumes] == [(6_000, 0)]


def test_another_marketplaces_sales_are_not_counted(since_november: Tenant, make_tenant) -> None:
    other = make_tenant()
    backdate(other, NOVEMBER)
    priced(since_november, OFFER)
    priced(other, OFFER)
    with bind(other):
        sold(500_000)
    (mine,), (theirs,) = closed(since_november), closed(other)
    assert (mine.net_minor, theirs.net_minor) == (10_000, 15_000)


def test_a_month_is_closed_once_and_stays_as_it_was(since_november: Tenant) -> None:
    priced(since_november, OFFER)
    sold(20_000)
    (first,) = closed(since_november)
    sold(90_000)
    assert closing.close_month(since_november.id, NOVEMBER) == ()
    (again,) = closed(since_november)
    assert (again.id, again.net_minor) == (first.id, 10_200)
    with bind(PLATFORM), read_only():
        query = select(PeriodRow.month).where(PeriodRow.customer_id == since_november.id)
        assert session().scalars(query).all() == [NOVEMBER]


def test_more_refunds_than_sales_are_carried_and_set_off_next_month(since_november: Tenant) -> None:
    priced(since_november, Terms(OFFER.names, share_bps=1_000))
    sold(10_000, 5)
    (first,) = closed(since_november)
    assert first.net_minor == 1_000
    closing.issue(first.id, since_november.id)
    with transaction():
        order = session().scalar(text("select id from orders limit 1"))
    from_december = datetime(2025, 12, 9, tzinfo=UTC)
    with transaction():
        refund(order, 4_000, from_december)
    assert closed(since_november, date(2025, 12, 1)) == []
    assert owed(since_november) == {"receivable": 1_230, "carried": -400}
    priced(since_november, Terms(OFFER.names, monthly={"EUR": 3_000}))
    (january,) = closed(since_november, date(2026, 1, 1))
    assert [(line["code"], line["amount_minor"]) for line in january.lines] == [("plan", 3_000), ("carried", -400)]
    closing.issue(january.id, since_november.id)
    assert owed(since_november) == {"receivable": 1_230 + 3_198}


def test_a_plugin_is_charged_for_the_days_of_its_switches(
    since_november: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    priced(since_november, Terms(OFFER.names, plugin_fees={"gifts": {"EUR": 900}}))
    for day, deed in ((6, "plugin.enabled"), (15, "plugin.disabled")):
        monkeypatch.setattr(clock, "now", lambda day=day: datetime(2025, 11, day, 9, tzinfo=UTC))
        with transaction():
            audit.record(deed, "plugin", None, plugin="gifts")
    monkeypatch.undo()
    with read_only():
        assert metering.plugin_days(MONTH) == {"gifts": tuple(range(6, 16))}
    assert [row.net_minor for row in closed(since_november)] == [300]


def test_numbers_have_no_gap_and_a_refusal_uses_none_up(since_november: Tenant, make_tenant) -> None:
    others = [make_tenant() for _n in range(3)]
    for one in (since_november, *others):
        backdate(one, NOVEMBER)
        closing.close_month(one.id, NOVEMBER)
    rows = [row for one in (since_november, *others) for row in closed(one)]
    with pytest.raises(Missing):
        closing.issue(rows[0].id, others[0].id)
    for row in rows:
        closing.issue(row.id, row.customer_id)
        closing.issue(row.id, row.customer_id)
    issued = [row for one in (since_november, *others) for row in closed(one)]
    numbers = [int(str(row.number).rpartition("-")[2]) for row in issued]
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert all(invoices.is_unchanged(row) for row in issued)


def test_a_draft_waits_for_the_company(since_november: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    (draft,) = closed(since_november)
    monkeypatch.setattr(accounts, "company", Company)
    assert not closing.issue(draft.id, since_november.id)
    monkeypatch.undo()
    assert [(row.state, row.number) for row in closed(since_november)] == [("draft", None)]
    assert closing.issue(draft.id, since_november.id)


def test_a_business_abroad_owes_the_tax_itself(since_november: Tenant) -> None:
    named(since_november, country="DE", tax_number="DE123")
    (draft,) = closed(since_november)
    closing.issue(draft.id, since_november.id)
    (row,) = closed(since_november)
    assert (row.tax_kind, row.tax_minor, row.net_minor) == ("reverse_charge", 0, 19_900)


def issued(tenant: Tenant) -> UUID:
    (draft,) = closed(tenant)
    closing.issue(draft.id, tenant.id)
    return draft.id


def on_ground(work: object, *given: object, **more: object) -> object:
    with bind(PLATFORM), transaction():
        return work(*given, **more)  # type: ignore[operator]


def test_parts_of_a_credit_sum_to_the_invoice_and_the_next_one_is_lower(since_november: Tenant) -> None:
    key = issued(since_november)
    on_ground(invoices.pay_by_bank, key, "SEPA")
    for minor in (1, 9_999, 7_777, 24_477 - 17_777):
        on_ground(invoices.credit, key, Money(minor, "EUR"), "sorry")
    with bind(PLATFORM), read_only():
        notes = reading.notes(key)
    assert (sum(n.net.minor for n in notes), sum(n.tax.minor for n in notes)) == (19_900, 4_577)
    assert owed(since_november) == {"credit": -24_477}
    with pytest.raises(Invalid):
        on_ground(invoices.credit, key, Money(1, "EUR"), "more")
    assert owed(since_november) == {"credit": -24_477}
    (next_one,) = closed(since_november, date(2025, 12, 1))
    closing.issue(next_one.id, since_november.id)
    (row,) = closed(since_november, date(2025, 12, 1))
    assert (row.state, row.settled_minor, row.paid_by) == ("paid", 24_477, "credit")
    assert owed(since_november) == {}


@pytest.mark.parametrize("work", [
    lambda key: invoices.void(key, ""), lambda key: invoices.give_up(key, " "),
    lambda key: invoices.credit(key, Money(1, "EUR"), "x"), lambda key: invoices.pay_by_bank(key, ""),
    lambda key: invoices.pay(key, Money(1, "EUR"), by="bank", reference="x"),
])  # fmt: skip
def test_refusals_leave_nothing_changed(since_november: Tenant, work: object) -> None:
    key = issued(since_november)
    with pytest.raises(AppError):
        on_ground(work, key)
    (row,) = closed(since_november)
    assert (row.state, row.credited_minor, row.paid_at) == ("open", 0, None)
    assert owed(since_november) == {"receivable": 24_477}


def test_given_up_and_paid_after_all(since_november: Tenant) -> None:
    key = issued(since_november)
    on_ground(invoices.give_up, key, "gone")
    assert owed(since_november) == {}
    on_ground(invoices.pay_by_bank, key, "SEPA")
    assert [row.state for row in closed(since_november)] == ["paid"]
    with pytest.raises(Conflict):
        on_ground(invoices.void, key, "too late")


def test_given_up_and_voided_leaves_the_books_as_they_were(since_november: Tenant) -> None:
    key = issued(since_november)
    on_ground(invoices.give_up, key, "gone")
    on_ground(invoices.void, key, "never was")
    assert owed(since_november) == {}
    with bind(PLATFORM), read_only():
        assert [note.kind for note in reading.notes(key)] == ["void"]


def test_the_platforms_books_prove_themselves(since_november: Tenant) -> None:
    issued(since_november)
    with bind(PLATFORM), read_only():
        proof = verify()
    assert proof.drifted == ()
    assert set(proof.sums.values()) <= {0}


def overdue(tenant: Tenant, days: int) -> UUID:
    key = issued(tenant)
    with bind(PLATFORM), transaction():
        due = plans.today() - timedelta(days=days)
        session().execute(update(InvoiceRow).where(InvoiceRow.id == key).values(due_on=due))
    return key


@pytest.mark.parametrize(("days", "reminders", "proposed"), [(0, 0, False), (1, 1, False), (8, 2, False),
                                                             (29, 3, False), (30, 3, True)])  # fmt: skip
def test_reminders_follow_the_schedule_and_the_end_is_a_proposal(
    since_november: Tenant, days: int, reminders: int, proposed: bool
) -> None:
    overdue(since_november, days)
    for _time in range(2):
        on_ground(dunning.dun)
    (row,) = closed(since_november)
    assert (row.reminders, row.proposed_on is not None) == (reminders, proposed)
    with read_only():
        assert session().scalar(text("select state from tenants")) == "active"


def test_patience_stops_reminders_and_withdraws_the_proposal(since_november: Tenant) -> None:
    key = overdue(since_november, 40)
    on_ground(dunning.dun)
    with pytest.raises(Invalid):
        on_ground(dunning.wait, key, plans.today())
    on_ground(dunning.wait, key, plans.today() + timedelta(days=9))
    on_ground(dunning.dun)
    (row,) = closed(since_november)
    assert (row.reminders, row.proposed_on) == (3, None)


def test_one_marketplaces_failure_keeps_nobody_else(
    since_november: Tenant, make_tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_tenant()
    backdate(other, NOVEMBER)
    measured = closing.measured

    def broken(tenant: Tenant, *given: object) -> object:
        if tenant.id == since_november.id:
            raise RuntimeError("its books cannot be read")
        return measured(tenant, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(closing, "measured", broken)
    with pytest.raises(RuntimeError):
        closing.close_month(since_november.id, NOVEMBER)
    assert len(closed(other)) == 1
    monkeypatch.undo()
    assert len(closed(since_november)) == 1


def test_months_are_due_two_hours_after_their_end_where_the_marketplace_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 1, 1, 59, tzinfo=UTC))
    assert closing.due_months(date(2025, 11, 9), None, "UTC") == [date(2025, 11, 1), date(2025, 12, 1)]
    assert closing.due_months(date(2025, 11, 9), date(2025, 11, 1), "Asia/Tokyo") == [date(2025, 12, 1),
                                                                                     date(2026, 1, 1)]  # fmt: skip
    assert closing.due_months(date(2026, 1, 9), None, "America/New_York") == []


def test_an_upgrade_holds_at_once_and_a_downgrade_at_the_months_end(since_november: Tenant) -> None:
    who = subscriptions.customer(since_november.id)
    up = run(lambda: subscriptions.change_plan(who, "unlimited", "monthly"))
    assert up.is_at_once  # type: ignore[attr-defined]
    down = run(lambda: subscriptions.change_plan(who, "starter", "monthly"))
    day = subscriptions.today(who)
    assert (down.is_at_once, down.day) == (False, Month(day.replace(day=1)).end)  # type: ignore[attr-defined]
    with bind(PLATFORM), read_only():
        found = subscriptions.spans(since_november.id)
    assert [(span.plan, span.from_on) for span in found][-2:] == [("unlimited", day), ("starter", down.day)]  # type: ignore[attr-defined]
    run(lambda: subscriptions.keep_plan(who))
    with pytest.raises(Conflict):
        run(lambda: subscriptions.keep_plan(who))


def test_a_downgrade_that_has_become_too_small_is_dropped(
    since_november: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = subscriptions.customer(since_november.id)
    run(lambda: subscriptions.apply_due(who))
    run(lambda: subscriptions.change_plan(who, "starter", "monthly"))
    later = datetime.combine(Month(subscriptions.today(who).replace(day=1)).end, datetime.min.time(), UTC)
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(hours=12))
    monkeypatch.setattr(subscriptions.usage, "counts", lambda ids, *_when: {key: {"staff": 40} for key in ids})
    assert run(lambda: subscriptions.apply_due(who)) == "dropped"
    with bind(PLATFORM), read_only():
        assert [span.plan for span in subscriptions.spans(since_november.id)] == ["standard"]


def test_a_downgrade_takes_effect_with_its_limits(since_november: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    who = subscriptions.customer(since_november.id)
    run(lambda: subscriptions.change_plan(who, "starter", "monthly"))
    later = datetime.combine(Month(subscriptions.today(who).replace(day=1)).end, datetime.min.time(), UTC)
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(hours=12))
    assert run(lambda: subscriptions.apply_due(who)) == "applied"
    with platform_transaction():
        found = session().execute(text("select plan_code, limits ->> 'staff' from tenants where id = :i"),
                                  {"i": since_november.id}).one()  # fmt: skip
    assert tuple(found) == ("starter", "5")


def test_customers_keep_their_version_until_they_are_moved(since_november: Tenant) -> None:
    who = subscriptions.customer(since_november.id)
    with bind(PLATFORM), transaction():
        newest = plans.versions("standard")[0]
        monthly = {**newest.terms.monthly, "EUR": 30_000 + newest.version}
        dearer = {**newest.terms.plain(), "monthly": monthly}
        published = plans.publish("standard", plans.offers.stored(dearer))
    with bind(PLATFORM), read_only():
        assert subscriptions.spans(since_november.id)[-1].version == 1
        assert plans.current("standard").version != published.version
    run(lambda: subscriptions.renew(who))
    with bind(PLATFORM), read_only():
        last = subscriptions.spans(since_november.id)[-1]
    assert (last.version, last.from_on) == (published.version, max(published.effective_on, last.from_on))


def test_a_grant_without_an_end_is_refused(since_november: Tenant) -> None:
    with pytest.raises(Invalid):
        on_ground(accounts.change_grant, since_november.id, Grant(discount_bps=100))
    with bind(PLATFORM), read_only():
        assert accounts.account(since_november.id).grant == Grant()
        assert books.owed_to(since_november.id, "EUR") == Money(0, "EUR")
