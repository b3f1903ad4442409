"""What lists, searches and pages of listings show, and what they never show."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from core.catalogue import detail, facets, keyset, queries, refreshing, search, visibility
from core.catalogue.keyset import Place, Sort
from core.catalogue.queries import Filters, Total
from core.catalogue.tree import tree
from core.catalogue.visibility import Sight
from core.hooks.types import Viewer
from core.kernel.db import session
from core.kernel.errors import Invalid, Missing
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.merchants.models import MerchantRow
from tests.core.catalogue import shelf

_VIEWER = Viewer(None, "en", "IE")


def _sight() -> Sight:
    return visibility.sight(_VIEWER)


def _titles(filters: Filters, sort: Sort = Sort.NEWEST) -> list[str]:
    return [card.title for card in queries.page(filters, _sight(), sort).cards]


def _found(words: str) -> list[str]:
    return [card.title for card in search.find(Filters(words=words), _sight()).page.cards]


def test_a_red_small_and_a_blue_medium_do_not_make_a_red_medium(tenant: Tenant) -> None:
    with transaction():
        shop, under = shelf.shop(), shelf.category("shirts", facets=("colour", "size"))
        shelf.listing("Mixed", shop, under, [{"colour": "red", "size": "s"}, {"colour": "blue", "size": "m"}])
        shelf.listing("Right", shop, under, [{"colour": "red", "size": "m"}])
        wanted = (("colour", ("red",)), ("size", ("m",)))
        assert _titles(Filters(facets=wanted)) == ["Right"]
        either = (("colour", ("red", "blue")), ("size", ("m",)))
        assert _titles(Filters(facets=either)) == ["Right", "Mixed"]
        counts = facets.counts(Filters(facets=(("colour", ("red",)),)), _sight(), tree().roots[0].facets)
        assert counts.by_option == {"colour": {"red": 2, "blue": 1}, "size": {"s": 1, "m": 1}}
        assert not counts.is_capped


def test_pages_neither_repeat_nor_skip_when_rows_are_added_between_them(tenant: Tenant) -> None:
    with transaction():
        shop, under = shelf.shop(), shelf.category("mugs")
        for number in range(5):
            shelf.listing(f"Mug {number}", shop, under, price=500)
        first = queries.page(Filters(), _sight(), Sort.PRICE_UP, limit=2)
        shelf.listing("Cheaper", shop, under, price=100)
        second = queries.page(Filters(), _sight(), Sort.PRICE_UP, after=keyset.read(first.next or "", Sort.PRICE_UP))
        assert [card.title for card in first.cards + second.cards] == [f"Mug {number}" for number in range(5)]
        assert second.next is None


@pytest.mark.parametrize("cursor", ["x", "%%%", "bmV3ZXN0OjE", Place(Sort.POPULAR, 1, UUID(int=7)).cursor(), "手"])
def test_a_cursor_that_is_none_or_of_another_order_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid, match=r"catalogue\.bad_cursor"):
        keyset.read(cursor, Sort.NEWEST)


def test_a_category_shows_what_lies_below_it(tenant: Tenant) -> None:
    with transaction():
        shop, home = shelf.shop(), shelf.category("home")
        shelf.listing("Pan", shop, shelf.category("kitchen", home))
        shelf.listing("Tent", shop, shelf.category("camping"))
        assert _titles(Filters(categories=tree().by_path["home"].below)) == ["Pan"]


def test_drafts_blocked_ones_and_those_of_plugins_that_are_off_are_never_seen(tenant: Tenant) -> None:
    with transaction():
        shop, under = shelf.shop(), shelf.category("mugs")
        for state in ("draft", "review", "hidden", "blocked", "archived"):
            shelf.listing(f"Mug {state}", shop, under, state=state)
        key = shelf.listing("Mug of a plugin", shop, under, plugin="not_enabled")
        assert _titles(Filters()) == _found("mug") == []
        with pytest.raises(Missing):
            detail.by_id(key, _sight())


def test_nothing_of_a_suspended_merchant_or_a_closed_shop_is_seen(tenant: Tenant) -> None:
    with transaction():
        under = shelf.category("mugs")
        shelf.listing("Mug of a suspended one", shelf.shop(merchant_state="suspended"), under)
        shelf.listing("Mug of a closed shop", shelf.shop(state="closed"), under)
        shelf.listing("Mug of a shop on holiday", shelf.shop(state="holiday"), under)
        assert _titles(Filters()) == _found("mug") == ["Mug of a shop on holiday"]


def test_another_marketplace_sees_nothing(tenant: Tenant, make_tenant: Callable[..., Tenant]) -> None:
    with transaction():
        key = shelf.listing("Mug", shelf.shop(), shelf.category("mugs"))
    with bind(make_tenant()), transaction():
        assert _titles(Filters()) == _found("mug") == []
        assert queries.count(Filters(), _sight()) == Total(0)
        with pytest.raises(Missing):
            detail.by_id(key, _sight())


@pytest.mark.parametrize(("words", "found"), [
    ("kettel", "Copper kettle"), ("KETTLES", "Copper kettle"), ("kett", "Copper kettle"), ("手冲", "日式手冲壶"),
    ("壶", "日式手冲壶"), ("café", "Cafe tray"),
])  # fmt: skip
def test_words_are_found_half_typed_misspelt_or_in_chinese(tenant: Tenant, words: str, found: str) -> None:
    with transaction():
        shop, under = shelf.shop(), shelf.category("kitchen")
        for title in ("Copper kettle", "日式手冲壶", "Cafe tray", "Wool blanket"):
            shelf.listing(title, shop, under)
        assert _found(words) == [found]


@pytest.mark.parametrize("words", ["shouchong", "shou cho", "rssc", "SCH", "rishishouchonghu"])
def test_words_are_found_by_pinyin_and_by_its_initials(tenant: Tenant, words: str) -> None:
    with transaction():
        shop, under = shelf.shop(), shelf.category("kitchen")
        refreshing.refresh([shelf.listing(title, shop, under) for title in ("日式手冲壶", "咖啡杯", "Wool blanket")])
        assert _found(words) == ["日式手冲壶"]


def test_categories_are_suggested_by_pinyin_too(tenant: Tenant) -> None:
    with transaction():
        shelf.category("coffee").names = {"en": "Coffee", "zh": "手冲咖啡"}
        session().flush()
        for words in ("kafei", "kf", "shou chong"):
            assert [node.slug for node in search.suggest(words, _sight(), "zh")[1]] == ["coffee"]
        assert search.suggest("chafei", _sight(), "zh")[1] == ()


def test_many_matches_come_by_what_sells_and_are_counted_to_the_cap(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RANKED", 2)
    monkeypatch.setattr(queries, "COUNT_CAP", 3)
    for cached in (search._pool_statement, queries._count_statement):
        cached.cache_clear()
    with transaction():
        shop, under = shelf.shop(), shelf.category("mugs")
        for number in range(5):
            shelf.listing(f"Mug {number}", shop, under, sold=number)
        found = search.find(Filters(words="mug"), _sight(), limit=2)
        again = search.find(Filters(words="mug"), _sight(), cursor=found.page.next or "", limit=2)
        assert [card.title for card in found.page.cards + again.page.cards] == ["Mug 4", "Mug 3", "Mug 2", "Mug 1"]
        assert found.total == Total(3, is_capped=True)
    for cached in (search._pool_statement, queries._count_statement):
        cached.cache_clear()


def test_a_search_without_hits_is_counted_by_day(tenant: Tenant) -> None:
    with transaction():
        search.note_miss("Unicorn saddle")
        search.note_miss("unicorn  saddle")
        rows = session().connection().exec_driver_sql("select words, count from search_misses").all()
        assert rows == [("unicorn saddle", 2)]


def test_a_listing_has_its_variants_with_stock(tenant: Tenant) -> None:
    with transaction():
        key = shelf.listing("Mug", shelf.shop(), shelf.category("mugs"), [{"size": "s"}, {"size": "l"}])
        view = detail.by_id(key, _sight())
        assert [(each.options, each.available) for each in view.variants] == [(("s",), 5), (("l",), 5)]


def test_a_merchant_suspended_later_is_gone_within_the_memory(tenant: Tenant) -> None:
    with transaction():
        shop = shelf.shop()
        shelf.listing("Mug", shop, shelf.category("mugs"))
        assert _titles(Filters()) == ["Mug"]
        row = session().get_one(MerchantRow, (tenant.id, shop.merchant_id))
        session().connection().exec_driver_sql("update merchants set state = 'suspended' where id = %s", (row.id,))
        visibility.forget()
        assert _titles(Filters()) == []
