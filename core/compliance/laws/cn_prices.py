"""Laws, as they are cited and in plain words. China: prices, promotions, advertising."""

from __future__ import annotations

from datetime import date

from core.compliance.ruling import Law
from core.kernel.errors import _

LAWS = (
    Law(
        "cn.price.16.1",
        "cn_base",
        "campaign",
        _("Compared price: 7-day lowest sold price"),
        _(
            "A compared price is true; if no details are given, it is not above the seller's lowest price actually sold at in the 7 days before, or, with no sale in 7 days, the last price sold at. No raising shortly before a reduction."
        ),
        "Price Marking and Price Fraud Rules (SAMR Order 56) arts 16, 17, 19; Promotion Rules (Order 32)",
        date(2022, 7, 1),
        "A",
        4,
        3,
    ),
    Law(
        "cn.price.20.1",
        "cn_base",
        "listing",
        _("Same price and rules on every page"),
        _(
            "Name, price and unit are shown; nothing is charged beyond what is shown; front-page price is not below the detail page; promotion rules shown are the rules applied; gifts carry name and number."
        ),
        "Order 56 arts 4(3), 6-8, 11, 18, 20",
        date(2022, 7, 1),
        "A",
        3,
        3,
    ),
    Law(
        "cn.aucl.11.1",
        "cn_base",
        "campaign",
        _("Prize draws: top prize at most 50 000"),
        _(
            "Prize sales: clear prizes and conditions, no change after start, no fake winners, top prize of a draw at most CNY 50 000."
        ),
        "Anti-Unfair Competition Law (2025) arts 11, 27; Promotion Rules (Order 32)",
        date(2025, 10, 15),
        "A",
        2,
        3,
    ),
    Law(
        "cn.ad.9.1",
        "cn_base",
        "listing",
        _("Forbidden advertising words"),
        _(
            "Ads avoid 'national level', 'highest', 'best' and the like; non-medical goods claim no disease treatment; food ads claim no prevention or cure; ads are recognisable as ads."
        ),
        "Advertising Law arts 9, 14, 17, 18; Food Safety Law art 73",
        date(2015, 9, 1),
        "A",
        4,
        3,
    ),
)
