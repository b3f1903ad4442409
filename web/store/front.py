"""The first page: what its blocks show, in the reader's language, each row of goods read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup

from core.catalogue import chosen, queries
from core.catalogue.keyset import Sort
from core.catalogue.queries import Card, Filters
from core.catalogue.tree import Node, tree
from core.catalogue.visibility import Sight
from core.kernel.fresh import Made
from core.kernel.tenancy import Tenant
from core.merchants import shopfronts
from core.merchants.shopfronts import Shop
from tenants.design import front
from tenants.design.front import Block
from tenants.design.shapes import Texts, said
from web.languages import language
from web.store import addresses, brand, cards

_LEAST_POPULAR, _PICTURES, _SHOPS = 4, 3, 6
_SEE_ALL: Mapping[str, str] = {
    "popular": "/search?sort=popular",
    "new": "/search?sort=newest",
    "deals": "/search?sale=1",
}
_blocks: Made[tuple[Block, ...]] = Made(most=2_000)


@dataclass(frozen=True, slots=True)
class Shown:
    """A block with what it shows; what its kind does not use is empty. `see_all` leads to the whole of a row."""

    block: Block
    title: str
    text: str
    label: str
    alt: str
    pictures: Sequence[str] = ()
    cards: Markup | None = None
    see_all: str = ""
    name: str = ""
    shops: Sequence[Shop] = ()
    departments: Sequence[Node] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see: a row whose goods are gone, a text that nobody wrote."""
        match self.block.kind:
            case "row":
                return not self.cards
            case "shops":
                return not self.shops
            case "departments":
                return not self.departments
            case "hero":
                return False
        return not (self.title or self.text)


def of(tenant: Tenant) -> tuple[Block, ...]:
    """Return the blocks of a marketplace's first page, read once for each of its versions."""
    return _blocks.get(tenant.version, lambda: front.of(tenant))


def shown(tenant: Tenant, seen: Sight, now: datetime) -> list[Shown]:
    """Return what the first page shows at a moment; blocks without content are left out."""
    goods = _Goods(seen)
    found = [_one(block, tenant, goods) for block in of(tenant) if block.shows(now)]
    return [each for each in found if not each.is_empty]


class _Goods:
    """Reads rows of goods, each once."""

    def __init__(self, seen: Sight) -> None:
        self._seen = seen
        self._read: dict[tuple[object, ...], Sequence[Card]] = {}

    def of(self, block: Block) -> Sequence[Card]:
        """Return the goods of a row."""
        if block.source == "chosen":
            return chosen.by_slugs(block.listings, self._seen)
        if block.source == "category":
            node = tree().nodes.get(block.category_id) if block.category_id else None
            return (
                self._page(Filters(categories=node.below, available_only=True), Sort.POPULAR, block.count)
                if node
                else ()
            )
        if block.source == "deals":
            return self._page(Filters(available_only=True, on_sale=True), Sort.POPULAR, block.count)
        if block.source == "new":
            return self.newest(block.count)
        popular = [c for c in self._page(Filters(available_only=True), Sort.POPULAR, block.count) if c.sold_count]
        return popular if len(popular) >= _LEAST_POPULAR else ()

    def newest(self, count: int) -> Sequence[Card]:
        """Return the newest goods."""
        return self._page(Filters(available_only=True), Sort.NEWEST, count)

    def _page(self, filters: Filters, sort: Sort, count: int) -> Sequence[Card]:
        key = (filters, sort, count)
        if key not in self._read:
            self._read[key] = queries.page(filters, self._seen, sort, limit=count).cards
        return self._read[key]


def _one(block: Block, tenant: Tenant, goods: _Goods) -> Shown:
    title, text, label, alt = (_said(tenant, texts) for texts in (block.title, block.text, block.label, block.alt))
    bare = Shown(block, title, text, label, alt)
    match block.kind:
        case "row":
            found = goods.of(block)
            see_all, name = _whole(block)
            drawn = cards.drawn(found, eager=0) if found else None
            return replace(bare, cards=drawn, see_all=see_all, name=name)
        case "shops":
            return replace(bare, shops=_shops(block))
        case "departments":
            return replace(bare, departments=tree().roots)
        case "hero":
            title = title or brand.text_of(tenant, "hero_title") or brand.text_of(tenant, "tagline")
            text = text or brand.text_of(tenant, "hero_text")
            return replace(bare, title=title, text=text, pictures=_pictures(block, goods))
    return replace(bare, pictures=(addresses.picture(block.media_id, 1280),) if block.media_id else ())


def _said(tenant: Tenant, texts: Texts | None) -> str:
    return said(texts or {}, language(), tenant.locale)


def _whole(block: Block) -> tuple[str, str]:
    """Return where the whole of a row is, and its name where it is a category's."""
    node = tree().nodes.get(block.category_id) if block.source == "category" and block.category_id else None
    if node is not None:
        return addresses.category(node.path), node.name(language())
    return _SEE_ALL.get(block.source, ""), ""


def _shops(block: Block) -> Sequence[Shop]:
    return shopfronts.by_slugs(block.shops) if block.shops else shopfronts.latest(_SHOPS)


def _pictures(block: Block, goods: _Goods) -> list[str]:
    """Return the opening's own picture, else up to three of the newest goods, of different shops where there are."""
    if block.media_id:
        return [addresses.picture(block.media_id, 1280)]
    newest = goods.newest(8)
    by_shop: dict[UUID, UUID] = {card.shop_id: card.picture_id for card in newest if card.picture_id}
    others = [c.picture_id for c in newest if c.picture_id and c.picture_id not in by_shop.values()]
    return [addresses.picture(key, 640) for key in [*by_shop.values(), *others][:_PICTURES]]


def values(tenant: Tenant, seen: Sight, now: datetime) -> dict[str, Any]:
    """Return the values of store/home.html."""
    found = shown(tenant, seen, now)
    opening = next((each for each in found if each.block.kind == "hero"), None)
    return {"blocks": found, "opening": opening, "picture": addresses.picture, "words": language(), "canonical": "/"}
