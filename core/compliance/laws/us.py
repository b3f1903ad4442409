"""Laws, as they are cited and in plain words. United States."""

from __future__ import annotations

from datetime import date

from core.compliance.ruling import Law
from core.kernel.errors import _

LAWS = (
    Law(
        "us.inform.1",
        "us_market",
        "merchant",
        _("INFORM: threshold, collect, verify, certify"),
        _(
            "A seller with 200 or more separate sales and USD 5 000 or more gross in any 12 months within the last 24 is high-volume: collect bank account (or payee), ID and address, tax number, working e-mail and phone within 10 days; verify within 10 days of receipt, also of changes; certify at least yearly; suspend on 10 days' silence."
        ),
        "INFORM Consumers Act, 15 U.S.C. 45f(a)",
        date(2023, 6, 27),
        "B",
        3,
        4,
        keep_from="exit",
    ),
    Law(
        "us.inform.2",
        "us_market",
        "merchant",
        _("INFORM: disclosure from USD 20 000"),
        _(
            "High-volume sellers with USD 20 000 or more gross a year on the platform: buyers see full name, physical address, contact, and whether another seller supplies the goods; a purely private address may be cut to state and country; every such listing has a way to report suspicious activity."
        ),
        "INFORM Consumers Act, 15 U.S.C. 45f(b)",
        date(2023, 6, 27),
        "B",
        2,
        3,
    ),
)
