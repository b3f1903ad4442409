"""Listings: what may be written, the matrix of variants, prices over time, and the way to the shelf."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select, text

from core.catalogue import editing, moderation, prices, stock, variants
from core.catalogue.models import FacetRow, ListingRow, PriceRow, TagRow, VariantRow
from core.catalogue.refreshing import refresh
from core.catalogue.values import ListingInput, PictureInput, Seller, VariantInput
from core.kernel import clock, outbox
from core.kernel.db import session
from core.kernel.errors import AppError, Conflict, Invalid, Missing
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from tests.core.catalogue.conftest import eur, open_shop

Make = Callable[..., UUID]


def row(listing_id: UUID) -> ListingRow:
    return session().scalars(select(ListingRow).where(ListingRow.id == listing_id)).one()


def sizes(*rows: tuple[str, int]) -> list[VariantInput]:
    return [VariantInput((size,), eur(price)) for size, price in rows]


def kept(listing_id: UUID) -> dict[tuple[str, ...], UUID]:
    rows = session().scalars(select(VariantRow).where(VariantRow.listing_id == listing_id, VariantRow.is_active))
    return {tuple(r.options): r.id for r in rows}


def test_a_listing_keeps_prices_and_words_for_lists(seller: Seller, category: UUID, make_listing: Make) -> None:
    with transaction():
        listing_id = make_listing(title="Été board", brand="Oakes", tags=("Gift", "gift", "round"))
        variants.set_variants(listing_id, seller.merchant_id, ["Size"], sizes(("S", 900), ("L", 2100)))
    with transaction():
        found = row(listing_id)
        assert (found.price_from_minor, found.price_to_minor, found.title_key) == (900, 2100, "ete board")
        assert found.slug == "ete-board"
        assert set(session().scalars(select(TagRow.tag))) == {"Gift", "round"}
        facets = {tuple(facet) for facet in session().execute(select(FacetRow.code, FacetRow.value))}
        assert facets == {("brand", "Oakes"), ("size", "S"), ("size", "L")}
        asked = text("select search @@ cast('''厨房'' & ''gift''' as tsquery) from listings where id = :id")
        assert session().scalar(asked, {"id": listing_id})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"tags": tuple(f"tag {n}" for n in range(11))}, "tags"),
        ({"tax_bps": 10_001}, "tax_bps"),
        ({"attributes": {"colour": "red"}}, "attributes.colour"),
        ({"publish_at": clock.now(), "unpublish_at": clock.now() - timedelta(days=1)}, "unpublish_at"),
    ],
)
def test_a_listing_with_a_wrong_field_is_refused_and_not_written(
    seller: Seller, category: UUID, wrong: dict[str, object], field: str
) -> None:
    entered = replace(ListingInput("Board", category), **wrong)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refusal, transaction():
        editing.create_listing(seller, entered)
    assert [error.path for error in refusal.value.fields] == [field]
    with transaction():
        assert session().scalar(select(func.count()).select_from(ListingRow)) == 0


def test_two_listings_of_one_title_have_two_addresses(make_listing: Make) -> None:
    with transaction():
        slugs = {row(make_listing()).slug, row(make_listing()).slug}
    assert len(slugs) == 2


def test_an_edit_of_an_old_version_is_refused(seller: Seller, category: UUID, make_listing: Make) -> None:
    with transaction():
        listing_id = make_listing()
        version = row(listing_id).version
        editing.change_listing(listing_id, seller.merchant_id, ListingInput("Ash board", category), version)
    with pytest.raises(Conflict, match="changed_meanwhile"), transaction():
        editing.change_listing(listing_id, seller.merchant_id, ListingInput("Elm board", category), version)
    with transaction():
        assert row(listing_id).title == "Ash board"


def test_a_plan_that_is_used_up_takes_no_further_listing(
    tenant: Tenant, seller: Seller, category: UUID, make_listing: Make
) -> None:
    with bind(replace(tenant, limits={"listings": 1})):
        with transaction():
            make_listing()
        with pytest.raises(Conflict, match="plan_limit"), transaction():
            make_listing()
        with transaction():
            assert session().scalar(select(func.count()).select_from(ListingRow)) == 1


def test_a_variant_keeps_its_id_when_the_matrix_changes(seller: Seller, make_listing: Make) -> None:
    with transaction():
        listing_id = make_listing()
        variants.set_variants(listing_id, seller.merchant_id, ["Size"], sizes(("S", 900), ("L", 2100)))
        before = kept(listing_id)
        variants.set_variants(listing_id, seller.merchant_id, ["Size"], sizes(("L", 2200), ("M", 1500)))
        after = kept(listing_id)
    assert after[("L",)] == before[("L",)]
    assert set(after) == {("L",), ("M",)}


def test_a_variant_that_was_on_the_shelf_is_taken_off_sale_and_comes_back(seller: Seller, live: UUID) -> None:
    with transaction():
        variants.set_variants(live, seller.merchant_id, ["Size"], sizes(("S", 900), ("L", 2100)))
        before = kept(live)
        variants.set_variants(live, seller.merchant_id, ["Size"], sizes(("L", 2100)))
        assert session().scalar(select(VariantRow.is_active).where(VariantRow.id == before[("S",)])) is False
        variants.set_variants(live, seller.merchant_id, ["Size"], sizes(("L", 2100), ("S", 950)))
    with transaction():
        assert kept(live) == before


def test_two_variants_may_exchange_their_skus(seller: Seller, make_listing: Make) -> None:
    with transaction():
        listing_id = make_listing()
        first = [VariantInput(("S",), eur(1), sku="A"), VariantInput(("L",), eur(1), sku="B")]
        variants.set_variants(listing_id, seller.merchant_id, ["Size"], first)
        ids = kept(listing_id)
        swapped = [
            VariantInput(("S",), eur(1), sku="B", id=ids[("S",)]),
            VariantInput(("L",), eur(1), sku="A", id=ids[("L",)]),
        ]
        variants.set_variants(listing_id, seller.merchant_id, ["Size"], swapped)
    with transaction():
        assert kept(listing_id) == ids


def test_a_sku_of_another_product_is_refused(seller: Seller, make_listing: Make) -> None:
    with transaction():
        first, second = make_listing(), make_listing()
        variants.set_variants(first, seller.merchant_id, (), [VariantInput((), eur(1), sku="A")])
    with pytest.raises(Conflict, match="sku_taken"), transaction():
        variants.set_variants(second, seller.merchant_id, (), [VariantInput((), eur(1), sku="A")])


@pytest.mark.parametrize(
    ("names", "rows", "field"),
    [
        (["Size"], [VariantInput((), eur(1))], "variants.0.options"),
        (["Size"], sizes(("S", 1), ("S", 2)), "variants.0.options"),
        (["A", "B", "C", "D"], [VariantInput(("1", "2", "3", "4"), eur(1))], "option_names"),
        ([], [VariantInput((), eur(100), was=eur(100))], "variants.0.was"),
        ([], [VariantInput((), eur(-1))], "variants.0.price"),
        ([], [], "variants"),
    ],
)
def test_a_wrong_matrix_is_refused_and_changes_nothing(
    seller: Seller, make_listing: Make, names: list[str], rows: list[VariantInput], field: str
) -> None:
    with transaction():
        listing_id = make_listing()
    with pytest.raises(Invalid) as refusal, transaction():
        variants.set_variants(listing_id, seller.merchant_id, names, rows)
    assert refusal.value.fields[0].path == field
    with transaction():
        assert list(kept(listing_id)) == [()]
        assert row(listing_id).price_from_minor == 1250


def test_each_price_is_kept_and_the_reference_is_the_lowest_of_the_window(seller: Seller, make_listing: Make) -> None:
    start = clock.now()
    listing_id = UUID(int=0)
    for day, price in ((0, 1000), (5, 800), (10, 1200), (39, 700)):
        with time_machine.travel(start + timedelta(days=day), tick=False), transaction():
            listing_id = make_listing(price=price) if day == 0 else listing_id
            variants.set_variants(listing_id, seller.merchant_id, (), [VariantInput((), eur(price))])
    with transaction():
        variant_id = kept(listing_id)[()]
        cut = start + timedelta(days=39)
        assert prices.reference_price(variant_id, cut, "eu") == eur(800)
        assert prices.reference_price(variant_id, cut, "cn") == eur(1200)
        assert prices.reference_price(variant_id, start, "eu") is None
        assert [span.price.minor for span in prices.history(variant_id)] == [700, 1200, 800, 1000]
        assert session().scalar(select(func.count()).where(PriceRow.until.is_(None))) == 1


def test_without_review_a_listing_goes_on_the_shelf_at_once(seller: Seller, live: UUID) -> None:
    with transaction():
        assert (row(live).state, row(live).published_at is not None) == ("live", True)


def reviewing(tenant: Tenant) -> Tenant:
    return replace(tenant, settings={"core": {"review_listings": True}})


def test_with_review_a_listing_waits_is_sent_back_and_approved(
    tenant: Tenant, seller: Seller, make_listing: Make
) -> None:
    with bind(reviewing(tenant)):
        with transaction():
            listing_id = make_listing()
            assert moderation.submit(listing_id, seller) == "review"
        with pytest.raises(Invalid, match="no_reason"), transaction():
            moderation.ask_for_changes(listing_id, " ")
        with transaction():
            moderation.ask_for_changes(listing_id, "The picture is of another board.")
            assert (row(listing_id).state, row(listing_id).blocked_reason[:11]) == ("draft", "The picture")
        with transaction():
            moderation.submit(listing_id, seller)
            assert moderation.approve(listing_id) == "live"
            assert row(listing_id).blocked_reason == ""


def test_the_house_needs_no_review(tenant: Tenant, seller: Seller, make_listing: Make) -> None:
    with bind(reviewing(tenant)), transaction():
        assert moderation.submit(make_listing(), replace(seller, is_trusted=True)) == "live"


def test_who_is_not_approved_cannot_publish(seller: Seller, make_listing: Make) -> None:
    with transaction():
        listing_id = make_listing()
    with pytest.raises(Conflict, match="merchant_not_approved"), transaction():
        moderation.submit(listing_id, replace(seller, is_approved=False))
    with transaction():
        assert row(listing_id).state == "draft"


def test_a_listing_without_a_price_is_not_published(seller: Seller, category: UUID) -> None:
    with transaction():
        listing_id = editing.create_listing(seller, ListingInput("Board", category))
    with pytest.raises(Invalid, match="not_fit"), transaction():
        moderation.submit(listing_id, seller)
    with transaction():
        assert row(listing_id).state == "draft"


def test_a_blocked_listing_is_brought_back_by_the_operator_alone(seller: Seller, live: UUID) -> None:
    with transaction():
        moderation.block(live, "A forbidden good")
    with pytest.raises(Conflict), transaction():
        moderation.unhide(live, seller.merchant_id)
    with pytest.raises(Conflict), transaction():
        moderation.submit(live, seller)
    with transaction():
        assert (row(live).state, row(live).blocked_reason) == ("blocked", "A forbidden good")
        moderation.unblock(live)
        assert row(live).state == "hidden"


def test_hide_and_show_again_keeps_the_first_day(seller: Seller, live: UUID) -> None:
    with transaction():
        first = row(live).published_at
        moderation.hide(live, seller.merchant_id)
        assert row(live).state == "hidden"
        moderation.unhide(live, seller.merchant_id)
        assert (row(live).state, row(live).published_at) == ("live", first)


def run_due(name: str) -> None:
    """Run the due timers of a name as the worker does, in this test's tenant."""
    query = select(outbox.OutboxRow).where(outbox.OutboxRow.handler == name, outbox.OutboxRow.next_at <= clock.now())
    for due in session().scalars(query.where(outbox.OutboxRow.done_at.is_(None))).all():
        moderation.jobs.find(name).run(due.payload)  # type: ignore[union-attr]
        outbox.finish(due.id)


