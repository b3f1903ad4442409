"""How a marketplace deals with companies."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import fields, validate

from core.http.schemas import Strict
from core.kernel.errors import _
from core.kernel.tenancy import Tenant

_WHO = _("Who may buy as a company")


class CompanySettingsSchema(Strict):
    """Who looks at companies before they buy."""

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


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one marketplace."""

    is_automatic: bool
    invitation_days: int

    @classmethod
    def of(cls, tenant: Tenant) -> Settings:
        """Read a marketplace's choices; what it never set has its default."""
        raw = dict(tenant.settings.get("b2b", {}))
        schema = CompanySettingsSchema()
        data = schema.load({name: raw[name] for name in schema.fields if name in raw})
        return cls(is_automatic=data["company_approval"] == "automatic", invitation_days=data["invitation_days"])
