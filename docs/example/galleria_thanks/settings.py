"""What a marketplace can set; core makes the form from the schema."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import fields, validate

from core.http.schemas import Strict
from core.kernel.errors import _
from core.kernel.tenancy import Tenant


class ThanksSettingsSchema(Strict):
    """Who is thanked, and how much."""

    after_orders = fields.Integer(
        load_default=3,
        validate=validate.Range(1, 1000),
        metadata={"label": _("Completed orders before the first thanks")},
    )
    percent_bps = fields.Integer(
        load_default=500,
        validate=validate.Range(1, 5_000),
        metadata={"label": _("Share of the goods' price"), "hint": _("In hundredths of a per cent: 500 is 5 %.")},
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one marketplace: a number of orders, and a share in basis points."""

    after_orders: int
    percent_bps: int

    @classmethod
    def of(cls, tenant: Tenant) -> Settings:
        """Return a marketplace's settings; what it never set has its default."""
        return cls(**ThanksSettingsSchema().load(tenant.settings.get("thanks", {})))
