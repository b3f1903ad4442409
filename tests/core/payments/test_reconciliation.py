"""The journal against the provider's stand-in: each kind of difference is found, named, and ends; clean means none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from sqlalchemy import func, select, text

from core.accounting.reconciliation import differences, matching, runs, sides, summary
from core.accounting.reconciliation.differences import Difference
from core.accounting.reconciliation.models import DifferenceRow, RunRow
from core.accounting.reconciliation.rules import Kind
from core.accounting.reconciliation.summary import Period, Summary
from core.billing import accounts
from core.billing.payouts import banking
from core.billing.refund import RefundRequest, refund
from core.hooks.money import Posting
from core.identity import approvals
from core.kernel import audit, clock, errors
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, read_only, transaction
from core.ledger import journal
from core.ledger.models import EntryRow
from core.orders.models import LineRow
from core.payments import movements, payments
from core.payments.movement_models import MovementRow
from tests.core.payments.conftest import KEY, Provider, start, state_of, until, work
from tests.market import balances, make_good, make_shop, orders_of

ADA, BEN = uuid4(), uuid4()
FEE = 88  # 2.9 % of 20.00, and 30 cents


@pytest.fixture(autouse=True)
def _unread(provider: Provider) -> None:
    """Every test reads the provider's account from its beginning."""
    with bind(None), platform_transaction():
        session().execute(text("delete from provider_readings"))


@pytest.fixture
def paid(provider: Provider, tenant: Tenant, started: payments.Payment) -> payments.Payment:
    """A purchase of 20.00, paid."""
    return pay(provider, started)


def pay(provider: Provider, payment: payments.Payment) -> payments.Payment:
    provider.pay(payment.provider_ref or "")
    until(lambda: state_of(payment.purchase_id) == "captured")
    return payment


def compare(tenant: Tenant) -> runs.Run:
    with transaction():
        run = runs.start("stripe")
    work(tenant, "reconciliation.run")
    with read_only():
        return runs.find(run.id)


def found(state: str = "live") -> list[Difference]:
    with read_only():
        return differences.search("stripe", state=state)


def wrong(provider: Provider, **wanted: object) -> dict[str, Any]:
    answer = provider.control(wanted, "/movement")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def booked(provider: Provider, payment: payments.Payment, type_: str = "charge") -> dict[str, Any]:
    """Return the provider's own movement of a payment."""
    (intent,) = provider.intents_of(payment.purchase_id)
    kind = "refunds" if type_ == "refund" else "charges"
    (source,) = provider.objects(kind, payment_intent=intent["id"])
    return next(iter(provider.objects("balance_transactions", source=source["id"])))


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    moment = datetime.now(UTC) + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: moment)


def give_back(payment: payments.Payment, tenant: Tenant) -> None:
    with transaction():
        (order,) = orders_of(payment.purchase_id)
        line = session().query(LineRow).filter_by(order_id=order.id).one()
        refund(RefundRequest(order.id, {line.id: 1}, f"back-{payment.id}"))
    work(tenant, "payments.refund")


def this_year() -> Summary:
    today = clock.today("Europe/Dublin")
    with read_only():
        (only,) = summary.summaries("stripe", Period(today - timedelta(days=30), today + timedelta(days=1)))
    return only


def release_all() -> None:
    """Let one person release every suggestion, and another agree where that is needed."""
    for one in found("open"):
        with transaction(), audit.acting(audit.By("user", ADA, name="Ada")):
            differences.release(one.id, by=ADA)
    with transaction(), audit.acting(audit.By("user", BEN, name="Ben")):
        for asked in approvals.waiting(matching.KIND):
            approvals.approve(asked.id, differences.mark(asked), by=BEN)
            differences.carry_out(asked)


def agrees() -> bool:
    """Tell whether the provider's closing balance is the journal's, in every currency."""
    today = clock.today("Europe/Dublin")
    with read_only():
        all_of_it = summary.summaries("stripe", Period(today - timedelta(days=30), today + timedelta(days=1)))
    return all(not one.difference and not one.unexplained for one in all_of_it)


def test_clean_period_has_no_difference_and_the_fee_is_booked_once(
    provider: Provider, tenant: Tenant, paid: payments.Payment
) -> None:
    give_back(paid, tenant)
    first, again = compare(tenant), compare(tenant)
    assert (first.state, first.found, again.found, found("")) == ("done", 0, 0, [])
    with read_only():
        assert balances()["psp_cost"] == FEE
        assert balances()["psp:stripe"] == 2000 - 1000 - FEE
    period = this_year()
    assert (period.opening.minor, period.closing.minor, period.ledger_closing.minor) == (0, 912, 912)
    assert [(m.category, m.amount.minor, m.fee.minor) for m in period.moved] == [
        ("charge", 2000, FEE), ("refund", -1000, 0)
    ]  # fmt: skip
    assert (period.explained, period.is_clean) == ((), True)


