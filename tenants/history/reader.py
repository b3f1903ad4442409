"""Reads the tables of a marketplace's past: frozen values, and a fault for every row that cannot be used.

The form is that of the public Olist data: orders, order_items, sellers, products, customers and the categories'
translation, as CSV with a header. Amounts are decimals in reais; moments have no zone and are the tenant's.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.kernel.errors import Invalid, _
from core.kernel.money import Money

CURRENCY = "BRL"
_MOST_BYTES = 300 * 1024 * 1024
_COLUMNS = {
    "orders": "order_id customer_id order_status order_purchase_timestamp order_approved_at "
    "order_delivered_carrier_date order_delivered_customer_date",
    "order_items": "order_id order_item_id product_id seller_id price freight_value",
    "sellers": "seller_id seller_zip_code_prefix seller_city seller_state",
    "products": "product_id product_category_name product_weight_g",
    "customers": "customer_id customer_unique_id customer_zip_code_prefix customer_city customer_state",
    "product_category_name_translation": "product_category_name product_category_name_english",
}
TABLES = tuple(_COLUMNS)
"""The names of the tables, each a file of this name and ".csv"."""
STATUSES = frozenset(
    "created approved invoiced processing shipped delivered canceled unavailable".split()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is left out, and why. `line` is its last line in the file, the header being 1."""

    file: str
    line: int
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is; `postcode` is its first digits."""

    postcode: str
    city: str
    region: str


@dataclass(frozen=True, slots=True)
class Product:
    """Something that was sold; `category` is the source's own key, empty where it had none."""

    key: str
    category: str
    weight_g: int


@dataclass(frozen=True, slots=True)
class Customer:
    """A person; one person may have a row for each order."""

    key: str
    place: Place


@dataclass(frozen=True, slots=True)
class Item:
    """One unit of an order."""

    product: str
    seller: str
    price: Money
    freight: Money


@dataclass(frozen=True, slots=True)
class PastOrder:
    """What a customer bought at once, from one seller or several. Moments are aware; None where the source has none."""

    key: str
    customer: Customer
    status: str
    placed_at: datetime
    approved_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Everything that can be imported, orders from the oldest on; and what cannot. `categories` are English names."""

    orders: tuple[PastOrder, ...]
    sellers: Mapping[str, Place]
    products: Mapping[str, Product]
    categories: Mapping[str, str]
    faults: tuple[Fault, ...]


def from_folder(folder: Path) -> dict[str, bytes]:
    """Return the folder's tables by name. Raise Invalid if one is missing."""
    return _complete(lambda name: (folder / name).read_bytes() if (folder / name).is_file() else None)


