"""The options matrix of a listing: which variants there are, their prices, and what survives a change of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from core.catalogue import prices
from core.catalogue.editing import own
from core.catalogue.models import ListingRow, VariantRow
from core.catalogue.refreshing import refresh
from core.catalogue.slugs import slugify
from core.catalogue.stock_models import MovementRow
from core.catalogue.values import OPTION_LIMIT, VARIANT_LIMIT, VariantInput
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.ids import new_id, short_code
from core.kernel.money import Money

_BETWEEN = "\x1f"


def option_key(options: Sequence[str]) -> str:
    """Return what a variant's options are compared by."""
    return _BETWEEN.join(options)


def set_variants(
    listing_id: UUID,
    merchant_id: UUID,
    option_names: Sequence[str],
    variants: Sequence[VariantInput],
    version: int | None = None,
) -> int:
    """Replace a listing's options matrix and return the listing's new version.

    A variant survives, with its id, stock and history, if its id, its options or its SKU is named again. One that
    is not named is taken off sale; it is deleted only if it never was on the shelf and never had stock. Each change
    of a price goes into the price history. Raise Invalid, Missing, or Conflict if a SKU is taken.
    """
    row = own(listing_id, merchant_id, version)
    names = [name.strip() for name in option_names]
    _check(row, names, variants)
    rows = session().scalars(select(VariantRow).where(VariantRow.listing_id == listing_id)).all()
    matched = _match(rows, variants)
    _retire([old for old in rows if old.id not in {m.id for m in matched if m}], was_shown=row.published_at is not None)
    row.option_names = names
    _write_all(row, variants, matched)
    row.version += 1
    audit.record("listing.variants", "listing", listing_id, count=len(variants))
    refresh([listing_id])
    return row.version


def _check(row: ListingRow, names: Sequence[str], variants: Sequence[VariantInput]) -> None:
    wrong: list[FieldError] = []
    if len(names) > OPTION_LIMIT or len(set(names)) != len(names) or not all(0 < len(name) <= 40 for name in names):
        wrong.append(FieldError("option_names", _("Name at most three options, each once, in at most 40 characters")))
    if not 0 < len(variants) <= VARIANT_LIMIT:
        wrong.append(FieldError("variants", _("A listing has between 1 and 250 variants")))
    counts = Counter(option_key(variant.options) for variant in variants)
    skus = Counter(variant.sku.strip() for variant in variants if variant.sku.strip())
    for place, variant in enumerate(variants):
        for name, message, holds in (
            ("options", _("Give a value for each option"), _fits(variant.options, len(names))),
            ("options", _("This combination is there twice"), counts[option_key(variant.options)] == 1),
            ("sku", _("This SKU is there twice"), skus[variant.sku.strip()] < 2),
            ("sku", _("Write at most 64 characters"), len(variant.sku) <= 64),
            ("price", _("Give a price in the marketplace's currency, zero or more"), _is_price(variant.price, row)),
            ("was", _("The former price must be higher than the price"), _is_former(variant.was, variant.price)),
            ("weight_g", _("Give the weight in grams, at most 1,000,000"), 0 <= variant.weight_g <= 1_000_000),
            ("barcode", _("Write at most 64 characters"), len(variant.barcode) <= 64),
        ):
            if not holds:
                wrong.append(FieldError(f"variants.{place}.{name}", message))
    if wrong:
        raise Invalid("catalogue.invalid_variants", _("Some variants are not right"), fields=tuple(wrong))


def _fits(options: Sequence[str], count: int) -> bool:
    return len(options) == count and all(0 < len(value.strip()) <= 80 and _BETWEEN not in value for value in options)


def _is_price(price: Money, row: ListingRow) -> bool:
    return price.currency == row.currency and 0 <= price.minor < 10**12


def _is_former(was: Money | None, price: Money) -> bool:
    return was is None or (was.currency == price.currency and price.minor < was.minor < 10**12)


def _match(rows: Sequence[VariantRow], variants: Sequence[VariantInput]) -> list[VariantRow | None]:
    """Find the row of each variant: first all by id, then those left by options, then by SKU."""
    left = {row.id: row for row in rows}
    found: list[VariantRow | None] = [left.pop(v.id, None) if v.id else None for v in variants]
    by_options = {row.option_key: row for row in left.values()}
    by_sku = {row.sku: row for row in left.values()}
    for rows_by, keys in (
        (by_options, [option_key(v.options) for v in variants]),
        (by_sku, [v.sku.strip() for v in variants]),
    ):
        for place, key in enumerate(keys):
            row = rows_by.get(key)
            if found[place] is None and row is not None and row.id in left:
                found[place] = left.pop(row.id)
    return found


def _retire(rows: Sequence[VariantRow], *, was_shown: bool) -> None:
    ids = [row.id for row in rows]
    moved = set(session().scalars(select(MovementRow.variant_id).where(MovementRow.variant_id.in_(ids)).distinct()))
    for row in rows:
        if was_shown or row.id in moved:
            row.is_active = False
        else:
            session().delete(row)
    session().flush()


def _write_all(listing: ListingRow, variants: Sequence[VariantInput], matched: Sequence[VariantRow | None]) -> None:
    skus = _skus(listing, variants, matched)
    _park([row for row in matched if row is not None])
    changed: list[tuple[UUID, Money]] = []
    for place, (variant, found) in enumerate(zip(variants, matched, strict=True)):
        row = found or VariantRow(id=new_id(), listing_id=listing.id, merchant_id=listing.merchant_id)
        if found is None or row.price_minor != variant.price.minor or row.currency != variant.price.currency:
            changed.append((row.id, variant.price))
        _write(row, variant, skus[place], place)
        session().add(row)
    session().flush()
    prices.note(changed)


def _write(row: VariantRow, variant: VariantInput, sku: str, place: int) -> None:
    row.options = [value.strip() for value in variant.options]
    row.option_key, row.sku, row.position, row.is_active = option_key(row.options), sku, place, True
    row.price_minor, row.currency = variant.price.minor, variant.price.currency
    row.was_minor = variant.was.minor if variant.was else None
    row.weight_g, row.barcode, row.picture_id = variant.weight_g, variant.barcode.strip(), variant.picture_id


def _park(rows: Sequence[VariantRow]) -> None:
    """Give rows passing SKUs and keys, so that two variants may exchange theirs within one statement order."""
    session().execute(
        update(VariantRow)
        .where(VariantRow.id.in_([row.id for row in rows]))
        .values(sku=func.concat("~", VariantRow.id), option_key=func.concat("~", VariantRow.id))
        .execution_options(synchronize_session=False)
    )
    for row in rows:
        session().expire(row, ["sku", "option_key"])


def _skus(listing: ListingRow, variants: Sequence[VariantInput], matched: Sequence[VariantRow | None]) -> list[str]:
    """Return each variant's SKU, made up where none is given. Raise Conflict if another variant has it."""
    given = [v.sku.strip() or (row.sku if row else "") for v, row in zip(variants, matched, strict=True)]
    root = (slugify(listing.title, 16) or "item").upper()
    skus = [sku or f"{root}-{short_code(6)}" for sku in given]
    query = select(VariantRow.id, VariantRow.sku).where(
        VariantRow.merchant_id == listing.merchant_id,
        VariantRow.sku.in_(skus),
        VariantRow.id.not_in([row.id for row in matched if row]),
    )
    taken = {sku for _key, sku in session().execute(query)}
    if taken:
        raise Conflict(
            "catalogue.sku_taken", _("Another of your products has the SKU {sku}"), sku=", ".join(sorted(taken))
        )
    return skus
