"""Laws, as they are cited and in plain words. China: consumers' rights, returns, terms, marketing."""

from __future__ import annotations

from datetime import date

from core.compliance.ruling import Law
from core.kernel.errors import _

LAWS = (
    Law(
        "cn.crpl.24.1",
        "cn_base",
        "return",
        _("Faulty goods: remedies and freight"),
        _(
            "Goods below the promised quality: return within 7 days of receipt where no other rule or promise says more, afterwards at least repair or replacement (return if the contract may be ended); the seller pays the freight. For durable goods the seller carries the burden of proof for 6 months."
        ),
        "CRPL arts 23(3), 24, 48, 54",
        date(2014, 3, 15),
        "A",
        4,
        3,
    ),
    Law(
        "cn.crpl.25.1",
        "cn_base",
        "return",
        _("7-day return window and refusal"),
        _(
            "A distance buyer may send goods back within 7 days of receipt without giving a reason, if the goods are not excluded and are intact; opening the package to inspect does not count against the buyer."
        ),
        "CRPL art 25; Civil Code arts 201, 203; CRPL Penalty Measures art 9; 7-Day Return Measures (SAIC Order 90, 2017); SPC 2022/8 arts 2, 3",
        date(2014, 3, 15),
        "A",
        4,
        3,
    ),
    Law(
        "cn.crpl.25.2",
        "cn_base",
        "order_line",
        _("Lawful exclusions from the 7-day return"),
        _(
            "Only four kinds are outside by law (made to order; fresh and perishable; downloaded or unsealed digital goods; delivered papers and magazines); other goods only if unsuitable by nature, marked on the page, and confirmed by the buyer for that purchase without a pre-ticked box."
        ),
        "CRPL art 25(1)-(2); CRPL Implementing Regulations art 19; 7-Day Return Measures arts 6-8",
        date(2014, 3, 15),
        "A",
        3,
        3,
    ),
    Law(
        "cn.crpl.25.3",
        "cn_base",
        "return",
        _("Refund within 7 days of goods back"),
        _(
            "The price is paid back within 7 days of receiving the returned goods; more than 15 days is treated as deliberate delay."
        ),
        "CRPL art 25(3); CRPL Penalty Measures art 9(4)",
        date(2014, 3, 15),
        "A",
        3,
        3,
        is_waivable=False,
    ),
    Law(
        "cn.crpl.26.1",
        "cn_base",
        "listing",
        _("Void clauses in terms"),
        _(
            "Standard terms do not cut consumer rights; some clauses are void: signing means quality accepted, sole or final interpretation, platform never liable, no complaint or suit, no contract although paid."
        ),
        "CRPL arts 16(3), 26; SPC 2022/8 art 1; CRPL Penalty Measures art 12; ECL art 49(2)",
        date(2014, 3, 15),
        "A",
        4,
        2,
    ),
    Law(
        "cn.crpl.29.1",
        "cn_base",
        "message",
        _("Commercial messages only with consent"),
        _(
            "Commercial messages go only to people who agreed or asked, show who sends them, and offer a free way to refuse; after a refusal nothing more is sent, under any name."
        ),
        "CRPL art 29(3); Advertising Law arts 43, 62; OTM art 16; CRPL Implementing Regulations art 24",
        date(2014, 3, 15),
        "A",
        3,
        2,
        is_waivable=False,
    ),
    Law(
        "cn.crpl.44.1",
        "cn_base",
        "request",
        _("Seller identity to the harmed buyer"),
        _(
            "If a buyer suffered harm, the platform gives the seller's real name, address and working contact; if it cannot, the buyer may claim from the platform, which then recovers from the seller."
        ),
        "CRPL art 44; Food Safety Law art 131(2); ECL art 58(3)",
        date(2014, 3, 15),
        "A",
        2,
        4,
    ),
    Law(
        "cn.crpl.55.1",
        "cn_base",
        "dispute",
        _("Fraud: three times the price, at least 500"),
        _("On fraud the buyer may ask for the loss plus three times the price, at least CNY 500 extra."),
        "CRPL art 55(1); CRPL Penalty Measures arts 5, 6, 16",
        date(2014, 3, 15),
        "A",
        2,
        3,
    ),
    Law(
        "cn.crpl.19.1",
        "cn_base",
        "recall",
        _("Recall of dangerous goods"),
        _(
            "A dangerous defect: stop selling at once, report to the authority, tell buyers, recall; the seller bears the buyers' necessary costs; goods not made safe are never sold again."
        ),
        "CRPL arts 19, 33, 56(7); Food Safety Law art 63; SAMR Announcement 2020/61; Consumer Goods Recall Rules",
        date(2014, 3, 15),
        "A",
        2,
        5,
        is_waivable=False,
        keep_months=60,
    ),
    Law(
        "cn.crplir.9.1",
        "cn_base",
        "quote",
        _("No hidden price differences"),
        _("The same goods on the same terms are not priced differently for different buyers without their knowledge."),
        "CRPL Implementing Regulations art 9; PIPL art 24(1)",
        date(2024, 7, 1),
        "A",
        2,
        4,
    ),
    Law(
        "cn.crplir.10.1",
        "cn_base",
        "subscription",
        _("Auto-renewal: notice 5 days before"),
        _(
            "Auto-renewal: the buyer is told prominently before signing up and 5 days before each renewal, and can cancel or change easily at any time without unreasonable cost."
        ),
        "OTM art 18; CRPL Implementing Regulations art 10; Internet Platform Pricing Rules 2026",
        date(2021, 5, 1),
        "B",
        3,
        3,
    ),
    Law(
        "cn.ecl.19.1",
        "cn_base",
        "tenant",
        _("Bundles never pre-selected"),
        _("Bundled extras are shown prominently and are never pre-selected."),
        "ECL arts 19, 77; OTM art 17",
        date(2019, 1, 1),
        "A",
        2,
        3,
    ),
)
