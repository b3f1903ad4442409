"""The demo's shops and what is on their shelves: listings with variants, prices, stock and pictures."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from core.catalogue import refreshing, variants
from core.catalogue.models import ListingRow, PictureRow, PriceRow, TagRow, VariantRow
from core.catalogue.stock_models import LocationRow, MovementRow, StockRow
from core.catalogue.tax import default_bps
from core.catalogue.tokens import title_key
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import current, current_id
from core.merchants import house
from core.merchants.models import DeliveryRow, MerchantRow, ShopRow
from core.orders.models import LineRow
from tenants.history.rows import Values, write
from web.demo.content import Listing, Marketplace, Shop
from web.demo.seeding import grounds
from web.demo.seeding.people import merchant_email
from web.demo.seeding.pictures import Studio, banner_of, hang_all, logo_of, of_listing, shown

_WEEKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:30") | {"sat": "10:00-14:00"}
_STREETS = {"IE": "1 Market Yard", "CN": "市集路 1 号"}
_IN_REVIEW, _DRAFTS = 3, 2


def add_shops(market: Marketplace) -> None:
    """Open the shops: the marketplace's own for the house, each other one for a merchant of its own."""
    for number, shop in enumerate(market.shops):
        since = clock.now() - timedelta(days=200 - number * 7)
        merchant_id = house.house_id() if shop.own else _add_merchant(market, shop, since)
        shop_id = house.ensure_house_shop(shop.name, shop.slug) if shop.own else _add_shop(shop, merchant_id, since)
        _describe(shop, shop_id)
        write(DeliveryRow, [_delivery(shop, shop_id, place) for place in range(len(shop.delivery))])
        write(LocationRow, [{"id": new_id(), "merchant_id": merchant_id, "name": shop.city or shop.name}])


def _add_merchant(market: Marketplace, shop: Shop, since: datetime) -> UUID:
    row_id = new_id()
    write(MerchantRow, [{
        "id": row_id, "name": shop.name, "kind": "company", "country": market.country,
        "email": merchant_email(market, shop.slug), "address": _address(shop), "state": "approved",
        "created_at": since, "applied_at": since, "approved_at": since,
        "registration_number": f"{market.country}-{700_000 + len(shop.slug) * 1_313}",
    }])  # fmt: skip
    return row_id


def add_applicants(market: Marketplace) -> None:
    """Let one more merchant wait for the operator's decision."""
    name = {"IE": "Kelp & Co. Soaps", "CN": "海岸陶社"}.get(market.country, "Newcomers")
    at = clock.now() - timedelta(days=1, hours=3)
    write(MerchantRow, [{
        "id": new_id(), "name": name, "kind": "company", "country": market.country,
        "email": merchant_email(market, "newcomer"), "state": "applied", "created_at": at, "applied_at": at,
        "address": {"line1": _STREETS.get(market.country, ""), "city": market.shops[0].city,
                    "country": market.country},
        "registration_number": f"{market.country}-712044",
    }])  # fmt: skip


def _address(shop: Shop) -> dict[str, str]:
    country = current().country
    return {"name": shop.name, "line1": _STREETS.get(country, ""), "city": shop.city, "country": country}


def _add_shop(shop: Shop, merchant_id: UUID, since: datetime) -> UUID:
    row_id = new_id()
    write(ShopRow, [{
        "id": row_id, "merchant_id": merchant_id, "slug": shop.slug, "name": shop.name, "state": "open",
        "created_at": since,
    }])  # fmt: skip
    return row_id


def _describe(shop: Shop, shop_id: UUID) -> None:
    said = {
        "name": shop.name, "slug": shop.slug, "story": shop.story, "city": shop.city, "hours": _WEEKDAYS, "return_address": _address(shop),
        "policies": {"returns": shop.returns}, "return_days": 30 if current().country == "IE" else 7,
    }  # fmt: skip
    session().execute(update(ShopRow).where(ShopRow.id == shop_id).values(**said))


def _delivery(shop: Shop, shop_id: UUID, place: int) -> Values:
    way = shop.delivery[place]
    return {
        "id": new_id(), "shop_id": shop_id, "code": way.code, "label": way.label, "price_minor": way.price_minor,
        "currency": current().currency, "free_from_minor": way.free_over_minor, "min_days": way.days[0],
        "max_days": way.days[1], "position": place,
    }  # fmt: skip


def add_listings(market: Marketplace) -> None:
    """Put every listing on the shelf with its variants and stock; a few wait for review or are drafts."""
    chance = random.Random(market.slug)
    shops = {row.slug: row for row in session().scalars(select(ShopRow))}
    places = {row.merchant_id: row.id for row in session().scalars(select(LocationRow))}
    found = grounds.category_ids()
    rows: dict[type[object], list[Values]] = {
        kind: [] for kind in (ListingRow, VariantRow, StockRow, MovementRow, PriceRow, TagRow)
    }
    order = list(enumerate(market.listings))
    chance.shuffle(order)
    for number, (place, entry) in enumerate(order):
        since = clock.now() - timedelta(days=1 + 150 * (len(order) - number) / len(order))
        row = _listing(entry, shops[entry.shop], found[entry.category], since, _state(place, len(order)))
        rows[ListingRow].append(row)
        rows[TagRow] += [{"id": new_id(), "listing_id": row["id"], "tag": tag} for tag in dict.fromkeys(entry.tags)]
        _add_variants(rows, entry, row, places[row["merchant_id"]], since)
    for kind in (ListingRow, VariantRow, StockRow, MovementRow, PriceRow, TagRow):
        write(kind, rows[kind])
    refreshing.refresh([row["id"] for row in rows[ListingRow]])


