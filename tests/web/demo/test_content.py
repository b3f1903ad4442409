"""The demo content is complete, consistent and can be drawn."""

from collections import Counter
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from web.demo import art
from web.demo.content import Funding, Marketplace
from web.demo.glyphs import GLYPHS
from web.demo.markets import MARKETPLACES
from web.demo.paint import to_webp
from web.demo.vector import to_svg

each_market = pytest.mark.parametrize("market", MARKETPLACES, ids=lambda market: market.slug)


@each_market
def test_a_marketplace_is_large_enough_to_look_real(market: Marketplace) -> None:
    assert len(market.listings) >= 160
    assert len(market.shops) >= 7
    assert [shop.slug for shop in market.shops if shop.own] == ["own"]
    assert len(market.categories) == 8
    assert len(market.buyers) == 12


@each_market
def test_slugs_titles_descriptions_and_skus_are_unique(market: Marketplace) -> None:
    listings = market.listings
    skus = [variant.sku for listing in listings for variant in listing.variants]
    for values in (
        [listing.slug for listing in listings],
        [listing.title for listing in listings],
        [listing.description for listing in listings],
        skus,
        [buyer.email for buyer in market.buyers],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


@each_market
def test_every_listing_stands_in_a_shop_and_a_category_that_exist(market: Marketplace) -> None:
    shops = {shop.slug for shop in market.shops}
    categories = {category.slug for category in market.categories}
    assert {listing.shop for listing in market.listings} == shops
    assert {listing.category for listing in market.listings} == categories


@each_market
def test_attributes_take_values_that_their_category_offers(market: Marketplace) -> None:
    offered = {
        (category.slug, attribute.code, choice.code)
        for category in market.categories
        for attribute in category.attributes
        for choice in attribute.options
    }
    taken = {(entry.category, *pair) for entry in market.listings for pair in entry.attributes}
    assert taken - offered == set()


@each_market
def test_prices_are_positive_and_was_prices_higher(market: Marketplace) -> None:
    variants = [variant for listing in market.listings for variant in listing.variants]
    assert all(variant.price_minor > 0 and variant.weight_g > 0 for variant in variants)
    assert all(variant.was_minor is None or variant.was_minor > variant.price_minor for variant in variants)
    reduced = sum(listing.variants[0].was_minor is not None for listing in market.listings)
    assert 10 <= reduced * 100 // len(market.listings) <= 22
    assert any(variant.stock == 0 for variant in variants)


@each_market
def test_variants_answer_the_options_of_their_listing(market: Marketplace) -> None:
    for listing in market.listings:
        chosen = [variant.values for variant in listing.variants]
        assert chosen == [(value,) for value in listing.options[0].values]


@each_market
def test_categories_are_named_in_both_languages(market: Marketplace) -> None:
    assert set(market.languages) == {"en", "zh"}
    for category in market.categories:
        assert category.name_en.isascii()
        assert not category.name_zh.isascii()


def test_listings_are_written_in_the_language_of_their_market() -> None:
    english, chinese = MARKETPLACES
    assert all("{" not in listing.title for market in MARKETPLACES for listing in market.listings)
    assert not any("\u4e00" <= sign <= "\u9fff" for entry in english.listings for sign in entry.description)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in entry.title) for entry in chinese.listings)


@each_market
def test_coupons_and_rates_name_what_exists(market: Marketplace) -> None:
    assert {coupon.funded_by for coupon in market.coupons} == set(Funding)
    assert {coupon.shop for coupon in market.coupons} - {shop.slug for shop in market.shops} == {""}
    named = {slug for rate in market.rates for slug in rate.categories}
    assert named <= {category.slug for category in market.categories}
    assert [rate.name for rate in market.rates if not rate.categories] == [market.rates[-1].name]


@each_market
def test_policies_cover_what_a_shop_must_publish(market: Marketplace) -> None:
    assert [policy.code for policy in market.policies] == [
        "delivery",
        "returns",
        "privacy",
        "terms",
        "imprint",
    ]


@each_market
def test_pictures_name_a_drawing_and_differ_within_a_listing(market: Marketplace) -> None:
    for listing in market.listings:
        assert {picture.kind for picture in listing.pictures} <= set(art.KINDS)
        assert tuple(picture.view for picture in listing.pictures) == art.VIEWS


@pytest.mark.parametrize("kind", art.KINDS)
def test_each_kind_renders_as_svg_and_as_raster(kind: str) -> None:
    for view in art.VIEWS:
        ElementTree.fromstring(art.draw(kind, ("#C8553D", "#7E3426"), "#E5D3C1", view))
        picture = Image.open(BytesIO(art.raster(kind, ("#C8553D", "#7E3426"), "#E5D3C1", 64, view)))
        assert (picture.format, picture.size) == ("WEBP", (64, 64))
        assert len(picture.getcolors(5000) or ()) > 100


@each_market
def test_every_shop_has_a_logo_and_a_banner(market: Marketplace) -> None:
    for shop in market.shops:
        assert shop.monogram in GLYPHS
        kinds = tuple(dict.fromkeys(e.pictures[0].kind for e in market.listings if e.shop == shop.slug))[:5]
        ElementTree.fromstring(to_svg(art.logo(shop.monogram, shop.hue)))
        assert Image.open(BytesIO(to_webp(art.banner(kinds, shop.hue), 160))).size == (160, 40)