def charge_nobody_knows(provider: Provider, tenant: Tenant, _paid: payments.Payment) -> None:
    params = {"amount": 1500, "currency": "eur", "confirm": "true", "payment_method": "pm_card_visa",
              "return_url": "https://example.com", "metadata[galleria_tenant]": str(tenant.id)}  # fmt: skip
    requests.post(f"{provider.url}/v1/payment_intents", params, auth=(KEY, ""), timeout=10).raise_for_status()


def charged_twice(provider: Provider, _tenant: Tenant, paid: payments.Payment) -> None:
    wrong(provider, repeat=booked(provider, paid)["id"])


def one_cent_less(provider: Provider, _tenant: Tenant, paid: payments.Payment) -> None:
    wrong(provider, change=booked(provider, paid)["id"], amount=1999)


def other_currency(provider: Provider, _tenant: Tenant, paid: payments.Payment) -> None:
    wrong(provider, change=booked(provider, paid)["id"], currency="usd", amount=2200)


def fee_by_itself(provider: Provider, _tenant: Tenant, paid: payments.Payment) -> None:
    source = booked(provider, paid)["source"]
    wrong(provider, add={"type": "stripe_fee", "reporting_category": "fee", "amount": -250, "currency": "eur",
                         "source": source})  # fmt: skip


def refund_that_came_back(provider: Provider, tenant: Tenant, paid: payments.Payment) -> None:
    give_back(paid, tenant)
    refund_ref = booked(provider, paid, "refund")["source"]
    provider.control({"refund": refund_ref, "outcome": "decline"}, "/refund")


def refund_that_never_was(provider: Provider, tenant: Tenant, paid: payments.Payment) -> None:
    give_back(paid, tenant)
    wrong(provider, remove=booked(provider, paid, "refund")["id"])


