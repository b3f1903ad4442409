"""Turns a marshmallow schema into form controls, and a submitted form back into what the schema loads.

One schema is the API's contract, the HTML form and the validation. A field's metadata may carry `label`,
`hint`, `group`, `prefix`, `suffix`, `kind`, `placeholder`, `autocomplete` and `show_if` ("field=value").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeAlias

import marshmallow as ma
from flask_babel import gettext as _
from marshmallow import fields, validate

# marshmallow's own parameter: what a field loads; any will do here.
Control: TypeAlias = "fields.Field[Any]"

# More specific types stand first.
_KINDS: tuple[tuple[type[Control], str], ...] = (
    (fields.Email, "email"),
    (fields.Url, "url"),
    (fields.Boolean, "switch"),
    (fields.Integer, "number"),
    (fields.Decimal, "decimal"),
    (fields.Float, "decimal"),
    (fields.DateTime, "datetime-local"),
    (fields.Date, "date"),
    (fields.Time, "time"),
    (fields.List, "checks"),
    (fields.String, "text"),
)
_RADIO_AT_MOST = 3


class Submitted(Protocol):
    """What a form sent: Werkzeug's MultiDict, or a test's."""

    def __contains__(self, name: object, /) -> bool: ...

    def get(self, name: str, default: str, /) -> str: ...

    def getlist(self, name: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One control of a form.

    `kind` names the macro; `attributes` are HTML's own (min, maxlength, ...); `options` are (value, label);
    `show_if` is "field=value"; `is_set` says of a secret that one is stored.
    """

    name: str
    kind: str
    label: str
    value: object = None
    hint: str = ""
    error: str = ""
    group: str = ""
    required: bool = False
    prefix: str = ""
    suffix: str = ""
    show_if: str = ""
    is_set: bool = False
    options: tuple[tuple[str, str], ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


def describe(
    schema: ma.Schema,
    values: Mapping[str, object] | None = None,
    errors: Mapping[str, object] | None = None,
) -> list[Item]:
    """Return a schema's controls in the order of its fields, with values and the errors of a load."""
    shown, wrong = values or {}, errors or {}
    return [_described(name, control, shown, wrong) for name, control in schema.fields.items() if not control.dump_only]


def _described(name: str, control: Control, values: Mapping[str, object], errors: Mapping[str, object]) -> Item:
    metadata = control.metadata
    options = _options(control)
    kind = str(metadata.get("kind") or _kind(control, options))
    value = values.get(name, None if control.load_default is ma.missing else control.load_default)
    item = Item(
        name=name,
        kind=kind,
        label=str(metadata.get("label") or name.replace("_", " ").capitalize()),
        value=_shown(value),
        error=" ".join(messages(errors.get(name))),
        required=control.required,
        options=options,
        attributes=_attributes(control),
        hint=str(metadata.get("hint", "")),
        group=str(metadata.get("group", "")),
        prefix=str(metadata.get("prefix", "")),
        suffix=str(metadata.get("suffix", "")),
        show_if=str(metadata.get("show_if", "")),
    )
    return replace(item, value="", is_set=bool(value)) if kind == "secret" else item


def _kind(control: Control, options: Sequence[tuple[str, str]]) -> str:
    kind = next((kind for type_, kind in _KINDS if isinstance(control, type_)), "text")
    if kind == "checks" and not options:
        return "tags"
    if options and kind in {"text", "number"}:
        return "radio" if len(options) <= _RADIO_AT_MOST else "select"
    return kind


def _shown(value: object) -> object:
    """Write dates the way HTML's inputs want them; leave other values alone."""
    if hasattr(value, "isoformat"):
        return value.isoformat()[:16] if hasattr(value, "hour") and hasattr(value, "year") else value.isoformat()
    return value


def _validators(control: Control) -> list[object]:
    inner = control.inner.validators if isinstance(control, fields.List) else []
    return [*control.validators, *inner]


def _options(control: Control) -> tuple[tuple[str, str], ...]:
    for rule in _validators(control):
        if isinstance(rule, validate.OneOf):
            labels = list(rule.labels) or list(rule.choices)
            return tuple((str(choice), str(label)) for choice, label in zip(rule.choices, labels, strict=True))
    return ()


def _attributes(control: Control) -> dict[str, str]:
    wanted = {key: control.metadata.get(key) for key in ("placeholder", "autocomplete", "rows", "accept")}
    if not isinstance(control, fields.List):
        for rule in control.validators:
            if isinstance(rule, validate.Length):
                wanted |= {"minlength": rule.min, "maxlength": rule.max}
            if isinstance(rule, validate.Range):
                wanted |= {"min": rule.min, "max": rule.max}
    return {name: str(value) for name, value in wanted.items() if value is not None}


def in_groups(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """Gather controls by group, both in the order of the schema (Jinja's groupby would sort them)."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    return list(groups.items())


def read(schema: ma.Schema, form: Submitted, stored: Mapping[str, object] | None = None) -> dict[str, object]:
    """Turn a submitted form into what `schema.load` takes.

    An unticked box is False, an empty secret keeps the stored one, an empty field is left out, or None
    where the schema allows it.
    """
    raw: dict[str, object] = {}
    for name, control in schema.fields.items():
        if not control.dump_only:
            raw |= _read_one(name, control, form, stored or {})
    return raw


def _read_one(name: str, control: Control, form: Submitted, stored: Mapping[str, object]) -> dict[str, object]:
    if isinstance(control, fields.Boolean):
        return {name: name in form}
    if isinstance(control, fields.List):
        return {name: _read_list(name, control, form)}
    text = form.get(name, "").strip()
    if text:
        return {name: text}
    if control.metadata.get("kind") == "secret":
        return {name: stored[name]} if stored.get(name) else {}
    return {name: None} if control.allow_none else {}


def _read_list(name: str, control: fields.List[Any], form: Submitted) -> list[str]:
    if _options(control):
        return form.getlist(name)
    parts = (part.strip() for text in form.getlist(name) for part in re.split(r"[,，;；\n]", text))
    return [part for part in parts if part]


def messages(error: object) -> list[str]:
    """Flatten the errors of one field into sentences in the reader's language."""
    if not error:
        return []
    if isinstance(error, Mapping):
        return list(dict.fromkeys(text for inner in error.values() for text in messages(inner)))
    if isinstance(error, list | tuple):
        return list(dict.fromkeys(text for inner in error for text in messages(inner)))
    return [explain(str(error))]


def explain(message: str) -> str:
    """Say marshmallow's own English message in the reader's language; others pass unchanged."""
    for pattern, sentence in _sentences():
        match = re.fullmatch(pattern, message)
        if match:
            return sentence % match.groupdict()
    return message


def _sentences() -> tuple[tuple[str, str], ...]:
    low, high = r"(?P<low>\S+)", r"(?P<high>\S+)"
    doubled = {"low": "%(low)s", "high": "%(high)s"}
    return (
        (r"Missing data for required field\.|Field may not be null\.", _("Fill this in.")),
        (r"Unknown field\.", _("This field is not known.")),
        (r"Not a valid (integer|number)\.", _("Enter a number, such as 12.")),
        (r"Not a valid email address\.", _("Enter an e-mail address, such as name@example.com.")),
        (r"Not a valid URL\.", _("Enter a web address that starts with https://.")),
        (
            r"Not a valid (date|datetime|time|aware datetime|naive datetime)\.",
            _("Enter a date or time that exists."),
        ),
        (r"Must be one of: .*\.", _("Choose one of the options.")),
        (
            f"Must be greater than or equal to {low} and less than or equal to {high}\\.",
            _("Enter a number from %(low)s to %(high)s.", **doubled),
        ),
        (f"Must be greater than or equal to {low}\\.", _("Enter %(low)s or more.", **doubled)),
        (f"Must be greater than {low}\\.", _("Enter more than %(low)s.", **doubled)),
        (f"Must be less than or equal to {high}\\.", _("Enter %(high)s or less.", **doubled)),
        (f"Must be less than {high}\\.", _("Enter less than %(high)s.", **doubled)),
        (f"Shorter than minimum length {low}\\.", _("Write at least %(low)s characters.", **doubled)),
        (f"Longer than maximum length {high}\\.", _("Write at most %(high)s characters.", **doubled)),
        (
            f"Length must be between {low} and {high}\\.",
            _("Write %(low)s to %(high)s characters.", **doubled),
        ),
    )
