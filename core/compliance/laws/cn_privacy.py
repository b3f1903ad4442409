"""Laws, as they are cited and in plain words. China: personal information."""

from __future__ import annotations

from datetime import date

from core.compliance.ruling import Law
from core.kernel.errors import _

LAWS = (
    Law(
        "cn.pipl.14.1",
        "cn_privacy",
        "processing",
        _("Consent fits purpose, version, sensitivity, age"),
        _(
            "Processing resting on consent needs a clear yes to the current notice; sensitive data and sharing with another handler need a separate yes; under 14 the guardian's; a changed purpose needs a new yes; no nagging after a no."
        ),
        "PIPL arts 13-17, 22-23, 28-31; Network Data Regulations arts 21, 22; CRPL art 29",
        date(2021, 11, 1),
        "A",
        3,
        5,
        is_waivable=False,
    ),
    Law(
        "cn.pipl.45.1",
        "cn_privacy",
        "privacy_request",
        _("Access, copy, correction, portability"),
        _(
            "People can see, copy, correct and, on conditions, move their data; requests are answered in time, refusals give reasons, no unreasonable hurdles."
        ),
        "PIPL arts 44-46, 48, 50; ECL art 24; Network Data Regulations arts 23, 25",
        date(2021, 11, 1),
        "A",
        3,
        3,
    ),
    Law(
        "cn.pipl.47.1",
        "cn_privacy",
        "deletion",
        _("Deletion with legal holds"),
        _(
            "Data are deleted when the purpose is met, consent withdrawn, or the account closed; data a law makes us keep are only stored and protected, used for nothing else."
        ),
        "PIPL art 47; ECL arts 24(2), 31; Network Data Regulations art 24",
        date(2021, 11, 1),
        "A",
        3,
        4,
        is_waivable=False,
    ),
)
