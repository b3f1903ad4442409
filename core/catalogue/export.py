"""Writes a merchant's listings in Shopify's product format, safe to open in a spreadsheet and to import again."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.catalogue.categories import tree
from core.catalogue.models import ListingRow, PictureRow, TagRow, VariantRow
from core.catalogue.reading import available
from core.kernel.db import session
from core.kernel.money import Money
from core.media.models import MediaRow

COLUMNS = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
    "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU", "Variant Grams",
    "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price",
    "Variant Compare At Price", "Variant Barcode", "Image Src", "Image Position", "Image Alt Text", "Status",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def write_csv(merchant_id: UUID, media_url: str) -> bytes:
    """Return all listings of a merchant that are not archived. `media_url` has `{id}` where a picture's key goes."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    query = select(ListingRow).where(ListingRow.merchant_id == merchant_id, ListingRow.state != "archived")
    rows = session().scalars(query.order_by(ListingRow.id)).all()
    for start in range(0, len(rows), 500):
        for line in _lines(rows[start : start + 500], media_url):
            writer.writerow({column: safe(cell) for column, cell in line.items()})
    return out.getvalue().encode("utf-8-sig")


def _lines(rows: Sequence[ListingRow], media_url: str) -> Iterator[dict[str, str]]:
    ids = [row.id for row in rows]
    variants, pictures, tags = defaultdict(list), defaultdict(list), defaultdict(list)
    wanted = select(VariantRow).where(VariantRow.listing_id.in_(ids), VariantRow.is_active)
    for variant in session().scalars(wanted.order_by(VariantRow.position)):
        variants[variant.listing_id].append(variant)
    of_media = (MediaRow.tenant_id == PictureRow.tenant_id) & (MediaRow.id == PictureRow.media_id)
    shown = select(PictureRow, MediaRow.source_url).join(MediaRow, of_media).where(PictureRow.listing_id.in_(ids))
    for picture, source in session().execute(shown.order_by(PictureRow.position)):
        pictures[picture.listing_id].append((source or media_url.replace("{id}", str(picture.media_id)), picture.alt))
    for listing_id, tag in session().execute(select(TagRow.listing_id, TagRow.tag).where(TagRow.listing_id.in_(ids))):
        tags[listing_id].append(tag)
    names = {category.id: category.name("en") for category in tree()}
    stock = available([v.id for group in variants.values() for v in group])
    for row in rows:
        first = {
            "Title": row.title, "Body (HTML)": row.description, "Vendor": row.brand, "Type": names[row.category_id],
            "Tags": ", ".join(sorted(tags[row.id])), "Published": "true" if row.state == "live" else "false",
            "Status": {"live": "active", "draft": "draft"}.get(row.state, "archived"),
        }  # fmt: skip
        first |= {f"Option{n} Name": name for n, name in enumerate(row.option_names, 1)}
        yield from _product(row, first, variants[row.id], pictures[row.id], stock)


def _product(
    row: ListingRow,
    first: dict[str, str],
    variants: list[VariantRow],
    pictures: list[tuple[str, str]],
    stock: Mapping[UUID, int],
) -> Iterator[dict[str, str]]:
    for place in range(max(1, len(variants), len(pictures))):
        line = {"Handle": row.external_key or row.slug, **(first if place == 0 else {})}
        if place < len(variants):
            line |= _variant(variants[place], stock)
            if place == 0 and not row.option_names:
                line |= {"Option1 Name": "Title", "Option1 Value": "Default Title"}
        if place < len(pictures):
            url, alt = pictures[place]
            line |= {"Image Src": url, "Image Position": str(place + 1), "Image Alt Text": alt}
        yield line


def _variant(variant: VariantRow, stock: Mapping[UUID, int]) -> dict[str, str]:
    def written(minor: int | None) -> str:
        return "" if minor is None else str(Money(minor, variant.currency).decimal)

    return {
        "Variant SKU": variant.sku, "Variant Grams": str(variant.weight_g), "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": str(stock.get(variant.id, 0)), "Variant Inventory Policy": "deny",
        "Variant Price": written(variant.price_minor), "Variant Compare At Price": written(variant.was_minor),
        "Variant Barcode": variant.barcode,
        **{f"Option{n} Value": value for n, value in enumerate(variant.options, 1)},
    }  # fmt: skip
