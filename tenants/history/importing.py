"""The run of an import: chunks of one transaction each, in an order in which everything finds what it refers to.

Killed anywhere and started again it goes on: what is there, by the source's keys, is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from core.kernel import audit
from core.kernel.errors import Conflict, _
from core.kernel.tenancy import current
from core.kernel.tx import transaction
from tenants.history import goods, orders, people
from tenants.history.goods import Sold
from tenants.history.reader import CURRENCY, Customer, History, Place
from tenants.history.rows import alone

Row = TypeVar("Row")
_MANY, _ORDERS = 500, 50


@dataclass(frozen=True, slots=True)
class Chunk:
    """So many rows that are written together; `write` runs in a transaction of its own."""

    size: int
    write: Callable[[], None]


def refuse_other_money() -> None:
    """Raise Conflict unless the marketplace sells in the history's currency: no rule converts amounts (R8)."""
    if current().currency != CURRENCY:
        raise Conflict("history.currency", _("The history is in {theirs}, but this marketplace sells in {ours}"),
                       theirs=CURRENCY, ours=current().currency)  # fmt: skip


def chunks(history: History) -> list[Chunk]:
    """Return the work in its order: categories, sellers, customers, goods, orders."""
    since = _firsts(history)
    sold = _sold(history)
    wanted = {product.category for product in history.products.values()}

    def merchants(part: Sequence[tuple[str, Place]]) -> None:
        people.add_merchants(part, since)

    def customers(part: Sequence[Customer]) -> None:
        people.add_customers(part, since)

    def listings(part: Sequence[Sold]) -> None:
        goods.add_listings(part, history.categories)

    buyers = list({order.customer.key: order.customer for order in history.orders}.values())
    return [
        Chunk(len(wanted), lambda: goods.add_categories(wanted, history.categories)),
        *_split(sorted(history.sellers.items()), _MANY, merchants),
        *_split(buyers, _MANY, customers),
        *_split(sold, _MANY, listings),
        *_split(history.orders, _ORDERS, lambda part: _note(orders.add(part))),
    ]


def _split(rows: Sequence[Row], size: int, write: Callable[[Sequence[Row]], None]) -> Iterator[Chunk]:
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        yield Chunk(len(part), lambda part=part: write(part))  # type: ignore[misc]


def _note(count: int) -> None:
    if count:
        audit.record("history.imported", "tenant", current().id, orders=count)


def carry_out(chunk: Chunk) -> None:
    """Write one chunk; of two imports into one marketplace the other waits."""
    with transaction():
        alone()
        chunk.write()


def _firsts(history: History) -> dict[str, datetime]:
    """Return when each seller and customer first appears."""
    since: dict[str, datetime] = {}
    for order in history.orders:  # oldest first
        for key in (order.customer.key, *(item.seller for item in order.items)):
            since.setdefault(key, order.placed_at)
    return since


def _sold(history: History) -> list[Sold]:
    """Return each product of each seller with its last price; units of orders that fell through do not count."""
    found: dict[tuple[str, str], Sold] = {}
    for order in history.orders:
        counts = order.status not in ("created", "canceled", "unavailable")
        for item in order.items:
            key = (item.seller, item.product)
            before = found.get(key)
            units, since = (before.units, before.since) if before else (0, order.placed_at)
            found[key] = Sold(item.seller, history.products[item.product], item.price, units + counts, since)
    return list(found.values())