def from_zip(data: bytes) -> dict[str, bytes]:
    """Return a zip file's tables by name, whatever folder they are in. Raise Invalid if one is missing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                raise Invalid("history.too_large", _("The files are larger than 300 MB"))
            members = {Path(name).name: name for name in archive.namelist() if "__MACOSX" not in name}
            return _complete(lambda name: archive.read(members[name]) if name in members else None)
    except zipfile.BadZipFile:
        raise Invalid("history.no_zip", _("Send the CSV files together in one zip file")) from None


def _complete(find: Callable[[str], bytes | None]) -> dict[str, bytes]:
    found = {table: find(f"{table}.csv") or find(f"olist_{table}_dataset.csv") for table in _COLUMNS}
    missing = [f"{table}.csv" for table, data in found.items() if data is None]
    if missing:
        raise Invalid("history.missing", _("These files are missing: {files}"), files=", ".join(missing))
    return {table: data for table, data in found.items() if data is not None}


class _Reading:
    """One run over the tables; gathers what is at fault."""

    def __init__(self, tables: Mapping[str, bytes], timezone: str) -> None:
        self._tables, self._zone = tables, ZoneInfo(timezone)
        self.faults: list[Fault] = []

    def rows(self, table: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield a table's rows with their lines. Raise Invalid if it is no such table."""
        try:
            text = self._tables[table].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Invalid("history.no_text", _("{file} is not UTF-8 text"), file=f"{table}.csv") from None
        reader = csv.DictReader(io.StringIO(text, newline=""))
        wanted = _COLUMNS[table].split()
        if not set(wanted) <= set(reader.fieldnames or ()):
            raise Invalid("history.columns", _("{file} lacks columns: it needs {columns}"), file=f"{table}.csv",
                          columns=", ".join(wanted))  # fmt: skip
        for row in reader:
            yield reader.line_num, {name: (row[name] or "").strip() for name in wanted}

    def fault(self, table: str, line: int, key: str, reason: str) -> None:
        """Note a row that is left out."""
        self.faults.append(Fault(f"{table}.csv", line, key, reason))

    def keyed(self, table: str, column: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield rows that have a key of their own; note the others."""
        seen: set[str] = set()
        for line, row in self.rows(table):
            key = row[column]
            if not key or key in seen:
                self.fault(table, line, key, _("The key is used twice") if key else _("The key is empty"))
                continue
            seen.add(key)
            yield line, row

    def moment(self, text: str) -> datetime | None:
        """Read a moment in the tenant's zone. Raise ValueError if it is none."""
        return datetime.fromisoformat(text).replace(tzinfo=self._zone) if text else None


def read(tables: Mapping[str, bytes], timezone: str) -> History:
    """Read everything. An order comes whole or not at all: a bad item leaves its order out. Raise Invalid."""
    reading = _Reading(tables, timezone)
    names = {
        row["product_category_name"]: row["product_category_name_english"]
        for _line, row in reading.rows("product_category_name_translation")
    }
    sellers = {
        (row["seller_id"]): (line, Place(row["seller_zip_code_prefix"], row["seller_city"], row["seller_state"]))
        for line, row in reading.keyed("sellers", "seller_id")
    }
    products = {row["product_id"]: (line, _product(row)) for line, row in reading.keyed("products", "product_id")}
    customers = {row["customer_id"]: (line, _customer(row)) for line, row in reading.keyed("customers", "customer_id")}
    items, spoilt = _items(reading, sellers, products)
    orders = _orders(reading, {key: who for key, (_l, who) in customers.items()}, items, spoilt)
    sold = {item.product for order in orders for item in order.items}
    selling = {item.seller for order in orders for item in order.items}
    for table, known, used in (("sellers", sellers, selling), ("products", products, sold)):
        for key, (line, _value) in known.items():
            if key not in used:
                reading.fault(table, line, key, _("No order of it is imported"))
    buying = {order.customer.key for order in orders}
    for key, (line, who) in customers.items():
        if who.key not in buying:
            reading.fault("customers", line, key, _("No order of it is imported"))
    return History(
        orders=tuple(sorted(orders, key=lambda order: (order.placed_at, order.key))),
        sellers={key: place for key, (_l, place) in sellers.items() if key in selling},
        products={key: product for key, (_l, product) in products.items() if key in sold},
        categories=names,
        faults=tuple(reading.faults),
    )


def _product(row: Mapping[str, str]) -> Product:
    grams = row["product_weight_g"].partition(".")[0]
    return Product(row["product_id"], row["product_category_name"], int(grams) if grams.isdecimal() else 0)


def _customer(row: Mapping[str, str]) -> Customer:
    place = Place(row["customer_zip_code_prefix"], row["customer_city"], row["customer_state"])
    return Customer(row["customer_unique_id"] or row["customer_id"], place)


def _items(
    reading: _Reading, sellers: Container[str], products: Container[str]
) -> tuple[dict[str, list[tuple[int, Item]]], set[str]]:
    """Return the items of each order, and the orders that have one which cannot be used."""
    found: dict[str, list[tuple[int, Item]]] = defaultdict(list)
    spoilt: set[str] = set()
    seen: set[tuple[str, str]] = set()
    for line, row in reading.rows("order_items"):
        order, number = row["order_id"], row["order_item_id"]
        if (order, number) in seen:
            reading.fault("order_items", line, f"{order}/{number}", _("The item is there twice; one is kept"))
            continue
        seen.add((order, number))
        made = _item(row, sellers, products)
        if isinstance(made, Item):
            found[order].append((line, made))
        else:
            spoilt.add(order)
            reading.fault("order_items", line, f"{order}/{number}", made)
    return found, spoilt


def _item(row: Mapping[str, str], sellers: Container[str], products: Container[str]) -> Item | str:
    """Return the item, or what is wrong with it."""
    if row["seller_id"] not in sellers:
        return _("There is no such seller")
    if row["product_id"] not in products:
        return _("There is no such product")
    try:
        price, freight = Money.parse(row["price"], CURRENCY), Money.parse(row["freight_value"], CURRENCY)
    except Invalid:
        return _("The price or the freight is not an exact amount")
    if price.minor < 0 or freight.minor < 0:
        return _("The price or the freight is below zero")
    return Item(row["product_id"], row["seller_id"], price, freight)


def _orders(
    reading: _Reading, customers: Mapping[str, Customer], items: dict[str, list[tuple[int, Item]]], spoilt: set[str]
) -> list[PastOrder]:
    made = []
    for line, row in reading.keyed("orders", "order_id"):
        key = row["order_id"]
        parts = items.pop(key, [])
        reason = _why_not(row, customers, has_items=bool(parts), is_spoilt=key in spoilt)
        found = reason or _order(reading, row, customers, parts)
        if isinstance(found, PastOrder):
            made.append(found)
            continue
        reading.fault("orders", line, key, found)
        for part_line, _item in parts:
            reading.fault("order_items", part_line, key, _("Its order is left out"))
    for key, parts in items.items():
        for part_line, _item in parts:
            reading.fault("order_items", part_line, key, _("There is no such order"))
    return made


def _why_not(row: Mapping[str, str], customers: Mapping[str, Customer], *, has_items: bool, is_spoilt: bool) -> str:
    if row["order_status"] not in STATUSES:
        return _("The status is not known")
    if row["customer_id"] not in customers:
        return _("There is no such customer")
    if is_spoilt:
        return _("An item of it cannot be used")
    return "" if has_items else _("It has no items")


def _order(
    reading: _Reading, row: Mapping[str, str], customers: Mapping[str, Customer], parts: list[tuple[int, Item]]
) -> PastOrder | str:
    try:
        placed = reading.moment(row["order_purchase_timestamp"])
        rest = [
            reading.moment(row[name])
            for name in ("order_approved_at", "order_delivered_carrier_date", "order_delivered_customer_date")
        ]
    except ValueError:
        return _("A date cannot be read")
    if placed is None:
        return _("The date of purchase is missing")
    approved, shipped, delivered = rest
    customer = customers[row["customer_id"]]
    items = tuple(item for _line, item in parts)
    return PastOrder(row["order_id"], customer, row["order_status"], placed, approved, shipped, delivered, items)