def _state(place: int, count: int) -> str:
    if place % (count // _IN_REVIEW) == 7:
        return "review"
    return "draft" if place % (count // _DRAFTS) == 11 else "live"


def _listing(entry: Listing, shop: ShopRow, category_id: UUID, since: datetime, state: str) -> Values:
    return {
        "id": new_id(), "merchant_id": shop.merchant_id, "shop_id": shop.id, "category_id": category_id,
        "slug": entry.slug, "title": entry.title, "title_key": title_key(entry.title),
        "description": entry.description, "brand": shop.name, "attributes": dict(entry.attributes),
        "option_names": [option.name for option in entry.options], "tax_bps": default_bps(),
        "currency": current().currency, "state": state, "external_key": entry.slug, "created_at": since,
        "published_at": since if state == "live" else None,
    }  # fmt: skip


def _add_variants(
    rows: Mapping[type[object], list[Values]], entry: Listing, row: Values, location_id: UUID, since: datetime
) -> None:
    for place, variant in enumerate(entry.variants):
        key = new_id()
        rows[VariantRow].append({
            "id": key, "listing_id": row["id"], "merchant_id": row["merchant_id"], "sku": variant.sku,
            "options": list(variant.values), "option_key": variants.option_key(variant.values),
            "price_minor": variant.price_minor, "currency": row["currency"], "was_minor": variant.was_minor,
            "weight_g": variant.weight_g, "position": place,
        })  # fmt: skip
        rows[StockRow].append({
            "id": new_id(), "variant_id": key, "location_id": location_id, "available": variant.stock, "low_at": 5,
        })  # fmt: skip
        if variant.stock:
            rows[MovementRow].append({
                "id": new_id(), "variant_id": key, "location_id": location_id, "kind": "receipt",
                "quantity": variant.stock, "at": since,
            })  # fmt: skip
        rows[PriceRow] += _prices(key, row, variant.price_minor, variant.was_minor, since)


def _prices(variant_id: UUID, row: Values, price: int, was: int | None, since: datetime) -> list[Values]:
    base = {"variant_id": variant_id, "currency": row["currency"]}
    if was is None:
        return [{"id": new_id(), **base, "price_minor": price, "since": since, "until": None}]
    cut = since + (clock.now() - since) * 3 / 4
    return [
        {"id": new_id(), **base, "price_minor": was, "since": since, "until": cut},
        {"id": new_id(), **base, "price_minor": price, "since": cut, "until": None},
    ]


def hang_pictures(market: Marketplace, studio: Studio) -> None:
    """Hang the pictures of listings, and let order lines show the first one."""
    keys = {row.external_key: (row.id, row.merchant_id) for row in session().scalars(select(ListingRow))}
    wanted = [(entry, number) for entry in market.listings for number in range(shown(entry))]
    given = [
        (studio.drawn(of_listing(entry.pictures[number])), f"{entry.slug}-{number + 1}", keys[entry.slug][1])
        for entry, number in wanted
    ]
    media = hang_all(given)
    write(PictureRow, [
        {"id": new_id(), "listing_id": keys[entry.slug][0], "media_id": media_id, "position": number,
         "alt": entry.pictures[number].alt}
        for (entry, number), media_id in zip(wanted, media, strict=True)
    ])  # fmt: skip
    refreshing.refresh([listing_id for listing_id, _merchant in keys.values()])
    session().execute(
        update(LineRow)
        .where(LineRow.tenant_id == current_id(), LineRow.picture_id.is_(None), LineRow.listing_id == ListingRow.id,
               ListingRow.tenant_id == LineRow.tenant_id)
        .values(picture_id=ListingRow.picture_id),
        execution_options={"synchronize_session": False},
    )  # fmt: skip


def hang_signs(market: Marketplace, studio: Studio) -> None:
    """Give every shop its logo and banner."""
    shops = {row.slug: row for row in session().scalars(select(ShopRow))}
    for shop in market.shops:
        row = shops[shop.slug]
        row.logo_id, row.banner_id = hang_all([
            (studio.drawn(logo_of(shop)), f"{shop.slug}-logo", row.merchant_id),
            (studio.drawn(banner_of(market, shop)), f"{shop.slug}-banner", row.merchant_id),
        ])  # fmt: skip


def live_variants() -> Sequence[tuple[ListingRow, VariantRow]]:
    """Return what can be sold and is well in stock, in a stable order."""
    query = (
        select(ListingRow, VariantRow)
        .join(VariantRow, (VariantRow.tenant_id == ListingRow.tenant_id) & (VariantRow.listing_id == ListingRow.id))
        .join(StockRow, (StockRow.tenant_id == VariantRow.tenant_id) & (StockRow.variant_id == VariantRow.id))
        .where(ListingRow.state == "live", StockRow.available > 8)
        .order_by(ListingRow.slug, VariantRow.position)
    )
    return [(listing, variant) for listing, variant in session().execute(query)]
