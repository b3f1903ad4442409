"""One thing for sale: its page, with what it costs, how it arrives, and who sells it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app, request, url_for
from flask_babel import gettext
from markupsafe import Markup

from core.aftersales import exclusions, terms
from core.aftersales.reasons import Ground
from core.catalogue import detail, queries
from core.catalogue.detail import ListingView, VariantView
from core.catalogue.keyset import Sort
from core.catalogue.queries import CardPage, Filters
from core.catalogue.tree import Node, named, tree
from core.catalogue.visibility import Sight
from core.hooks.runtime import plugins
from core.hooks.surfaces import page_slots
from core.http import slots
from core.http.answers import Answer, page
from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel import clock
from core.kernel.errors import Missing, _
from core.kernel.fresh import Fresh, Made
from core.kernel.tenancy import current
from core.merchants import shopfronts
from core.merchants.shopfronts import Delivery, Shop
from web.aftersale_words import GROUNDS
from web.languages import language
from web.store import addresses, cards
from web.store.surface import blueprint
from web.store.viewers import saved_ids, sight, viewer

_MORE = 4
_SLOTS = ("product.seller", "product.below_price", "product.below")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A way of delivery with the days on which it arrives, both included, if bought today."""

    delivery: Delivery
    first: date
    last: date
    is_free: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A value of an option: a chip that leads to the variant with it. `state` is "", "chosen" or "sold_out"."""

    word: str
    href: str
    is_chosen: bool
    is_sold_out: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What a product's page says. It is made once from equal values and equals only itself."""

    chosen: VariantView | None
    options: Sequence[tuple[str, Sequence[Option]]]
    way: Sequence[Node]
    facts: Sequence[tuple[str, str]]
    arrivals: Sequence[Arrival]
    json_ld: Markup
    ground: Ground | None
    return_days: int


_shown: Made[Shown] = Made(most=5_000)
_others: Fresh[CardPage] = Fresh(1.0)
_grounds: Fresh[Ground | None] = Fresh(5.0)


@blueprint.get("/products/<slug>")
@edge(Realm.BUYER, login=False)
def product(slug: str) -> Answer:
    """Show a listing; `?variant=` chooses one of its variants."""
    seen = sight()
    listing = detail.by_slug(slug, seen)
    shop, chosen, tenant = _shop_of(listing), _chosen(listing), current()
    today, ground = clock.today(tenant.timezone), _ground_of(listing)
    where = (tenant.version, language(), request.host_url)
    key = (listing, shop.mark, tree().mark, chosen and chosen.id, today, ground, *where)
    shown, more = _shown.get(key, lambda: _made(listing, shop, chosen, ground)), _more(listing, seen)
    added = _slots(listing, shop)
    return page(
        "store/product.html", listing=listing, shop=shop, grounds=GROUNDS, shown=shown, more=more, slots=added,
        add_href=_add_href(), words=language(), made_of=(shown, more, tuple(added.items())),
        save_href=addresses.save(listing.slug), is_saved=listing.id in saved_ids(),
        picture=addresses.picture, canonical=addresses.product(listing.slug),
    )  # fmt: skip


def _ground_of(listing: ListingView) -> Ground | None:
    """Return why the listing cannot be sent back for a change of mind, as of some seconds ago; None if it can."""
    node = tree().nodes.get(listing.category_id)
    return _grounds.get(listing.id, lambda: exclusions.ground_now(listing.id, node.path if node else ""))


def _made(listing: ListingView, shop: Shop, chosen: VariantView | None, ground: Ground | None) -> Shown:
    node = tree().nodes.get(listing.category_id)
    windows = terms.windows(current().country, shop.return_days, None)
    return Shown(
        chosen, _options(listing, chosen), tree().way(node) if node else (), _facts(listing, node),
        _arrivals(shop, chosen), _json_ld(listing, shop), ground, windows.no_reason_days,
    )  # fmt: skip


def _shop_of(listing: ListingView) -> Shop:
    shop = shopfronts.shops([listing.shop_id]).get(listing.shop_id)
    if shop is None:
        raise Missing("catalogue.no_listing", _("This is not on sale any more"))
    return shop


def _chosen(listing: ListingView) -> VariantView | None:
    """Return the variant that the address names, else the first that can be bought, else the first."""
    asked = request.args.get("variant", "")
    named_one = next((variant for variant in listing.variants if str(variant.id) == asked), None)
    free = next((variant for variant in listing.variants if variant.is_available), None)
    return named_one or free or next(iter(listing.variants), None)


