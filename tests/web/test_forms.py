"""One marshmallow schema makes the form and reads it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import marshmallow as ma
import pytest
from flask import Flask
from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from core.http import forms
from web import languages


class Settings(ma.Schema):
    enabled = fields.Boolean(load_default=True, metadata={"label": "On", "group": "B"})
    rate = fields.Decimal(required=True, validate=validate.Range(0, 100), metadata={"group": "A"})
    count_on = fields.String(load_default="paid", validate=validate.OneOf(["paid", "list"], ["Paid", "List"]))
    country = fields.String(validate=validate.OneOf(["a", "b", "c", "d"]))
    channels = fields.List(fields.String(validate=validate.OneOf(["store", "c2c"])))
    words = fields.List(fields.String())
    starts = fields.Date(allow_none=True)
    api_key = fields.String(metadata={"kind": "secret"})
    made = fields.Integer(dump_only=True)


@pytest.fixture(autouse=True)
def _app() -> Iterator[None]:
    app = Flask("web")
    languages.register(app)
    with app.test_request_context("/"):
        yield


def _item(name: str, **values: object) -> forms.Item:
    return next(item for item in forms.describe(Settings(), values) if item.name == name)


def test_kinds_of_controls_follow_types_and_validators() -> None:
    kinds = {item.name: item.kind for item in forms.describe(Settings())}
    assert kinds == {
        "enabled": "switch", "rate": "decimal", "count_on": "radio", "country": "select", "channels": "checks",
        "words": "tags", "starts": "date", "api_key": "secret",
    }  # fmt: skip


def test_a_range_becomes_the_limits_of_the_control() -> None:
    assert _item("rate").attributes == {"min": "0", "max": "100"}


def test_a_stored_secret_is_never_shown() -> None:
    item = _item("api_key", api_key="sk_live")
    assert (item.value, item.is_set) == ("", True)


def test_groups_keep_the_order_of_the_schema() -> None:
    assert [name for name, _ in forms.in_groups(forms.describe(Settings()))] == ["B", "A", ""]


def test_a_submitted_form_loads_into_the_values_it_shows() -> None:
    sent = MultiDict([("rate", "2.5"), ("count_on", "list"), ("country", "c"), ("channels", "store"),
                      ("words", "tea, 茶，mug"), ("starts", "2026-11-22")])  # fmt: skip
    loaded = Settings().load(forms.read(Settings(), sent, {"api_key": "sk_live"}))
    assert loaded == {
        "enabled": False, "rate": Decimal("2.5"), "count_on": "list", "country": "c", "channels": ["store"],
        "words": ["tea", "茶", "mug"], "starts": date(2026, 11, 22), "api_key": "sk_live",
    }  # fmt: skip
    again = {item.name: item.value for item in forms.describe(Settings(), loaded)}
    assert (again["starts"], again["rate"], again["enabled"]) == ("2026-11-22", Decimal("2.5"), False)


def test_an_empty_field_is_left_out_or_none_where_allowed() -> None:
    raw = forms.read(Settings(), MultiDict([("rate", ""), ("starts", "")]))
    assert "rate" not in raw
    assert raw["starts"] is None


def test_errors_say_what_to_do() -> None:
    wrong = Settings().validate({"rate": "500"})
    item = next(one for one in forms.describe(Settings(), {"rate": "500"}, wrong) if one.name == "rate")
    assert item.error == "Enter a number from 0 to 100."


def test_errors_inside_lists_are_flattened_once() -> None:
    assert forms.messages({0: ["Not a valid URL."], 1: ["Not a valid URL."]}) == [
        "Enter a web address that starts with https://."
    ]
