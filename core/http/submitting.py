"""Between a submitted form and a service: loads it by its schema, and shows it again with what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from core.http import forms
from core.http.errors import message, told
from core.http.forms import Item
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current

Options = Mapping[str, Sequence[tuple[str, str]]]


def load(schema: Schema) -> dict[str, Any]:
    """Load the submitted form by its schema. Raise Invalid with an error for each field at fault."""
    try:
        loaded: dict[str, Any] = schema.load(forms.read(schema, request.form))
    except ValidationError as wrong:
        faults = wrong.normalized_messages()  # type: ignore[no-untyped-call]
        fields = tuple(FieldError(str(path), " ".join(forms.messages(e))) for path, e in faults.items())
        raise Invalid("form.invalid", _("Some of this cannot be right."), fields=fields) from None
    return loaded


def controls(
    schema: Schema,
    values: Mapping[str, object],
    error: AppError | None = None,
    options: Options | None = None,
) -> list[Item]:
    """Return a form's controls: with stored values, or with what was typed and why it was refused."""
    shown = dict(values)
    wrong: dict[str, list[str]] = {}
    if error is not None and request.method == "POST":
        shown |= {name: request.form.get(name, "") for name in schema.fields if name in request.form}
    if isinstance(error, Invalid):
        for fault in error.fields:
            wrong.setdefault(fault.path.rsplit(".", 1)[-1], []).append(told(fault.message))
    items = forms.describe(schema, shown, wrong)
    chosen = options or {}
    return [replace(i, options=tuple(chosen[i.name]), kind="select") if i.name in chosen else i for i in items]


def refused(error: AppError | None) -> str:
    """Return why a form was refused, in the reader's language; nothing if it was not."""
    return message(error) if error is not None else ""


def amount(text: str, path: str) -> Money:
    """Read an amount of the marketplace's currency that stands in a field. Raise Invalid at the field."""
    currency = current().currency
    try:
        return Money.parse(text.replace(",", "."), currency)
    except Invalid as wrong:
        raise Invalid(
            wrong.code, wrong.message, fields=(FieldError(path, str(message(wrong))),), **wrong.facts
        ) from None


def text_of(amount: Money | None) -> str:
    """Write an amount the way a field wants it; nothing for None."""
    return "" if amount is None else f"{amount.decimal}"