def _options(listing: ListingView, chosen: VariantView | None) -> list[tuple[str, list[Option]]]:
    """Return chips for each option's values; each leads to the nearest variant that has it."""
    if chosen is None or not listing.option_names:
        return []
    found = []
    for place, name in enumerate(listing.option_names):
        values = dict.fromkeys(v.options[place] for v in listing.variants if len(v.options) > place)
        found.append((name, [_option(listing, chosen, place, value) for value in values]))
    return found


def _option(listing: ListingView, chosen: VariantView, place: int, value: str) -> Option:
    having = [v for v in listing.variants if len(v.options) > place and v.options[place] == value]
    target = max(having, key=lambda v: (_shared(v, chosen, place), v.is_available))
    wished = [v for v in having if _shared(v, chosen, place) == len(chosen.options) - 1]
    sold_out = not any(v.is_available for v in (wished or having))
    href = f"{addresses.product(listing.slug)}?variant={target.id}"
    return Option(value, href, chosen.options[place] == value, sold_out)


def _shared(variant: VariantView, chosen: VariantView, place: int) -> int:
    pairs = zip(variant.options, chosen.options, strict=False)
    return sum(mine == theirs for at, (mine, theirs) in enumerate(pairs) if at != place)


def _facts(listing: ListingView, node: Node | None) -> list[tuple[str, str]]:
    """Return what is written about a listing, in the reader's language where the category names it."""
    facets = {facet.code: facet for facet in (node.facets if node else ())}
    facts = [(str(gettext("Brand")), listing.brand)] if listing.brand else []
    for code, value in listing.attributes.items():
        facet = facets.get(code)
        names = facet.options.get(value) if facet else None
        label = named(facet.names, language()) if facet else code.replace("_", " ").capitalize()
        facts.append((label, named(names, language()) if names else str(value)))
    return facts


def _arrivals(shop: Shop, chosen: VariantView | None) -> list[Arrival]:
    today = clock.today(current().timezone)
    return [
        Arrival(each, today + timedelta(each.min_days), today + timedelta(each.max_days), _is_free(each, chosen))
        for each in shop.deliveries
    ]


def _is_free(delivery: Delivery, chosen: VariantView | None) -> bool:
    if not delivery.price:
        return True
    return chosen is not None and delivery.free_from is not None and chosen.price >= delivery.free_from


def _more(listing: ListingView, seen: Sight) -> Markup:
    """Return cards of the shop's most popular other goods, as they were at most a second ago."""
    filters = Filters(shop_id=listing.shop_id)
    key = (filters, seen.key())
    found = _others.get(key, lambda: queries.page(filters, seen, Sort.POPULAR, limit=_MORE + 1)).cards
    return cards.drawn([card for card in found if card.id != listing.id][:_MORE], eager=0)


def _slots(listing: ListingView, shop: Shop) -> dict[str, Markup]:
    """Return what plugins add to the page, by slot; nothing is asked when no plugin adds anything."""
    if not plugins().implementers(page_slots, current()):
        return {}
    subject = {"listing_id": listing.id, "merchant_id": listing.merchant_id, "shop_id": shop.id,
               "category_id": listing.category_id, "is_house": shop.is_house}  # fmt: skip
    looks = viewer()
    return {slot: slots.drawn(slots.filled(slot, subject, looks)) for slot in _SLOTS}


def _add_href() -> str:
    """Return where a line is added to the cart; "" in a house without carts."""
    return url_for("store.add_to_cart") if "store.add_to_cart" in current_app.view_functions else ""


def _json_ld(listing: ListingView, shop: Shop) -> Markup:
    """Return schema.org's description of the product; `<` is escaped so that no text can end the script."""
    stock = "InStock" if listing.is_available else "OutOfStock"
    offer = {"@type": "AggregateOffer", "priceCurrency": listing.currency,
             "lowPrice": str(listing.price_from.decimal), "highPrice": str(listing.price_to.decimal),
             "offerCount": len(listing.variants), "availability": f"https://schema.org/{stock}",
             "seller": {"@type": "Organization", "name": shop.merchant_name}}  # fmt: skip
    images = [request.host_url.rstrip("/") + addresses.picture(each.media_id, 1280) for each in listing.pictures]
    value = {"@context": "https://schema.org", "@type": "Product", "name": listing.title, "image": images,
             "description": listing.description[:500], "brand": listing.brand or shop.name,
             "offers": offer}  # fmt: skip
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - escaped above
