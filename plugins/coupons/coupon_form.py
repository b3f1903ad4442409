"""The form of a coupon: its schema, and the way between it and a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext
from marshmallow import Schema, fields, validate

from core.http.submitting import amount, text_of
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.tenancy import current
from plugins.coupons import services
from plugins.coupons.rules import Coupon
from plugins.coupons.services import CouponDraft


def schema(merchant_id: UUID | None, coupon: Coupon | None) -> Schema:
    """Return the form's schema: a merchant chooses an own shop and does not share the cost; a code stays."""
    made: dict[str, Any] = {} if coupon else {"code": _code()}
    made |= {"kind": _kind(), "amount": _amount(), "percent": _percent(gettext("Percentage"), "kind=percent")}
    made["minimum"] = fields.String(
        load_default="",
        metadata={
            "label": gettext("From a value of goods of"),
            "group": _what(),
            "prefix": current().currency,
            "kind": "money",
            "hint": gettext("Of the goods that it counts for, before it is taken off."),
        },
    )
    made["shop"] = _shop(merchant_id)
    if merchant_id is None and (coupon is None or coupon.merchant_id is None):
        made["platform"] = _percent(gettext("The marketplace pays"), "", "100", gettext("The shops pay the rest."))
    return Schema.from_dict(made | _limits())()


def _what() -> str:
    return str(gettext("What it does"))


def _code() -> fields.String:
    hint = gettext("1 to 32 letters, digits, hyphens or underscores. Capitals do not matter.")
    about = {"label": gettext("Coupon code"), "group": _what(), "hint": hint, "autocomplete": "off"}
    return fields.String(required=True, validate=validate.Length(min=1, max=32), metadata=about)


def _kind() -> fields.String:
    choices = validate.OneOf(["amount", "percent"], [gettext("An amount"), gettext("A percentage")])
    about = {"label": gettext("It takes off"), "group": _what(), "kind": "radio"}
    return fields.String(load_default="amount", validate=choices, metadata=about)


def _amount() -> fields.String:
    about = {"label": gettext("Amount"), "group": _what(), "prefix": current().currency, "kind": "money"}
    return fields.String(load_default="", metadata={**about, "show_if": "kind=amount"})


def _percent(label: str, show_if: str, default: str = "", hint: str = "") -> fields.String:
    about = {"label": label, "group": _what(), "suffix": "%", "kind": "decimal", "show_if": show_if, "hint": hint}
    return fields.String(load_default=default, metadata=about)


def _shop(merchant_id: UUID | None) -> fields.String:
    offered = [(str(key), name) for key, name in services.shops(merchant_id)]
    if merchant_id is None:
        offered = [("", gettext("Every shop")), *offered]
    rule = validate.OneOf([key for key, _name in offered], [name for _key, name in offered])
    default = offered[0][0] if offered else ""
    about = {"label": gettext("For goods of"), "group": _what(), "kind": "select"}
    return fields.String(load_default=default, validate=rule, metadata=about)


def _limits() -> dict[str, Any]:
    when, often = gettext("When it counts"), gettext("How often")
    zone = gettext("Times are those of %(zone)s.", zone=current().timezone)
    most = validate.Range(min=1, max=10_000_000)
    moment: dict[str, Any] = {"load_default": None, "allow_none": True}
    count: dict[str, Any] = {"load_default": None, "allow_none": True, "validate": most}
    each = gettext("Buyers sign in to use it.")
    return {
        "starts_at": fields.NaiveDateTime(
            **moment, metadata={"label": gettext("From"), "group": when, "kind": "datetime-local", "hint": zone}
        ),
        "ends_at": fields.NaiveDateTime(
            **moment, metadata={"label": gettext("Until"), "group": when, "kind": "datetime-local"}
        ),
        "is_active": fields.Boolean(load_default=True, metadata={"label": gettext("In use"), "group": when}),
        "total_uses": fields.Integer(**count, metadata={"label": gettext("Times in all"), "group": often}),
        "uses_per_customer": fields.Integer(
            **count, metadata={"label": gettext("Times for each buyer"), "group": often, "hint": each}
        ),
    }


def values(coupon: Coupon | None) -> dict[str, object]:
    """Return what the form shows of a coupon."""
    if coupon is None:
        return {}
    return {
        "kind": "amount" if coupon.amount else "percent",
        "amount": text_of(coupon.amount),
        "percent": _written(coupon.percent_bps),
        "minimum": text_of(coupon.minimum),
        "shop": str(coupon.shop_id or ""),
        "platform": _written(coupon.platform_bps),
        "starts_at": _local(coupon.starts_at),
        "ends_at": _local(coupon.ends_at),
        "total_uses": coupon.total_uses,
        "uses_per_customer": coupon.uses_per_customer,
        "is_active": coupon.is_active,
    }


def draft(form: Mapping[str, Any], coupon: Coupon | None) -> CouponDraft:
    """Return the coupon that a form describes. Raise Invalid by field."""
    is_amount = form["kind"] == "amount"
    minimum = form["minimum"].strip()
    return CouponDraft(
        code=coupon.code if coupon else form["code"],
        currency=coupon.currency if coupon else current().currency,
        amount_minor=amount(form["amount"], "amount").minor if is_amount else None,
        percent_bps=None if is_amount else _bps("percent", form["percent"]),
        minimum_minor=amount(minimum, "minimum").minor if minimum else None,
        shop_id=UUID(form["shop"]) if form["shop"] else None,
        platform_bps=_bps("platform", form["platform"]) if "platform" in form else 0,
        starts_at=_aware(form["starts_at"]),
        ends_at=_aware(form["ends_at"]),
        total_uses=form["total_uses"],
        uses_per_customer=form["uses_per_customer"],
        is_active=form["is_active"],
    )


def _bps(name: str, text: str) -> int:
    try:
        value = Decimal(text.strip().removesuffix("%").replace(",", ".")) * 100
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= 10_000:
        wrong = FieldError(name, _("Enter a percentage from 0 to 100, with at most two decimals"))
        raise Invalid("coupons.percentage", _("Some of this cannot be right."), fields=(wrong,))
    return int(value)


def _written(bps: int | None) -> str:
    return "" if bps is None else f"{(Decimal(bps) / 100).normalize():f}"


def _local(at: datetime | None) -> datetime | None:
    return at.astimezone(ZoneInfo(current().timezone)).replace(tzinfo=None) if at else None


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=ZoneInfo(current().timezone)) if at else None
