"""What kind of marketplace a tenant starts as: a preset is data, applied once, every value editable after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.kernel.errors import _


@dataclass(frozen=True, slots=True)
class Preset:
    """`plugins` are switched on in this order; one that is not installed is left out, and the plan says so."""

    code: str
    title: str
    summary: str
    plugins: tuple[str, ...]
    settings: Mapping[str, object] = field(default_factory=dict)


PRESETS: Mapping[str, Preset] = {
    preset.code: preset
    for preset in (
        Preset(
            "commission",
            _("Marketplace with commission"),
            _("Many merchants sell; the platform lives on a share of each sale."),
            ("commission", "coupons"),
        ),
        Preset(
            "retail",
            _("Own goods and merchants"),
            _("The marketplace sells its own goods beside its merchants'."),
            ("self_operated", "commission", "coupons"),
        ),
        Preset(
            "club",
            _("Marketplace with members"),
            _("Own goods and merchants; buyers collect points and spend them."),
            ("self_operated", "commission", "membership", "coupons"),
        ),
        Preset(
            "wholesale",
            _("Marketplace for companies"),
            _("Companies buy with several people, at prices by quantity, without tax in the price."),
            ("b2b", "commission"),
            {"prices_include_tax": False},
        ),
        Preset(
            "own_store",
            _("Own goods only"),
            _("One seller: the marketplace itself."),
            ("self_operated", "coupons"),
            {"applications_open": False},
        ),
        Preset("bare", _("Nothing switched on"), _("Choose each plugin yourself."), ()),
    )
}
