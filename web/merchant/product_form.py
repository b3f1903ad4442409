"""The product editor's form: what was typed, as the catalogue's services take it, and a listing as form values.

Everything works without scripts: options are typed as "S, M, L", and saving makes the rows of the matrix.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from core.catalogue.values import OPTION_LIMIT, Attribute, Listing, ListingInput, VariantInput, named
from core.http.forms import Item
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current

Form = MultiDict[str, str]
_SPLIT = re.compile(r"[,，;；\n]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix as it is typed; `key` is its options as JSON, `available` None before the first save."""

    number: int
    id: str
    key: str
    options: tuple[str, ...]
    sku: str
    price: str
    was: str
    weight_g: str
    barcode: str
    stock: str
    available: int | None
    errors: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form's variant part says, read but not yet judged by the catalogue."""

    names: tuple[str, ...]
    variants: tuple[VariantInput, ...]
    stock: tuple[int | None, ...]


def split(text: str) -> tuple[str, ...]:
    """Return the values of a typed list, each once."""
    return tuple(dict.fromkeys(part.strip() for part in _SPLIT.split(text) if part.strip()))


def wrong(path: str, message: str) -> Invalid:
    """Return the refusal of one field."""
    return Invalid("catalogue.invalid_listing", _("The listing cannot be saved like this"),
                   fields=(FieldError(path, message),))  # fmt: skip


def entered(form: Form, before: Listing | None) -> ListingInput:
    """Return what the form says of the listing. Raise Invalid for a field that cannot be read."""
    attributes = {name.removeprefix("a-"): text for name, text in form.items() if name.startswith("a-")}
    return ListingInput(
        title=form.get("title", ""), category_id=_category(form), description=form.get("description", ""),
        brand=form.get("brand", ""), attributes=attributes, tags=split(form.get("tags", "")), tax_bps=_rate(form),
        publish_at=_moment(form, "publish_at"), unpublish_at=_moment(form, "unpublish_at"),
        external_key=before.external_key if before else None,
    )  # fmt: skip


def _category(form: Form) -> UUID:
    try:
        return UUID(form.get("category_id", ""))
    except ValueError:
        raise wrong("category_id", _("Choose a category")) from None


def _rate(form: Form) -> int | None:
    text = form.get("tax", "").strip().replace(",", ".").rstrip("% ")
    if not text:
        return None
    try:
        rate = Decimal(text) * 100
        if rate == rate.to_integral_value() and 0 <= rate <= 10_000:
            return int(rate)
    except InvalidOperation:
        pass
    raise wrong("tax", _("Give the rate in per cent, such as 23"))


def _moment(form: Form, name: str) -> datetime | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(current().timezone))
    except ValueError:
        raise wrong(name, _("Enter a date or time that exists.")) from None


def typed(form: Form, before: Listing | None) -> Typed:
    """Return the matrix that the form asks for: its rows, and new ones for option values that are new."""
    pairs = [(form.get(f"option-{n}-name", "").strip(), split(form.get(f"option-{n}-values", "")))
             for n in range(OPTION_LIMIT)]  # fmt: skip
    used = [(name, values) for name, values in pairs if name or values]
    names = tuple(name for name, _values in used)
    rows = {row.options: row for row in _rows(form, {}) if f"row-{row.number}-off" not in form}
    wanted = _combinations([values for _name, values in used], rows, before, names)
    lead = next(iter(rows.values()), None)
    variants = [_variant(place, rows.get(key, lead), key, is_new=key not in rows) for place, key in enumerate(wanted)]
    stock = tuple(_count(place, rows[key].stock) if key in rows else None for place, key in enumerate(wanted))
    return Typed(names, tuple(variants), stock)


def _combinations(
    values: Sequence[Sequence[str]],
    rows: Mapping[tuple[str, ...], Row],
    before: Listing | None,
    names: tuple[str, ...],
) -> list[tuple[str, ...]]:
    """Keep the rows that still fit, and add those of values that were not there: what was removed stays removed."""
    every = list(product(*values))
    same_names = before is not None and before.option_names == names
    old = [{v.options[n] for v in before.variants} for n in range(len(names))] if before and same_names else None
    return [
        key for key in every
        if key in rows or old is None or any(value not in old[n] for n, value in enumerate(key))
    ]  # fmt: skip