def test_a_listing_comes_on_the_shelf_and_leaves_it_on_its_days(seller: Seller, make_listing: Make) -> None:
    start = clock.now()
    with transaction():
        days = {"publish_at": start + timedelta(days=2), "unpublish_at": start + timedelta(days=9)}
        listing_id = make_listing(**days)
        assert moderation.submit(listing_id, seller) == "hidden"
    for day, state in ((1, "hidden"), (2, "live"), (8, "live"), (9, "hidden")):
        with time_machine.travel(start + timedelta(days=day, seconds=1), tick=False), transaction():
            run_due("catalogue.publish")
            run_due("catalogue.unpublish")
            assert row(listing_id).state == state


def test_another_merchants_listing_is_missing(seller: Seller, live: UUID, category: UUID) -> None:
    with transaction():
        other = open_shop()
    for act in (
        lambda: editing.change_listing(live, other.merchant_id, ListingInput("Mine", category)),
        lambda: variants.set_variants(live, other.merchant_id, (), [VariantInput((), eur(1))]),
        lambda: editing.set_pictures(live, other.merchant_id, [PictureInput(live)]),
        lambda: moderation.hide(live, other.merchant_id),
        lambda: moderation.archive(live, other.merchant_id),
        lambda: moderation.submit(live, other),
    ):
        with pytest.raises(Missing), transaction():
            act()
    with transaction():
        assert (row(live).title, row(live).state) == ("Oak board", "live")


