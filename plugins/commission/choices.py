"""The tenant's choices about commission, as its settings hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from core.hooks.money import OnRefund
from core.kernel.tenancy import Tenant
from plugins.commission.values import Base

NAME = "commission"


@dataclass(frozen=True, slots=True)
class Settings:
    """The tenant's choices. Rates that leave out base or refund policy take these when they are written.

    `notice_days` are whole days between a release that concerns merchants and the day from which it counts;
    `second_person` lets nobody release alone what merchants already live with.
    """

    fee_tax_bps: int
    base: Base
    on_refund: OnRefund
    no_match: str
    notice_days: int = 15
    second_person: bool = True

    @classmethod
    def of(cls, tenant: Tenant) -> Settings:
        """Read them from the tenant's value."""
        stored = tenant.settings.get(NAME, {})
        return cls(
            fee_tax_bps=cast(int, stored.get("fee_tax_bps", 0)),
            base=Base(cast(str, stored.get("base", "net"))),
            on_refund=OnRefund(cast(str, stored.get("on_refund", "proportional"))),
            no_match=cast(str, stored.get("no_match", "zero")),
            notice_days=cast(int, stored.get("notice_days", 15)),
            second_person=cast(bool, stored.get("second_person", True)),
        )
