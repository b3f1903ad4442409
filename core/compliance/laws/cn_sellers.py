"""Laws, as they are cited and in plain words. China: who may sell, registration, returns to the authorities."""

from __future__ import annotations

from datetime import date

from core.compliance.ruling import Law
from core.kernel.errors import _

LAWS = (
    Law(
        "cn.ecl.10.1",
        "cn_base",
        "merchant",
        _("Registered, or validly exempt"),
        _(
            "A seller is registered as a business, or is a natural person inside one of the listed exemptions; the small-and-sporadic exemption ends once the person's yearly turnover, over all shops together, passes CNY 100 000."
        ),
        "ECL arts 10, 27; Online Transactions Measures (OTM, SAMR Order 37) arts 8, 24",
        date(2019, 1, 1),
        "A",
        4,
        3,
        keep_from="exit",
    ),
    Law(
        "cn.ecl.12.1",
        "cn_base",
        "listing",
        _("Licence for licensed categories"),
        _(
            "Goods or services that need an administrative licence are sold only while a verified, unexpired licence covers that category."
        ),
        "ECL arts 12, 29, 38(2)",
        date(2019, 1, 1),
        "A",
        4,
        4,
        keep_from="exit",
    ),
    Law(
        "cn.ecl.13.1",
        "cn_base",
        "listing",
        _("Forbidden goods"),
        _(
            "Goods or services whose trade the law forbids, or that are unsafe for persons or property, are not offered."
        ),
        "ECL arts 13, 29, 75",
        date(2019, 1, 1),
        "A",
        3,
        5,
        is_waivable=False,
    ),
    Law(
        "cn.ecl.15.1",
        "cn_base",
        "shop",
        _("Licence shown on the shop front, changes followed up"),
        _(
            "The shop front shows the business licence and the permits in use (or the exemption statement), or a link to them; a change is reported to the platform within 3 working days and checked and re-published within 7 working days."
        ),
        "ECL arts 15, 76; OTM arts 12, 26",
        date(2019, 1, 1),
        "A",
        3,
        2,
    ),
    Law(
        "cn.ecl.16.1",
        "cn_base",
        "shop",
        _("30 days' notice before a shop closes"),
        _("A seller that stops trading says so prominently on its page for at least 30 days before."),
        "ECL arts 16, 76; CRPL Implementing Regulations art 21 (prepaid: also 30 days)",
        date(2019, 1, 1),
        "A",
        2,
        2,
        keep_from="exit",
    ),
    Law(
        "cn.ecl.27.1",
        "cn_base",
        "merchant",
        _("Identity file complete before trading"),
        _(
            "Before a seller trades, the platform collects true identity, address, contact and permits, checks them, registers them and opens a file."
        ),
        "ECL arts 27, 80; OTM art 24",
        date(2019, 1, 1),
        "A",
        3,
        4,
        keep_from="exit",
    ),
    Law(
        "cn.otm.24.1",
        "cn_base",
        "merchant",
        _("Six-monthly re-verification"),
        _("Seller data are checked and updated at least once every six months."),
        "OTM art 24 (ECL art 27: 'regularly')",
        date(2021, 5, 1),
        "A",
        4,
        3,
        keep_from="exit",
    ),
    Law(
        "cn.otm.25.1",
        "cn_base",
        "tenant",
        _("Half-yearly identity return"),
        _(
            "Each January and July the platform reports the identity of its sellers to the provincial market regulator of its domicile; unregistered sellers are listed with their exemption, and those over CNY 100 000 are marked."
        ),
        "ECL arts 28(1), 80; OTM art 25",
        date(2021, 5, 1),
        "A",
        3,
        3,
        keep_months=60,
    ),
    Law(
        "cn.tax.4.1",
        "cn_base",
        "tenant",
        _("Quarterly tax return about sellers"),
        _(
            "Within the month after each quarter the platform reports identity and income of its sellers to its tax office; its own basic data are filed within 30 days of starting business."
        ),
        "ECL art 28(2); Provisions on Tax Information Reporting by Internet Platform Enterprises (State Council Order 810, 2025) arts 3, 4",
        date(2025, 6, 20),
        "B",
        3,
        4,
        keep_months=120,
    ),
)
