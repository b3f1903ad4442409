"""Reads Shopify's product CSV: rows grouped by handle into products, and what is wrong with which row. No database."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import groupby

from core.kernel.errors import Invalid, _
from core.kernel.money import Money

NEEDED = ("Handle", "Title", "Variant Price")
ROW_LIMIT = 200_000
_OPTIONS = ("Option1", "Option2", "Option3")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row of the file (1 is the head) and what to do; a warning does not stop the product."""

    row: int
    column: str
    message: str
    advice: str
    handle: str = ""
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class ProductVariant:
    """A row that has a price. `quantity` None: the file says nothing of stock."""

    row: int
    options: tuple[str, ...]
    sku: str
    price: Money
    was: Money | None
    quantity: int | None
    weight_g: int
    barcode: str
    image: str


@dataclass(frozen=True, slots=True)
class Product:
    """All rows of one handle. `images` are (address, alternative text) in order."""

    row: int
    handle: str
    title: str
    description: str
    vendor: str
    type: str
    tags: tuple[str, ...]
    is_published: bool
    option_names: tuple[str, ...]
    variants: tuple[ProductVariant, ...]
    images: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds: products without fault, in the order of the file, and the faults of the others."""

    products: tuple[Product, ...]
    errors: tuple[RowError, ...]
    handles: int


@dataclass(slots=True)
class _Row:
    """One line of the file and the faults found in it."""

    number: int
    cells: Mapping[str, str]
    errors: list[RowError] = field(default_factory=list)

    def __getitem__(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    def wrong(self, column: str, message: str, advice: str) -> None:
        """Note a fault."""
        self.errors.append(RowError(self.number, column, message, advice, self["Handle"]))


def parse(data: bytes, currency: str) -> Parsed:
    """Read a file. Raise Invalid if it is no such table at all; faults of single rows are in the answer."""
    rows = _rows(data)
    products: list[Product] = []
    errors: list[RowError] = []
    seen: set[str] = set()
    for handle, group in groupby(rows, key=lambda row: row["Handle"]):
        members = list(group)
        if not handle:
            members[0].wrong(
                "Handle", _("The row has no handle"), _("Write the product's handle into each of its rows")
            )
        elif handle in seen:
            members[0].wrong("Handle", _("The handle stands here again"), _("Put all rows of a product together"))
        seen.add(handle)
        product = _product(handle, members, currency)
        found = [error for row in members for error in row.errors]
        errors += found
        if product is not None and not found:
            products.append(product)
    return Parsed(tuple(products), tuple(errors), len(seen))


def _rows(data: bytes) -> list[_Row]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("imports.not_utf8", _("The file is not UTF-8; save it as “CSV UTF-8” and try again")) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise Invalid(
                "imports.no_column", _("The file has no column {columns}; the first row must name the columns"),
                columns=", ".join(missing),
            )  # fmt: skip
        rows = [_Row(number, cells) for number, cells in enumerate(reader, 2) if any(_texts(cells))]
    except csv.Error as error:
        raise Invalid("imports.not_csv", _("The file breaks off near line {line}: a quotation mark is not closed"),
                      line=reader.line_num, cause=str(error)) from None  # fmt: skip
    if not rows or len(rows) > ROW_LIMIT:
        raise Invalid("imports.row_count", _("The file has no rows, or more than 200,000; split it"))
    for row in rows:
        if None in row.cells:
            row.wrong("", _("The row has more cells than the head"), _("Put texts with commas into quotation marks"))
    return rows


def _texts(cells: Mapping[str, str]) -> list[str]:
    return [cell for cell in cells.values() if isinstance(cell, str) and cell.strip()]


def _product(handle: str, rows: list[_Row], currency: str) -> Product | None:
    first = rows[0]
    if not first["Title"]:
        first.wrong("Title", _("The product has no title"), _("Write the title into the product's first row"))
    names = [first[f"{option} Name"] for option in _OPTIONS if first[f"{option} Name"]]
    priced = [row for row in rows if row["Variant Price"] or row["Option1 Value"] or row["Variant SKU"]]
    is_single = len(priced) == 1 and priced[0]["Option1 Value"] in ("", "Default Title")
    names = [] if is_single else names
    variants = [_variant(row, len(names), currency) for row in priced]
    _check_variants(first, names, priced)
    kept = tuple(variant for variant in variants if variant is not None)
    tags = dict.fromkeys(tag.strip() for tag in first["Tags"].split(",") if tag.strip())
    images = {row["Image Src"]: row["Image Alt Text"] for row in sorted(rows, key=_image_place) if row["Image Src"]}
    return Product(
        first.number, handle, first["Title"], plain(first["Body (HTML)"]), first["Vendor"], first["Type"], tuple(tags),
        first["Published"].lower() not in ("false", "no", "0"), tuple(names), kept, tuple(images.items()),
    )  # fmt: skip


def _check_variants(first: _Row, names: list[str], priced: list[_Row]) -> None:
    if not priced:
        first.wrong("Variant Price", _("The product has no price"), _("Write a price into at least one row"))
    if len(priced) > 1 and not names:
        first.wrong("Option1 Name", _("Several variants, but no option is named"), _("Name the option, such as Size"))
    seen: set[tuple[str, ...]] = set()
    for row in priced:
        options = tuple(row[f"{option} Value"] for option in _OPTIONS[: len(names)])
        if names and options in seen:
            row.wrong("Option1 Value", _("This variant stands in the file twice"), _("Remove one of the two rows"))
        seen.add(options)


def _image_place(row: _Row) -> int:
    place = row["Image Position"]
    return int(place) if place.isascii() and place.isdigit() and len(place) < 6 else 10**6


def _variant(row: _Row, option_count: int, currency: str) -> ProductVariant | None:
    options = tuple(row[f"{option} Value"] for option in _OPTIONS[:option_count])
    if not all(options):
        row.wrong("Option1 Value", _("A value of an option is missing"), _("Write a value for each option"))
    price = _money(row, "Variant Price", currency)
    was = _money(row, "Variant Compare At Price", currency) if row["Variant Compare At Price"] else None
    quantity = _number(row, "Variant Inventory Qty") if row["Variant Inventory Qty"] else None
    weight = _number(row, "Variant Grams")
    if price is None or weight is None:
        return None
    if was is not None and was.minor <= price.minor:
        was = None  # Shopify writes 0 or the price itself where there is no former price
    return ProductVariant(
        row.number, options, row["Variant SKU"].lstrip("'"), price, was, quantity, weight,
        row["Variant Barcode"].lstrip("'"), row["Variant Image"],
    )  # fmt: skip


def _money(row: _Row, column: str, currency: str) -> Money | None:
    try:
        amount = Money.parse(row[column], currency)
    except Invalid:
        amount = None
    if amount is None or amount.minor < 0:
        row.wrong(column, _("This is not a price"), _("Write a number such as 12.50, without currency or spaces"))
        return None
    return amount


def _number(row: _Row, column: str) -> int | None:
    try:
        value = Decimal(row[column] or "0")
        if value.is_finite() and 0 <= value < 10**9:
            return int(value)
    except InvalidOperation:
        pass
    row.wrong(column, _("This is not a number"), _("Write a whole number, 0 or more"))
    return None


_BREAKS = re.compile(r"(?i)<(?:/p|/div|/h[1-6]|br\s*/?|/ul|/ol)>")
_ITEMS = re.compile(r"(?i)<li[^>]*>")
_TAGS = re.compile(r"<[^>]*>")


def plain(body: str) -> str:
    """Return a product's HTML as Markdown of paragraphs and lists; everything else of it is dropped."""
    text = _ITEMS.sub("\n- ", _BREAKS.sub("\n\n", body))
    return re.sub(r"\n{3,}", "\n\n", html.unescape(_TAGS.sub("", text))).strip()
