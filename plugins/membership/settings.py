"""The rules of points as a marketplace sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from core.http.schemas import Strict
from core.kernel.errors import _
from core.kernel.tenancy import Tenant

EXPIRIES = ("never", "6_months", "12_months", "24_months", "end_of_next_year")


def _number(default: int, low: int, high: int, label: str, group: str, hint: str = "") -> fields.Integer:
    about = {"label": label, "group": group, "hint": hint}
    return fields.Integer(load_default=default, validate=validate.Range(low, high), metadata=about)


_EARNING, _USING, _END = _("How points are earned"), _("Using"), _("Expiry and end")


class PointsSettingsSchema(Strict):
    """How points are earned, what they are worth, and how long they live."""

    earn_points_per_unit = _number(
        1, 0, 100, _("Points for each whole unit of money paid for goods"), _EARNING,
        _("Nothing is earned on delivery, or on what points and the marketplace's discounts paid."),
    )  # fmt: skip
    earn_cap_order = _number(5_000, 0, 10_000_000, _("At most for one order"), _EARNING, _("0 is no limit."))
    earn_cap_day = _number(2_000, 0, 10_000_000, _("At most for one buyer a day"), _EARNING, _("0 is no limit."))
    value_minor = _number(
        1, 1, 10_000, _("So many cents"), _USING, _("In the smallest unit of the marketplace's currency.")
    )
    value_points = _number(1, 1, 10_000, _("are worth so many points"), _USING)
    redeem_min = _number(100, 1, 100_000, _("Fewest points at a time"), _USING)
    redeem_step = _number(100, 1, 100_000, _("In steps of"), _USING)
    redeem_cap_bps = _number(
        500, 0, 10_000, _("Most of the goods' price that points pay"), _USING,
        _("In hundredths of a per cent, after coupons: 500 is 5 %."),
    )  # fmt: skip
    points_with_coupons = fields.Boolean(
        load_default=True, metadata={"label": _("Together with a coupon"), "group": _USING}
    )
    excluded_plugins = fields.List(
        fields.String(validate=validate.Length(min=1, max=40)), load_default=lambda: ["c2c"],
        metadata={"label": _("Kinds of goods that neither earn nor take points"), "group": _USING, "kind": "tags"},
    )  # fmt: skip
    points_expire = fields.String(
        load_default="12_months",
        validate=validate.OneOf(
            EXPIRIES,
            [_("never"), _("after 6 months"), _("after 12 months"), _("after 24 months"), _("at the end of next year")],
        ),
        metadata={"label": _("Points expire"), "group": _END, "kind": "select"},
    )
    closes_on = fields.Date(
        load_default=None, allow_none=True,
        metadata={
            "label": _("Programme ends on"), "group": _END, "kind": "date",
            "hint": _("Once set, nothing is earned any more; points can be used until then. It is at least 90 days away."),
        },
    )  # fmt: skip

    @validates_schema
    def _together(self, data: dict[str, object], **_given: object) -> None:
        if int(str(data["redeem_min"])) % int(str(data["redeem_step"])):
            raise ValidationError(_("The fewest points are a multiple of the step"), "redeem_min")


NOTICE = timedelta(days=90)
"""So long points can be used after a person has said that they end."""


def check_change(before: Mapping[str, Any], after: Mapping[str, Any], today: date) -> Mapping[str, str]:
    """Return what is wrong with a change: an end that is nearer than the notice, or was moved nearer to today."""
    ends = date.fromisoformat(after["closes_on"]) if after.get("closes_on") else None
    if ends is None or after.get("closes_on") == before.get("closes_on") or ends >= today + NOTICE:
        return {}
    return {"closes_on": _("Choose a day that is at least 90 days away: until then buyers can use their points")}


@dataclass(frozen=True, slots=True)
class Settings:
    """The rules of one marketplace. `point_value` is minor units a point; caps of 0 are none."""

    per_unit: int
    cap_order: int
    cap_day: int
    point_value: Fraction
    least: int
    step: int
    cap_bps: int
    with_coupons: bool
    excluded: frozenset[str]
    expire: str
    closes_on: date | None

    @classmethod
    def of(cls, tenant: Tenant) -> Settings:
        """Read a marketplace's rules; what it never set has its default."""
        raw = dict(tenant.settings.get("membership", {}))
        held = {name: raw[name] for name in PointsSettingsSchema().fields if name in raw}
        data = PointsSettingsSchema().load(held)
        return cls(
            per_unit=data["earn_points_per_unit"], cap_order=data["earn_cap_order"], cap_day=data["earn_cap_day"],
            point_value=Fraction(data["value_minor"], data["value_points"]), least=data["redeem_min"],
            step=data["redeem_step"], cap_bps=data["redeem_cap_bps"], with_coupons=data["points_with_coupons"],
            excluded=frozenset(data["excluded_plugins"]), expire=data["points_expire"], closes_on=data["closes_on"],
        )  # fmt: skip
