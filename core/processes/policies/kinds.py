"""The policies that a marketplace has, whom each binds, and which are weighty unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.kernel.errors import Missing, _


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """A policy. `is_weighty`: its changes touch major interests; lowering that needs a reason."""

    code: str
    title: str
    binds_merchants: bool
    binds_buyers: bool = False
    is_weighty: bool = True


KINDS: Mapping[str, PolicyKind] = {
    kind.code: kind
    for kind in (
        PolicyKind("terms", _("Service agreement"), binds_merchants=True, binds_buyers=True),
        PolicyKind("privacy", _("Privacy policy"), binds_merchants=False, binds_buyers=True),
        PolicyKind("trading", _("Trading rules"), binds_merchants=True, binds_buyers=True),
        PolicyKind("entry", _("Joining and leaving"), binds_merchants=True),
        PolicyKind("quality", _("Quality of goods"), binds_merchants=True, is_weighty=False),
        PolicyKind("consumers", _("Consumer protection and returns"), binds_merchants=True, binds_buyers=True),
        PolicyKind("ratings", _("Ratings and credit"), binds_merchants=True, is_weighty=False),
        PolicyKind("disputes", _("Disputes"), binds_merchants=True, binds_buyers=True),
        PolicyKind("rights", _("Intellectual property"), binds_merchants=True, is_weighty=False),
        PolicyKind("penalties", _("Penalties and appeals"), binds_merchants=True),
        PolicyKind("fees", _("Fees"), binds_merchants=True),
        PolicyKind("deposits", _("Deposits"), binds_merchants=True),
        PolicyKind("food", _("Food safety"), binds_merchants=True, is_weighty=False),
        PolicyKind("ranking", _("Ranking and advertising"), binds_merchants=True),
    )
}


def kind_of(code: str) -> PolicyKind:
    """Return a policy by its code. Raise Missing if there is none."""
    found = KINDS.get(code)
    if found is None:
        raise Missing("policies.no_kind", _("There is no such policy"))
    return found
