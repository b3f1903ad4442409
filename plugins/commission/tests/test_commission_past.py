"""Past orders: tiers count what was sold, changed lists are tried on them, and their charges come out again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from core.billing.models import ChargeRow
from core.billing.refund import RefundRequest, refund
from core.checkout import settle
from core.kernel import clock
from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.ledger.models import PostingRow
from core.orders.models import LineRow
from core.payments import payments
from core.payments.models import PaymentRow
from plugins.commission import comparing, runs, services, volumes
from plugins.commission.documents import RateDraft
from plugins.commission.values import Tier, Volume
from tests.market import Shop, buy, make_category, make_good, make_shop, orders_of
from tests.threads import together, wide_pool
from tests.web.orders.making import Sold, key_of, sell
from tests.working import run_due

S7 = {"EUR": (Tier(100_000, 1000), Tier(500_000, 800), Tier(None, 600))}
TODAY = clock.today("Europe/Dublin")
PERIOD = (TODAY - timedelta(days=2), TODAY + timedelta(days=2))


def fees() -> list[int]:
    """Every stored fee, in the order of placing."""
    with transaction():
        return list(session().scalars(select(ChargeRow.amount_minor).order_by(ChargeRow.id)))


def place(shop: Shop, net: int) -> UUID:
    """Place an order of one unit at a net price; tax is 20 %."""
    with transaction():
        return buy({make_good(shop, net * 6 // 5): 1}, key=str(uuid4()))


def publish(*rates: RateDraft) -> None:
    with transaction():
        services.publish(rates)


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    with transaction():
        return make_shop()


def test_tiers_climb_with_what_was_sold_this_month_s7(shop: Shop) -> None:
    publish(RateDraft("Tiers", tiers=S7))
    place(shop, 92_000)
    place(shop, 20_000)
    assert fees() == [9200, 1760]


def test_another_merchants_sales_do_not_count(shop: Shop) -> None:
    publish(RateDraft("Tiers", tiers=S7))
    with transaction():
        other = make_shop()
    place(other, 92_000)
    place(shop, 20_000)
    assert fees() == [9200, 2000]


def test_a_cancelled_order_falls_out_of_the_month_and_nothing_charged_changes(shop: Shop) -> None:
    publish(RateDraft("Tiers", tiers=S7))
    first = place(shop, 92_000)
    place(shop, 20_000)
    with transaction():
        settle.cancel(first)
    place(shop, 10_000)
    assert fees() == [9200, 1760, 1000]
    with transaction():
        assert volumes.so_far(shop.merchant_id, "EUR") == Volume(30_000, 36_000, 0)


def test_what_was_refunded_falls_out_of_the_month(tenant: Tenant) -> None:
    sold = sell(units=4)
    with transaction():
        line = session().scalars(select(LineRow.id).where(LineRow.order_id == sold.order_id)).one()
        refund(RefundRequest(sold.order_id, {line: 1}, "one"))
        assert volumes.so_far(sold.shop.merchant_id, "EUR") == Volume(2500, 3000, 490)


def test_two_orders_that_cross_a_tier_at_once_cost_what_they_would_one_after_the_other(
    app: Flask, config: Config, shop: Shop
) -> None:
    publish(RateDraft("Tiers", tiers={"EUR": (Tier(100_000, 1000), Tier(None, 0))}))
    with transaction():
        goods = [make_good(shop, 72_000) for _one in range(4)]

    def order(good: UUID) -> UUID:
        with transaction():
            return buy({good: 1}, key=str(uuid4()))

    with wide_pool(app, config, 8):
        placed = together(app, [lambda good=good: order(good) for good in goods])  # type: ignore[misc]
    assert all(isinstance(one, UUID) for one in placed)
    assert sorted(fees()) == [4000, 6000]  # 60,000 at 10 %, then 40,000 of the next, then nothing.


def run_of(run_id: UUID) -> runs.Run:
    run_due()
    with transaction():
        return runs.find(run_id)


def simulate(*rates: RateDraft) -> runs.Run:
    with transaction():
        run_id = runs.simulate(rates, *PERIOD)
    return run_of(run_id)


def test_a_simulation_says_who_wins_and_loses_and_posts_nothing(tenant: Tenant) -> None:
    with transaction():
        cheap, dear = make_shop(delivery=490), make_shop(delivery=490)
    publish(RateDraft("All", percent_bps=1000))
    sell(cheap), sell(dear), sell(dear)
    with transaction():
        posted = session().scalar(select(func.count()).select_from(PostingRow))
    run = simulate(RateDraft("Contract", {"shop": [cheap.id]}, percent_bps=500), RateDraft("All", percent_bps=2000))
    assert (run.state, run.done, run.tally["changed"], run.tally["below"]) == ("done", 3, 3, 0)
    found = {row.key: (row.lines, row.sold, row.was, row.now) for row in comparing.outcomes(run.tally, "shop")}
    assert found == {str(cheap.id): (1, 2490, 200, 100), str(dear.id): (2, 4980, 400, 800)}
    with transaction():
        assert session().scalar(select(func.count()).select_from(PostingRow)) == posted


def test_a_merchant_who_would_pay_more_than_it_sells_is_named(tenant: Tenant) -> None:
    publish(RateDraft("All", percent_bps=1000))
    sold = sell()
    run = simulate(RateDraft("Fixed", per_line={"EUR": 5000}))
    (row,) = comparing.outcomes(run.tally, "merchant")
    assert (row.key, row.left) == (str(sold.shop.merchant_id), 2490 - 6000)
    assert run.tally["below"] == 1


def test_the_present_list_changes_nothing_tiers_and_refunds_included(shop: Shop) -> None:
    tiers = RateDraft("Tiers", tiers={"EUR": (Tier(2_000, 1000), Tier(None, 500))})
    publish(tiers)
    first = sell(shop)
    with transaction():
        line = session().scalars(select(LineRow.id).where(LineRow.order_id == first.order_id)).one()
        refund(RefundRequest(first.order_id, {line: 1}, "one"))
    sell(shop), sell(shop)
    assert simulate(tiers).tally["changed"] == 0


def test_a_simulation_of_many_pieces_is_that_of_one(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(RateDraft("All", percent_bps=1000))
    with transaction():
        shop = make_shop(delivery=490)
    for _one in range(3):
        sell(shop)
    tiers = RateDraft("Tiers", tiers={"EUR": (Tier(2_000, 1000), Tier(None, 500))})
    at_once = simulate(tiers)
    monkeypatch.setattr(runs, "PIECE", 1)
    in_pieces = simulate(tiers)
    assert in_pieces.tally == at_once.tally
    assert (in_pieces.done, in_pieces.most) == (3, 3)


def replay() -> dict[str, Any]:
    with transaction():
        run_id = runs.replay(*PERIOD)
    return dict(run_of(run_id).tally)


def changing_lists(shop: Shop) -> list[Sold]:
    publish(RateDraft("All", percent_bps=1000, floor={"EUR": 50}))
    sold = [sell(shop)]
    publish(RateDraft("Tiers", tiers={"EUR": (Tier(2_000, 1000), Tier(None, 333))}, with_delivery=True, base="gross"))
    sold += [sell(shop, units=3), sell(shop)]
    publish(RateDraft("None", {"shop": [shop.id]}, percent_bps=0))
    return [*sold, sell(shop)]


def test_a_replay_of_changing_lists_finds_no_difference_s41(shop: Shop) -> None:
    changing_lists(shop)
    with transaction():
        session().execute(update(ChargeRow).values(reversed_minor=ChargeRow.amount_minor))
    tally = replay()
    assert (tally["orders"], tally["charged"], tally["different"], tally["differences"]) == (4, 3, 0, [])
    stored, tax, again, again_tax = tally["sums"]["EUR"]
    assert (stored, tax) == (again, again_tax)


def test_a_replay_finds_a_charge_that_was_touched_to_the_cent(shop: Shop) -> None:
    sold = changing_lists(shop)[0]
    with transaction():
        session().execute(
            update(ChargeRow).where(ChargeRow.order_id == sold.order_id).values(amount_minor=ChargeRow.amount_minor + 1)
        )
    tally = replay()
    assert tally["different"] == 1
    (found,) = tally["differences"]
    assert (found["order"], found["fee_minor"], found["again_fee_minor"]) == (sold.number, 168, 167)


def test_a_replay_does_not_mind_that_categories_move(shop: Shop) -> None:
    with transaction():
        category = make_category()
        good = make_good(shop, 1200, category_id=category)
        services.publish([RateDraft("Here", {"category": [category]}, percent_bps=1000), RateDraft("All")])
        purchase = buy({good: 1})
        payments.captured(session().scalars(select(PaymentRow)).one(), "card")
        (order,) = orders_of(purchase)
        session().execute(update(LineRow).where(LineRow.order_id == order.id).values(category_id=make_category()))
    assert replay()["differences"] == []


def test_the_command_tells_whether_anything_differs(app: Flask, tenant: Tenant, shop: Shop) -> None:
    sold = changing_lists(shop)[0]
    arguments = ["commission", "replay", "--tenant", tenant.slug, "--from", str(PERIOD[0]), "--to", str(PERIOD[1])]
    clean = app.test_cli_runner().invoke(args=arguments)
    assert (clean.exit_code, '"different": 0' in clean.output) == (0, True), clean.output
    with transaction():
        session().execute(update(ChargeRow).where(ChargeRow.order_id == sold.order_id).values(tax_minor=1))
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 1


def test_an_empty_period_is_refused(tenant: Tenant) -> None:
    with pytest.raises(Invalid), transaction():
        runs.replay(date(2026, 1, 2), date(2026, 1, 2))


def test_runs_are_begun_and_read_over_the_api(app: Flask, tenant: Tenant) -> None:
    publish(RateDraft("All", percent_bps=1000))
    sold = sell()
    client, base, key = app.test_client(), f"http://{tenant.slug}.localhost", key_of("operator")
    period = {"start": str(PERIOD[0]), "end": str(PERIOD[1])}
    url = "/api/v1/commission"
    begun = client.post(f"{url}/simulations", json={**period, "rates": [{"name": "x", "percent_bps": 2000}]},
                        base_url=base, headers=key)  # fmt: skip
    assert (begun.status_code, begun.json["state"]) == (202, "running")  # type: ignore[index]
    run_due()
    told = client.get(f"{url}/simulations/{begun.json['id']}", base_url=base, headers=key).json  # type: ignore[index]
    assert told is not None
    assert (told["state"], told["changed"], told["totals"][0]["change_minor"]) == ("done", 1, 200)
    assert told["merchants"][0]["id"] == str(sold.shop.merchant_id)
    again = client.post(f"{url}/replays", json=period, base_url=base, headers=key).json
    run_due()
    assert again is not None
    assert client.get(f"{url}/replays/{again['id']}", base_url=base, headers=key).json["different"] == 0  # type: ignore[index]


def test_pages_and_the_file_of_a_run_are_shown(app: Flask, tenant: Tenant) -> None:
    publish(RateDraft("All", percent_bps=1000))
    sell()
    client, base, key = app.test_client(), f"http://{tenant.slug}.localhost", key_of("operator")
    for kind, said in (("simulations", "No merchant would end below zero"), ("replays", "No difference")):
        begun = client.post(f"/operator/commission/{kind}", base_url=base, headers=key)
        assert begun.status_code == 303
        assert "Working" in client.get(begun.location, base_url=base, headers=key).text
        run_due()
        assert said in client.get(begun.location, base_url=base, headers=key).text
    page = client.post("/operator/commission/simulations", base_url=base, headers=key).location
    run_due()
    file = client.get(f"{page}/csv", base_url=base, headers=key)
    assert file.mimetype == "text/csv"
    assert '"EUR","1","24.90","2.00","2.00","0.00","22.90"' in file.text


def test_an_order_says_why_each_price_and_fee_and_keeps_contracts_of_others_apart(app: Flask, tenant: Tenant) -> None:
    with transaction():
        other = make_shop()
    publish(RateDraft("Secret", {"shop": [other.id]}), RateDraft("All", percent_bps=1000))
    sold = sell()
    base, path = f"http://{tenant.slug}.localhost", f"/orders/{sold.order_id}"
    for realm, merchant_id, sees in (("operator", None, True), ("merchant", sold.shop.merchant_id, False)):
        key, client = key_of(realm, merchant_id), app.test_client()
        told = client.get(f"/api/v1{path}/explanation", base_url=base, headers=key)
        assert told.status_code == 200
        assert told.json["prices"][0]["sentences"][0] == "List price: 2 × €10.00 = €20.00."  # type: ignore[index]
        assert "10% of the net price, €16.67, is €1.67" in told.json["charges"][0]["sentence"]  # type: ignore[index]
        page = client.get(f"/{realm}{path}", base_url=base, headers=key).text
        assert "How these prices came about" in page
        assert ("Secret" in told.text, "Secret" in page) == (sees, sees)
