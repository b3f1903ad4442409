"""Laws, as they are cited and in plain words. China: running the platform."""

from __future__ import annotations

from datetime import date

from core.compliance.ruling import Law
from core.kernel.errors import _

LAWS = (
    Law(
        "cn.ecl.29.1",
        "cn_base",
        "case",
        _("Act on and report illegal offers"),
        _(
            "On finding unlicensed, forbidden or unsafe goods or services, the platform takes the necessary measure and reports to the authority."
        ),
        "ECL arts 29, 38, 80, 83; OTM art 29",
        date(2019, 1, 1),
        "A",
        3,
        4,
    ),
    Law(
        "cn.ecl.31.1",
        "cn_base",
        "record",
        _("Three-year retention guard"),
        _(
            "Listing and transaction data (payment, logistics, returns, after-sales included) are kept whole for at least 3 years after the transaction is completed; seller identity for at least 3 years after exit; food trade records for the longer of that and 6 months after shelf life (2 years if none)."
        ),
        "ECL arts 31, 62, 80; OTM art 31; Food Safety Law art 50(2) with 53; Network Food Rules art 13",
        date(2019, 1, 1),
        "A",
        2,
        4,
        is_waivable=False,
    ),
    Law(
        "cn.ecl.34.1",
        "cn_base",
        "policy",
        _("Rule change: comment, then 7 days' publication"),
        _(
            "A change of the service agreement or trading rules is put to public comment in a prominent place on the home page with reasonable means to reply, and the change is published at least 7 days before it takes effect."
        ),
        "ECL arts 32-34, 81; MOFCOM Order 2014/7 arts on drafting procedure",
        date(2019, 1, 1),
        "A",
        3,
        3,
    ),
    Law(
        "cn.pr.12.1",
        "cn_base",
        "policy",
        _("Important rule change: 15 days"),
        _(
            "A rule change that touches many users or major interests is published at least 15 days before it takes effect; other changes at least 7."
        ),
        "Measures on Platform Rules (SAMR & CAC Order 116) art 12",
        date(2026, 2, 1),
        "B",
        3,
        3,
    ),
    Law(
        "cn.ecl.34.2",
        "cn_base",
        "exit",
        _("Merchant may leave under the old rules"),
        _(
            "A merchant that does not accept a change may leave; the platform may not stop it and settles under the rules before the change."
        ),
        "ECL arts 34(2), 81(2); Order 116",
        date(2019, 1, 1),
        "A",
        2,
        3,
        keep_from="exit",
    ),
    Law(
        "cn.otm.28.1",
        "cn_base",
        "tenant",
        _("Rules linked from home, versions kept 3 years"),
        _(
            "The current agreement and rules are linked from the home page and can be read and downloaded; every version of the three years before the current one took effect stays available."
        ),
        "ECL art 33; OTM art 28",
        date(2021, 5, 1),
        "A",
        2,
        2,
    ),
    Law(
        "cn.ecl.35.1",
        "cn_base",
        "campaign",
        _("No unreasonable terms, fees or forced promotions"),
        _(
            "No unreasonable limits, conditions or fees on merchants: no exclusivity, no forced promotion or add-on service, no forced refund-without-return, no forced price below cost, no double or empty fees."
        ),
        "ECL arts 35, 82; AUCL (2025) art 14; Order 116 art 27; Fee Compliance Guideline 2025",
        date(2019, 1, 1),
        "A",
        3,
        5,
        is_waivable=False,
    ),
    Law(
        "cn.otm.30.1",
        "cn_base",
        "penalty",
        _("Penalties published within 1 working day"),
        _(
            "Warning, suspension or termination for breach of law is made public within 1 working day, naming shop, breach and measure; short measures stay visible until they end."
        ),
        "ECL art 36; OTM art 30",
        date(2021, 5, 1),
        "A",
        3,
        3,
    ),
    Law(
        "cn.pr.appeal.1",
        "cn_base",
        "penalty",
        _("Reasons, appeal, human decision"),
        _(
            "An adverse decision states facts, reasons and the rule relied on and offers an easy appeal; on request a human, not only a machine, decides; the result is told in time."
        ),
        "Order 116 (article number not verified)",
        date(2026, 2, 1),
        "B",
        3,
        3,
    ),
    Law(
        "cn.ecl.37.1",
        "cn_base",
        "shop",
        _("Self-operated goods marked"),
        _("Goods the platform itself sells are clearly marked as self-operated; others must not look so."),
        "ECL arts 37, 81; SPC Interpretation 2022/8 art 4",
        date(2019, 1, 1),
        "A",
        2,
        3,
    ),
    Law(
        "cn.ecl.17.1",
        "cn_base",
        "review",
        _("No sham sales or reviews"),
        _("No invented sales or reviews, no misleading display of reviews."),
        "ECL arts 17, 85; AUCL (2025) arts 9, 25; OTM art 14",
        date(2019, 1, 1),
        "A",
        4,
        4,
    ),
    Law(
        "cn.ecl.39.1",
        "cn_base",
        "review",
        _("Ratings open and not deleted"),
        _("Buyers can rate goods and services, the rating rules are public, and the platform does not delete ratings."),
        "ECL arts 39, 81(4)",
        date(2019, 1, 1),
        "A",
        3,
        3,
        is_waivable=False,
    ),
    Law(
        "cn.ecl.40.1",
        "cn_base",
        "tenant",
        _("Search: sorts, ad label, non-personal option"),
        _(
            "Search can be sorted in several ways (price, sales, credit...), paid places carry the word 广告, and buyers get results not built on their own traits."
        ),
        "ECL arts 18(1), 40, 77, 81; PIPL art 24(2); Network Data Regulations art 42; Advertising Law art 14",
        date(2019, 1, 1),
        "A",
        3,
        3,
    ),
    Law(
        "cn.ecl.42.1",
        "cn_base",
        "notice",
        _("IP notice: act and forward"),
        _(
            "On an IP notice with prima facie evidence the platform promptly takes the necessary measure, passes the notice on, and publishes notice and result."
        ),
        "ECL arts 42, 44, 84; Civil Code art 1195",
        date(2019, 1, 1),
        "A",
        3,
        4,
    ),
    Law(
        "cn.ecl.43.1",
        "cn_base",
        "notice",
        _("IP counter-statement: 15 days"),
        _(
            "A merchant's statement of non-infringement is passed to the right holder; if no proof of complaint or suit comes within 15 days of its arrival, the measure is lifted."
        ),
        "ECL arts 43, 44; SPC reply of 2020-09-14 (delay beyond the right holder's control not counted)",
        date(2019, 1, 1),
        "A",
        3,
        3,
    ),
    Law(
        "cn.ecl.59.1",
        "cn_base",
        "complaint",
        _("Complaint clocks"),
        _(
            "There is an easy, public way to complain; complaints are taken up and handled promptly, and a justified demand is not left for more than 15 days."
        ),
        "ECL arts 59, 61-63; CRPL arts 39, 48(8), 56(8); CRPL Penalty Measures art 8 (over 15 days = deliberate delay)",
        date(2019, 1, 1),
        "A",
        4,
        3,
    ),
)
