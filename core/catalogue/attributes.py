"""Typed properties of a category's listings: declared once on a node, valid for everything below it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import select

from core.catalogue.categories import ancestors
from core.catalogue.models import AttributeRow, CategoryRow, ListingRow
from core.catalogue.refreshing import refresh
from core.catalogue.values import Attribute, AttributeInput, AttributeKind, Option
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEXT_LIMIT = 200


def of_category(category_id: UUID) -> tuple[Attribute, ...]:
    """Return the attributes of a category, inherited ones first. Raise Missing if there is none."""
    order = {above.id: depth for depth, above in enumerate(ancestors(category_id))}
    rows = session().scalars(select(AttributeRow).where(AttributeRow.category_id.in_(order)))
    sorted_rows = sorted(rows, key=lambda row: (order[row.category_id], row.position, row.id))
    return tuple(_value(row, is_inherited=row.category_id != category_id) for row in sorted_rows)


def _value(row: AttributeRow, *, is_inherited: bool) -> Attribute:
    options = tuple(Option(o["code"], o["names"]) for o in row.options)
    return Attribute(
        row.id, row.category_id, row.code, row.names, AttributeKind(row.kind), row.unit, options, row.is_required,
        row.is_facet, row.position, is_inherited,
    )  # fmt: skip


def save(category_id: UUID, entered: AttributeInput) -> UUID:
    """Add an attribute to a category, or change the one of that code there.

    Raise Invalid, or Conflict if a category above or below has the code, or the kind of a used one would change.
    """
    _check(entered)
    line = ancestors(category_id)
    row = (
        session()
        .scalars(select(AttributeRow).where(AttributeRow.category_id == category_id, AttributeRow.code == entered.code))
        .one_or_none()
    )
    if row is None:
        _refuse_overlap(line[-1].path, {above.id for above in line}, entered.code)
        row = AttributeRow(id=new_id(), category_id=category_id, code=entered.code)
        session().add(row)
    elif row.kind != entered.kind:
        raise Conflict("catalogue.kind_fixed", _("The kind of an attribute cannot change; add another one"))
    row.names, row.kind, row.unit = dict(entered.names), entered.kind.value, entered.unit.strip()
    row.options = [{"code": o.code, "names": dict(o.names)} for o in entered.options]
    row.is_required, row.is_facet, row.position = entered.is_required, entered.is_facet, entered.position
    audit.record("attribute.saved", "category", category_id, code=entered.code)
    session().flush()
    refresh(_listings_below(line[-1].path))
    return row.id


def delete(category_id: UUID, code: str) -> None:
    """Remove an attribute of a category; values on listings stay in their rows but are not shown or searched."""
    query = select(AttributeRow).where(AttributeRow.category_id == category_id, AttributeRow.code == code)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("catalogue.no_attribute", _("There is no such attribute"))
    session().delete(row)
    session().flush()
    audit.record("attribute.deleted", "category", category_id, code=code)
    refresh(_listings_below(ancestors(category_id)[-1].path))


def _listings_below(path: str) -> Sequence[UUID]:
    inside = (CategoryRow.path == path) | CategoryRow.path.startswith(f"{path}/", autoescape=True)
    of_it = (CategoryRow.tenant_id == ListingRow.tenant_id) & (CategoryRow.id == ListingRow.category_id)
    return session().scalars(select(ListingRow.id).join(CategoryRow, of_it).where(inside)).all()


def _refuse_overlap(path: str, line: set[UUID], code: str) -> None:
    below = CategoryRow.path.startswith(f"{path}/", autoescape=True) | CategoryRow.id.in_(line)
    of_it = (CategoryRow.tenant_id == AttributeRow.tenant_id) & (CategoryRow.id == AttributeRow.category_id)
    query = select(CategoryRow.path).join(AttributeRow, of_it).where(AttributeRow.code == code, below)
    taken = session().scalars(query.limit(1)).first()
    if taken:
        raise Conflict(
            "catalogue.code_taken",
            _("The category {path} has an attribute {attribute} already"),
            path=taken,
            attribute=code,
        )


def _check(entered: AttributeInput) -> None:
    codes = [option.code for option in entered.options]
    rules = (
        ("code", _("Write the code with lower-case letters, digits and underscores"), _CODE.fullmatch(entered.code)),
        ("names", _("Give the attribute a name"), any(name.strip() for name in entered.names.values())),
        ("options", _("Give at least two options, each with a code of its own"),
         entered.kind is not AttributeKind.CHOICE or (len(codes) > 1 and len(set(codes)) == len(codes))),
        ("unit", _("Only numbers have a unit"), not entered.unit.strip() or entered.kind is AttributeKind.NUMBER),
    )  # fmt: skip
    wrong = tuple(FieldError(path, message) for path, message, holds in rules if not holds)
    if wrong:
        raise Invalid("catalogue.invalid_attribute", wrong[0].message, fields=wrong)


def checked(category_id: UUID, given: Mapping[str, str], *, is_final: bool) -> dict[str, str]:
    """Return attribute values in their stored form; empty ones are left out.

    Raise Invalid with an error for each one that is unknown, of the wrong kind, or, if `is_final`, missing.
    """
    known = {attribute.code: attribute for attribute in of_category(category_id)}
    kept: dict[str, str] = {}
    wrong: list[FieldError] = []
    for code, text in given.items():
        if not text.strip():
            continue
        value = _stored(known[code], text.strip()) if code in known else None
        if value is None:
            wrong.append(FieldError(f"attributes.{code}", _wanted(known.get(code))))
        else:
            kept[code] = value
    if is_final:
        wrong += [
            FieldError(f"attributes.{attribute.code}", _("Fill this in"))
            for attribute in known.values()
            if attribute.is_required and attribute.code not in kept
        ]
    if wrong:
        raise Invalid("catalogue.invalid_attributes", _("Some attributes are not right"), fields=tuple(wrong))
    return kept


def _stored(attribute: Attribute, text: str) -> str | None:
    match attribute.kind:
        case AttributeKind.TEXT:
            return text if len(text) <= _TEXT_LIMIT else None
        case AttributeKind.NUMBER:
            return _number(text)
        case AttributeKind.CHOICE:
            return text if text in {option.code for option in attribute.options} else None
        case AttributeKind.YES_NO:
            return text if text in ("yes", "no") else None


def _number(text: str) -> str | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) >= 10**12:
        return None
    plain = f"{value.normalize():f}"
    return plain if len(plain) <= 30 else None


def _wanted(attribute: Attribute | None) -> str:
    if attribute is None:
        return _("This category has no such attribute")
    return {
        AttributeKind.TEXT: _("Write at most 200 characters"),
        AttributeKind.NUMBER: _("Write a number, such as 12.5"),
        AttributeKind.CHOICE: _("Choose one of the options"),
        AttributeKind.YES_NO: _("Answer yes or no"),
    }[attribute.kind]