def _variant(place: int, row: Row | None, key: tuple[str, ...], *, is_new: bool) -> VariantInput:
    price = _amount(place, "price", row.price if row else "")
    if price is None:
        raise wrong(f"variants.{place}.price", _("Give a price"))
    if row is None or is_new:
        return VariantInput(key, price)
    weight = _count(place, row.weight_g, "weight_g") or 0
    return VariantInput(
        key, price, row.sku, _amount(place, "was", row.was), weight, row.barcode, UUID(row.id) if row.id else None
    )


def _amount(place: int, name: str, text: str) -> Money | None:
    if not text.strip():
        return None
    try:
        return Money.parse(text.replace(",", "."), current().currency)
    except Invalid:
        raise wrong(f"variants.{place}.{name}", _("Write an amount such as 12.50")) from None


def _count(place: int, text: str, name: str = "stock") -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise wrong(f"variants.{place}.{name}", _("Enter a number, such as 12."))
    return int(text)


def _rows(form: Form, faults: Mapping[str, str]) -> list[Row]:
    found = []
    for number in range(form.get("rows", 0, type=int)):

        def cell(name: str, number: int = number) -> str:
            return form.get(f"row-{number}-{name}", "").strip()

        options = tuple(str(value) for value in json.loads(cell("key") or "[]"))
        errors = " ".join(text for path, text in faults.items() if path.startswith(f"variants.{number}."))
        available = cell("available")
        found.append(
            Row(number, cell("id"), json.dumps(options), options, cell("sku"), cell("price"), cell("was"),
                cell("weight_g"), cell("barcode"), cell("stock"),
                int(available) if available.isdigit() else None, errors)
        )  # fmt: skip
    return found


def rows_of(listing: Listing | None, form: Form | None, error: AppError | None) -> list[Row]:
    """Return the matrix as it is shown: as typed if the form was refused, else as stored; one empty row at least."""
    if form is not None:
        return _rows(form, faults(error))
    shown = [
        Row(
            n, str(v.id), json.dumps(v.options), v.options, v.sku, str(v.price.decimal),
            str(v.was.decimal) if v.was else "", str(v.weight_g or ""), v.barcode, "", v.available, "",
        )
        for n, v in enumerate(listing.variants if listing else ())
    ]  # fmt: skip
    return shown or [Row(0, "", "[]", (), "", "", "", "", "", "", None, "")]


def values_of(listing: Listing | None, form: Form | None) -> dict[str, str]:
    """Return the plain fields' values, as typed or as stored."""
    if form is not None:
        return {name: text for name, text in form.items() if not name.startswith("row-")}
    if listing is None:
        return {}
    found = {
        "title": listing.title, "description": listing.description, "brand": listing.brand,
        "category_id": str(listing.category_id), "tags": ", ".join(listing.tags),
        "tax": f"{Decimal(listing.tax_bps) / 100:f}",
        "publish_at": _local(listing.publish_at), "unpublish_at": _local(listing.unpublish_at),
        **{f"a-{code}": value for code, value in listing.attributes.items()},
    }  # fmt: skip
    for n, name in enumerate(listing.option_names):
        values = dict.fromkeys(variant.options[n] for variant in listing.variants)
        found |= {f"option-{n}-name": name, f"option-{n}-values": ", ".join(values)}
    return found


def _local(moment: datetime | None) -> str:
    return moment.astimezone(ZoneInfo(current().timezone)).isoformat()[:16] if moment else ""


def faults(error: AppError | None) -> dict[str, str]:
    """Return what is wrong with which field; messages are English, the page translates them."""
    return {field.path: field.message for field in error.fields} if isinstance(error, Invalid) else {}


def attribute_items(
    attributes: Sequence[Attribute],
    values: Mapping[str, str],
    errors: Mapping[str, str],
    language: str,
    yes_no: Sequence[str],
) -> list[Item]:
    """Return the controls of a category's attributes."""
    kinds = {"choice": "select", "yes_no": "select", "number": "decimal", "text": "text"}
    items = []
    for attribute in attributes:
        options = tuple((option.code, named(option.names, language)) for option in attribute.options)
        if attribute.kind == "yes_no":
            options = (("yes", yes_no[0]), ("no", yes_no[1]))
        items.append(
            Item(
                name=f"a-{attribute.code}", kind=kinds[attribute.kind], label=named(attribute.names, language),
                value=values.get(f"a-{attribute.code}", ""), error=errors.get(f"attributes.{attribute.code}", ""),
                required=attribute.is_required, suffix=attribute.unit, options=options, attributes={},
            )
        )  # fmt: skip
    return items
