"""How a marketplace deals with companies."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import fields, validate

from core.http.schemas import Strict
from core.kernel.errors import _
from core.kernel.tenancy import Tenant

_WHO, _ASKING = _("Who may buy as a company"), _("Approval before ordering")


class CompanySettingsSchema(Strict):
    """Who looks at companies before they buy, and how long what they ask for waits."""

    company_approval = fields.String(
        load_default="manual",
        validate=validate.OneOf(
            ["manual", "automatic"], [_("A person looks at each company"), _("At once, without a look")]
        ),
        metadata={"label": _("Companies are approved"), "group": _WHO, "kind": "radio"},
    )
    invitation_days = fields.Integer(
        load_default=14, validate=validate.Range(1, 90),
        metadata={"label": _("An invitation is open for so many days"), "group": _WHO},
    )  # fmt: skip
    requisition_days = fields.Integer(
        load_default=7, validate=validate.Range(1, 60),
        metadata={"label": _("A basket waits for its approval so many days"), "group": _ASKING},
    )  # fmt: skip
    approved_days = fields.Integer(
        load_default=7, validate=validate.Range(1, 60),
        metadata={"label": _("An approved basket can be ordered for so many days"), "group": _ASKING},
    )  # fmt: skip
    price_drift_bps = fields.Integer(
        load_default=200, validate=validate.Range(0, 2_000),
        metadata={
            "label": _("An approved total may still rise by"), "group": _ASKING,
            "hint": _("In hundredths of a per cent: 200 is 2 %. Goods keep their prices; delivery may change."),
        },
    )  # fmt: skip
    quote_days = fields.Integer(
        load_default=14, validate=validate.Range(1, 180),
        metadata={"label": _("A request for a quote waits so many days"), "group": _("Quotes")},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one marketplace."""

    is_automatic: bool
    invitation_days: int
    requisition_days: int
    approved_days: int
    drift_bps: int
    quote_days: int

    @classmethod
    def of(cls, tenant: Tenant) -> Settings:
        """Read a marketplace's choices; what it never set has its default."""
        raw = dict(tenant.settings.get("b2b", {}))
        schema = CompanySettingsSchema()
        data = schema.load({name: raw[name] for name in schema.fields if name in raw})
        return cls(
            is_automatic=data["company_approval"] == "automatic", invitation_days=data["invitation_days"],
            requisition_days=data["requisition_days"], approved_days=data["approved_days"],
            drift_bps=data["price_drift_bps"], quote_days=data["quote_days"],
        )  # fmt: skip
