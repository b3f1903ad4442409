"""Product cards: drawn by the design system's macro, each distinct card once, then taken from memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from flask import current_app, url_for
from flask_babel import gettext
from markupsafe import Markup

from core.catalogue.queries import Card
from core.hooks.catalogue import listing_badges
from core.hooks.runtime import plugins
from core.kernel import clock
from core.kernel.fresh import Made
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.merchants import shopfronts
from web import fragments, own_page
from web.languages import language
from web.store import addresses
from web.store.viewers import saved_ids, viewer

_NEW_FOR = timedelta(days=14)


class Face(NamedTuple):
    """What a card's looks depend on; equal faces are drawn once. Prices are minor units."""

    title: str
    slug: str
    price: int
    was: int | None
    currency: str
    picture_id: UUID | None
    shop: str
    flag: str
    is_eager: bool
    is_available: bool
    home: str
    is_saved: bool


def drawn(cards: Sequence[Card], *, eager: int = 4) -> Markup:
    """Return the cards' HTML, the first ones with pictures that load at once. Needs a transaction."""
    shops = shopfronts.shops(card.shop_id for card in cards)
    names = tuple((key, shops[key].name) for key in sorted(shops))
    badges, kept = _badges(cards), saved_ids() if cards else frozenset()
    since, tenant = clock.now() - _NEW_FOR, current()
    new = tuple(card.published_at > since for card in cards)
    key = (tenant.version, language(), eager, tuple(cards), names, new, tuple(badges.items()), kept)
    strip = _strips.get(key, lambda: _strip(cards, eager, dict(names), badges, new, kept))
    return fragments.completed(strip, own_page.token)


_strips: Made[Markup] = Made(most=1_000)


def _strip(
    cards: Sequence[Card], eager: int, shops: Mapping[UUID, str], badges: Mapping[UUID, str],
    new: Sequence[bool], kept: frozenset[UUID],
) -> Markup:  # fmt: skip
    home, (sold_out, is_new) = current().currency, _flags(language())
    faces = [
        Face(card.title, card.slug, card.price_from_minor, card.was_minor, card.currency, card.picture_id,
             shops.get(card.shop_id, ""), badges.get(card.id) or _flag(card, sold_out, is_new if new[place] else ""),
             place < eager, card.is_available, home, card.id in kept)
        for place, card in enumerate(cards)
    ]  # fmt: skip
    return Markup("").join(fragments.drawn_once(faces, _draw))


@lru_cache(maxsize=16)
def _flags(_language: str) -> tuple[str, str]:
    """Return the words on pictures in the reader's language."""
    return str(gettext("Sold out")), str(gettext("New"))


def _flag(card: Card, sold_out: str, new: str) -> str:
    """Return the one word on the picture: sold out, else how much cheaper, else new."""
    if not card.is_available:
        return sold_out
    if card.was_minor and card.was_minor > card.price_from_minor:
        return f"−{(card.was_minor - card.price_from_minor) * 100 // card.was_minor}%"
    return new


def _badges(cards: Sequence[Card]) -> Mapping[UUID, str]:
    """Return each listing's first badge of a plugin; nothing is asked when no plugin has any."""
    tenant = current()
    if not cards or not plugins().implementers(listing_badges, tenant):
        return {}
    ids = [card.id for card in cards]
    found = plugins().collect(listing_badges, tenant=tenant, viewer=viewer(), listing_ids=ids)
    return {badge.listing_id: badge.label for badge in reversed(found)}


def _draw(face: Face) -> Markup:
    """Draw one card; everything it depends on is in the value, but for what is part of every kept part's key."""
    add_href = url_for("store.add_good", slug=face.slug) if face.is_available else ""
    macro = current_app.jinja_env.get_template("ui/shop.html").module.p_card  # type: ignore[attr-defined]
    html: Markup = macro(
        face.title, addresses.product(face.slug), Money(face.price, face.currency),
        Money(face.was, face.currency) if face.was else None,
        image=addresses.picture(face.picture_id), shop=face.shop, flag=face.flag, eager=face.is_eager,
        add_href=add_href, save_href=addresses.save(face.slug), saved=face.is_saved,
    )  # fmt: skip
    return html
