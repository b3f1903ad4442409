"""Laws, as they are cited and in plain words. European Union."""

from __future__ import annotations

from datetime import date

from core.compliance.ruling import Law
from core.kernel.errors import _

LAWS = (
    Law(
        "eu.dsa.30.1",
        "eu_market",
        "merchant",
        _("Trader traceability file"),
        _(
            "Before a trader may offer to EU consumers: name, address, phone, e-mail; copy of ID or e-ID; payment account; trade register and number; self-certification. Best efforts to check; suspend if wrong and not corrected; show name, contact, register number and self-certification on the offer."
        ),
        "DSA, Regulation (EU) 2022/2065, arts 29, 30(1)-(3), (7)",
        date(2024, 2, 17),
        "B",
        3,
        4,
        keep_months=6,
        keep_from="exit",
    ),
    Law(
        "eu.dsa.30.5",
        "eu_market",
        "merchant",
        _("Trader data deleted 6 months after the end"),
        _(
            "Trader traceability data are kept safely until 6 months after the contract with the trader ends, then deleted."
        ),
        "DSA art 30(5)",
        date(2024, 2, 17),
        "B",
        2,
        3,
    ),
    Law(
        "eu.dsa.31.1",
        "eu_market",
        "listing",
        _("Offer data, responsible person, random checks"),
        _(
            "The offer form lets traders give, and the offer shows, product identification with picture, trader sign, maker's name with postal and electronic address, EU responsible person if the maker is outside the EU, warnings and labels; the platform checks before listing and at random against official databases."
        ),
        "DSA art 31; GPSR, Regulation (EU) 2023/988, arts 16, 19, 22",
        date(2024, 2, 17),
        "B",
        3,
        4,
    ),
    Law(
        "eu.dsa.32.1",
        "eu_market",
        "case",
        _("Tell buyers of illegal products"),
        _(
            "On learning that an illegal product was sold, tell the buyers of the last 6 months whose contact is known: that it was illegal, who sold it, what redress exists; otherwise publish it."
        ),
        "DSA art 32",
        date(2024, 2, 17),
        "B",
        2,
        4,
    ),
    Law(
        "eu.dsa.17.1",
        "eu_market",
        "penalty",
        _("Statement of reasons"),
        _(
            "Every restriction (hide, demote, block money, suspend, end) comes with a statement of reasons on a durable medium, at the latest when it takes effect: what and how long, facts, whether machines decided, legal or contract ground and why, redress routes."
        ),
        "DSA art 17; P2B, Regulation (EU) 2019/1150, art 4(1), (5)",
        date(2024, 2, 17),
        "B",
        3,
        3,
    ),
    Law(
        "eu.p2b.11.1",
        "eu_market",
        "complaint",
        _("Internal complaint system"),
        _(
            "A free internal complaint system, open for at least 6 months after a decision, handled in reasonable time by qualified people and not only by machines; the outcome is told with reasons."
        ),
        "DSA art 20; P2B art 11",
        date(2020, 7, 12),
        "B",
        2,
        2,
    ),
    Law(
        "eu.p2b.3.2",
        "eu_market",
        "policy",
        _("Terms changes: 15 days, durable medium"),
        _(
            "Changes of terms for business users are notified on a durable medium at least 15 days ahead (longer if they must adapt); changes made otherwise are void; the user may end the contract within the period."
        ),
        "P2B art 3(2), (3)",
        date(2020, 7, 12),
        "B",
        3,
        3,
    ),
    Law(
        "eu.p2b.4.2",
        "eu_market",
        "penalty",
        _("Termination: 30 days and reasons"),
        _(
            "Ending the whole service for a business user needs reasons and 30 days' notice, except by legal duty or for repeated breach."
        ),
        "P2B art 4(2)-(4)",
        date(2020, 7, 12),
        "B",
        2,
        3,
    ),
    Law(
        "eu.rank.1",
        "eu_market",
        "tenant",
        _("Ranking, ads and reviews explained"),
        _(
            "Main ranking parameters and their weight are explained in the terms and next to results; paid places are marked; trader or private seller is shown; 'verified' reviews only with real checks; no fake reviews."
        ),
        "P2B art 5; CRD 2011/83/EU art 6a; UCPD 2005/29/EC art 7(4a), (6), Annex I 11a, 23b, 23c",
        date(2020, 7, 12),
        "B",
        3,
        3,
    ),
    Law(
        "eu.pid.6a.1",
        "eu_market",
        "campaign",
        _("Price cuts: 30-day lowest price"),
        _("A price reduction shows the lowest price of the last 30 days, and the percentage is reckoned from it."),
        "Price Indication Directive 98/6/EC art 6a; CJEU C-330/23",
        date(2022, 5, 28),
        "B",
        4,
        3,
    ),
    Law(
        "eu.crd.9.1",
        "eu_market",
        "return",
        _("14-day withdrawal"),
        _(
            "14 days to withdraw from possession of the last good, without reasons; 12 months longer if the buyer was not told; exceptions only from the list."
        ),
        "CRD arts 9, 10, 16; Regulation 1182/71 (periods)",
        date(2014, 6, 13),
        "B",
        3,
        3,
    ),
    Law(
        "eu.crd.13.1",
        "eu_market",
        "return",
        _("Withdrawal refund in 14 days"),
        _(
            "Pay back everything including standard delivery within 14 days of being told, by the same means; the seller may wait for the goods or proof of sending, whichever is first."
        ),
        "CRD arts 13, 14",
        date(2014, 6, 13),
        "B",
        3,
        3,
        is_waivable=False,
    ),
    Law(
        "eu.crd.11a.1",
        "eu_market",
        "tenant",
        _("Withdrawal function on the site"),
        _(
            "During the whole withdrawal period the shop shows a withdrawal function ('withdraw from contract here'), with a separate 'confirm withdrawal' step, and acknowledges with content, date and time on a durable medium."
        ),
        "CRD art 11a (inserted by Directive (EU) 2023/2673)",
        date(2026, 6, 19),
        "B",
        3,
        3,
    ),
    Law(
        "eu.gdpr.12.3",
        "eu_privacy",
        "privacy_request",
        _("Data requests: one month"),
        _(
            "Access, correction, erasure and portability are answered within one month; two more months for complex cases if the person is told within the first month; refusal with reasons and complaint route; free."
        ),
        "GDPR arts 12(3)-(6), 15, 16, 17, 20; 33 (72 h breach notice)",
        date(2018, 5, 25),
        "C",
        3,
        4,
        is_waivable=False,
    ),
    Law(
        "eu.dac7.1",
        "eu_tax",
        "merchant",
        _("DAC7 seller data and yearly report"),
        _(
            "Collect and check tax data of EU sellers by 31 December; report consideration and fees per quarter by 31 January; goods sellers with fewer than 30 sales and at most EUR 2 000 a year are left out; a seller that stays silent after two reminders is closed or its money held, not before 60 days from the first request."
        ),
        "DAC7, Directive (EU) 2021/514 (2011/16/EU art 8ac, Annex V)",
        date(2023, 1, 1),
        "B",
        3,
        3,
        keep_months=120,
    ),
)