def test_another_tenants_listing_is_missing(make_tenant: Callable[..., Tenant], seller: Seller, live: UUID) -> None:
    with bind(make_tenant()):
        for act in (lambda: moderation.block(live, "x"), lambda: moderation.hide(live, seller.merchant_id)):
            with pytest.raises(AppError), transaction():
                act()
        with transaction():
            refresh([live])
    with transaction():
        assert row(live).state == "live"


def test_stock_is_the_sum_of_its_movements_and_marks_the_listing(seller: Seller, live: UUID) -> None:
    with transaction():
        variant_id = kept(live)[()]
        stock.receive(variant_id, 5, kind="receipt", key="a")
        stock.receive(variant_id, 5, kind="receipt", key="a")
        assert row(live).is_available
        assert stock.adjust(variant_id, 3, "Two are broken") == -2
    with transaction():
        level = stock.levels(seller.merchant_id).rows[0]
        moves = stock.movements(variant_id)
        assert (level.available, level.on_hand, [m.balance for m in moves]) == (3, 3, [3, 5])
        stock.adjust(variant_id, 0, "Sold at the fair")
        assert not row(live).is_available


def test_stock_never_goes_below_zero(live: UUID) -> None:
    with transaction():
        variant_id = kept(live)[()]
        stock.receive(variant_id, 2, kind="receipt")
    with pytest.raises(Conflict, match="too_few"), transaction():
        stock.receive(variant_id, -3, kind="correction")
    with transaction():
        assert [m.quantity for m in stock.movements(variant_id)] == [2]


def test_low_stock_is_listed_alone(seller: Seller, make_listing: Make) -> None:
    with transaction():
        many, few = kept(make_listing(title="Many"))[()], kept(make_listing(title="Few"))[()]
        stock.receive(many, 9, kind="receipt")
        stock.receive(few, 2, kind="receipt")
        stock.warn_at(few, 2)
        assert [level.title for level in stock.levels(seller.merchant_id, only_low=True).rows] == ["Few"]
        assert len(stock.levels(seller.merchant_id, search="man").rows) == 1


def test_a_listing_has_the_countrys_standard_rate_unless_the_marketplace_or_it_says_otherwise(
    tenant: Tenant, make_listing: Make
) -> None:
    with transaction():
        assert row(make_listing()).tax_bps == 2300
        assert row(make_listing(tax_bps=0)).tax_bps == 0
    with bind(replace(tenant, settings={"core": {"default_tax_bps": 900}})), transaction():
        assert row(make_listing()).tax_bps == 900