Spoil = Callable[[Provider, Tenant, payments.Payment], None]
CASES: dict[Kind, tuple[Spoil, int, int]] = {
    # what goes wrong, what the provider has more, and after how many days it counts as wrong
    Kind.UNKNOWN_SOURCE: (charge_nobody_knows, 1500 - 74, 0),
    Kind.DUPLICATE: (charged_twice, 2000, 0),
    Kind.AMOUNT: (one_cent_less, -1, 0),
    Kind.CURRENCY: (other_currency, 2200 - FEE + FEE, 0),
    Kind.MISSING_IN_LEDGER: (refund_that_came_back, 1000, 4),
    Kind.MISSING_AT_PROVIDER: (refund_that_never_was, 1000, 4),
}


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.value)
def test_each_kind_is_found_named_and_ends_with_its_entry(
    provider: Provider, tenant: Tenant, paid: payments.Payment, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil, more, days = CASES[kind]
    spoil(provider, tenant, paid)
    run = compare(tenant)
    (one,) = found()
    assert (run.found, one.state, one.kind) == (1, "waiting" if days else "open", Kind.TIMING if days else kind)
    if days:
        later(monkeypatch, days)
        compare(tenant)
        (one,) = found()
    assert (one.state, one.kind, one.difference.minor) == ("open", kind, more)
    assert not agrees()
    release_all()
    assert agrees()
    compare(tenant)
    assert (found(), [each.state for each in found("")]) == ([], ["settled"])


def test_fee_by_itself_is_a_fee_without_entry(provider: Provider, tenant: Tenant, paid: payments.Payment) -> None:
    fee_by_itself(provider, tenant, paid)
    compare(tenant)
    (one,) = found()
    assert (one.kind, one.difference.minor, one.clue) == (Kind.FEE, -250, "fee")
    release_all()
    assert agrees()
    with read_only():
        assert balances()["psp_cost"] == FEE + 250


def test_disputes_fee_is_booked_with_the_dispute_and_missed_where_nobody_heard_of_it(
    provider: Provider, tenant: Tenant, paid: payments.Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.control({"webhooks": "pause"})
    provider.control({"payment_intent": paid.provider_ref}, "/dispute")
    compare(tenant)
    (one,) = found()
    assert (one.kind, one.difference.minor) == (Kind.TIMING, -3500)
    provider.control({"webhooks": "resume"})
    until(lambda: work(tenant, "payments.event") is None and compare(tenant).resolved == 1)
    assert (found(), [each.state for each in found("")]) == ([], ["resolved"])
    with read_only():
        assert balances()["psp_cost"] == FEE + 1500


def test_what_is_on_its_way_is_no_difference_and_ends_by_itself(
    provider: Provider, tenant: Tenant, paid: payments.Payment
) -> None:
    with transaction():
        (order,) = orders_of(paid.purchase_id)
        line = session().query(LineRow).filter_by(order_id=order.id).one()
        refund(RefundRequest(order.id, {line.id: 1}, "early"))
    compare(tenant)
    (one,) = found()
    assert (one.kind, one.state) == (Kind.TIMING, "waiting")
    assert this_year().is_clean
    with transaction(), pytest.raises(errors.Conflict, match="not_open"):
        differences.release(one.id, by=ADA)
    work(tenant, "payments.refund")
    assert compare(tenant).resolved == 1
    assert found() == []


def test_withdrawal_to_the_bank_is_met_by_what_was_noted_or_suggested(
    provider: Provider, tenant: Tenant, paid: payments.Payment
) -> None:
    provider.control({"amount": 1_000_000, "currency": "eur"}, "/fund")
    provider.control({"amount": 1000, "currency": "eur", "metadata": {"galleria_tenant": str(tenant.id)}}, "/fund")
    for amount in (300, 400):
        params = {"amount": amount, "currency": "eur", "metadata[galleria_tenant]": str(tenant.id)}
        requests.post(f"{provider.url}/v1/payouts", params, auth=(KEY, ""), timeout=10).raise_for_status()
    with transaction():
        banking.withdraw("stripe", Money(300, "EUR"), key="by hand")
    compare(tenant)
    assert {(one.kind, one.difference.minor) for one in found()} == {
        (Kind.MISSING_IN_LEDGER, 1000), (Kind.MISSING_IN_LEDGER, -400)
    }  # fmt: skip
    release_all()
    assert agrees()
    with read_only():
        assert balances()["psp:bank"] == 300 + 400 - 1000


def test_second_person_is_asked_above_the_limit_and_may_turn_it_down(
    provider: Provider, tenant: Tenant, paid: payments.Payment
) -> None:
    wrong(provider, change=booked(provider, paid)["id"], amount=52_000)
    compare(tenant)
    (one,) = found()
    with transaction():
        assert differences.release(one.id, by=ADA, reason="They charged more").state == "asked"
        assert not journal.is_posted(f"reconciliation:{one.id}")
    with transaction():
        (asked,) = approvals.waiting(matching.KIND)
        seen = differences.mark(asked)
        with pytest.raises(errors.Denied):
            approvals.approve(asked.id, seen, by=ADA)
    with transaction():
        differences.turn_down(asked, BEN, "Ask them first")
        assert differences.find(one.id).state == "open"
        assert not journal.is_posted(f"reconciliation:{one.id}")


def test_what_was_asked_falls_when_the_figures_change(
    provider: Provider, tenant: Tenant, paid: payments.Payment
) -> None:
    movement = booked(provider, paid)
    wrong(provider, change=movement["id"], amount=52_000)
    compare(tenant)
    (one,) = found()
    with transaction():
        differences.release(one.id, by=ADA)
    give_back(paid, tenant)
    wrong(provider, repeat=movement["id"])
    compare(tenant)
    with read_only():
        assert approvals.waiting(matching.KIND) == []
        assert differences.find(one.id).state == "open"


def test_difference_is_dismissed_with_a_reason_and_stays_so_until_it_changes(
    provider: Provider, tenant: Tenant, paid: payments.Payment
) -> None:
    one_cent_less(provider, tenant, paid)
    compare(tenant)
    (one,) = found()
    with transaction(), pytest.raises(errors.Invalid):
        differences.dismiss(one.id, "  ")
    assert [each.state for each in found("")] == ["open"]
    with transaction():
        differences.dismiss(one.id, "Rounded by them")
    assert compare(tenant).found == 0
    period = this_year()
    assert [(part.state, part.amount.minor) for part in period.explained] == [("dismissed", -1)]
    assert (period.unexplained.minor, period.is_clean) == (0, False)
    fee_by_itself(provider, tenant, paid)
    compare(tenant)
    assert len(found()) == 1


@pytest.mark.parametrize("mode", ["500", "429", "drop_before", "drop_after"])
def test_provider_that_fails_is_asked_again_and_nothing_is_doubled(
    provider: Provider, tenant: Tenant, paid: payments.Payment, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.fail_next(mode, "/v1/balance_transactions", times=3)
    run = compare(tenant)
    assert (run.state, bool(run.trouble)) == ("running", True)
    provider.control({"reset": True})
    done = compare(tenant)
    assert (done.id, done.state, done.trouble, done.read) == (run.id, "done", "", 1)
    with read_only():
        assert balances()["psp_cost"] == FEE


def test_killed_at_any_page_or_step_it_goes_on_and_doubles_nothing(
    provider: Provider, tenant: Tenant, good: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.payments.stripe.movements._PAGE", 2)
    for _number in range(4):
        with transaction():
            variant = make_good(make_shop(), 1000, stock=5)
        pay(provider, start(variant))
    with transaction():
        run = runs.start("stripe")
    places = ("read_page", "step")
    for dies_at in range(1, 12):
        left = [dies_at]
        with monkeypatch.context() as patched, pytest.MonkeyPatch.context() as inner:
            for module, name in zip((movements, matching), places, strict=True):
                inner.setattr(module, name, _dying(getattr(module, name), left))
            try:
                runs.carry_out({"run": str(run.id)})
            except KeyboardInterrupt:
                continue
            finally:
                patched.undo()
                monkeypatch.setattr("core.payments.stripe.movements._PAGE", 2)
        break
    with read_only():
        assert runs.find(run.id).state == "done"
        assert session().scalar(select(func.count()).select_from(MovementRow)) == 4
        fees = select(func.count()).select_from(EntryRow).where(EntryRow.kind == "provider.fee")
        assert (session().scalar(fees), balances()["psp_cost"]) == (4, 4 * FEE)
    assert found("") == []


def _dying(real: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    """Return a function that does its work a few times, and then the process dies after it."""

    def work_or_die(*given: Any) -> Any:
        answer = real(*given)
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return answer

    return work_or_die


def test_two_marketplaces_at_one_account_see_their_own_movements_alone(
    provider: Provider, tenant: Tenant, paid: payments.Payment, make_tenant: Callable[..., Tenant]
) -> None:
    other = make_tenant()
    with bind(other):
        with transaction():
            variant = make_good(make_shop(), 500, stock=5)
        theirs = pay(provider, start(variant, 1))
        wrong(provider, change=booked(provider, theirs)["id"], amount=501)
    assert compare(tenant).read == 1
    assert found("") == []
    with bind(other):
        compare(other)
        (one,) = found()
        assert (one.kind, one.difference.minor) == (Kind.AMOUNT, 1)
    with transaction(), pytest.raises(errors.Missing):
        differences.release(one.id, by=ADA)


def test_movement_without_a_mark_is_nobodys_and_lies_on_the_platforms_ground(
    provider: Provider, tenant: Tenant, make_tenant: Callable[..., Tenant]
) -> None:
    make_tenant()
    provider.control({"amount": 700, "currency": "eur"}, "/fund")
    compare(tenant)
    assert found("") == []
    with bind(None), platform_transaction():
        query = text("select tenant_id, category from provider_movements where amount_minor = 700")
        assert {tuple(row) for row in session().execute(query)} == {(movements.NOBODY, "topup")}


def test_old_days_are_explained_to_the_cent_by_what_came_later(
    provider: Provider, tenant: Tenant, paid: payments.Payment
) -> None:
    compare(tenant)
    day = date(2020, 5, 1)
    with transaction():
        psp = accounts.provider("stripe")
        journal.post("early", "journal.manual", [Posting("world", psp, Money(900, "EUR"), "x")], effective_on=day)
    compare(tenant)
    with read_only():
        (period,) = summary.summaries("stripe", Period(day, day))
    assert (period.closing.minor, period.ledger_closing.minor, period.unexplained.minor) == (0, 900, 0)
    assert [(part.state, part.kind) for part in period.explained] == [("waiting", "timing")]
    with transaction(), pytest.raises(errors.Invalid):
        Period(day, day - timedelta(days=1))


def test_asking_twice_makes_one_run_and_every_step_is_logged(tenant: Tenant, provider: Provider) -> None:
    with transaction():
        assert runs.start("stripe").id == runs.start("stripe").id
        assert session().scalar(select(func.count()).select_from(RunRow)) == 1
        with pytest.raises(errors.Missing):
            runs.start("bank_transfer")
        assert [deed.action for _key, deed in audit.deeds(limit=1)] == ["reconciliation.started"]
        assert session().scalar(select(func.count()).select_from(DifferenceRow)) == 0


def test_more_than_one_step_takes_at_once_is_compared_with_its_fees(
    provider: Provider, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sides, "BATCH", 1)
    monkeypatch.setattr(sides, "COPIED", 2)
    for _number in range(3):
        with transaction():
            variant = make_good(make_shop(), 1000, stock=5)
        pay(provider, start(variant))
    assert (compare(tenant).found, found("")) == (0, [])
    with read_only():
        assert balances()["psp_cost"] == 3 * FEE
