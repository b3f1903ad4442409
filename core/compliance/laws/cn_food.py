"""Laws, as they are cited and in plain words. China: food."""

from __future__ import annotations

from datetime import date

from core.compliance.ruling import Law
from core.kernel.errors import _

LAWS = (
    Law(
        "cn.fsl.62.1",
        "cn_food",
        "merchant",
        _("Food seller real-name registration"),
        _(
            "Every food seller is registered under its real name, its food-safety duty is fixed in an agreement, and its data are checked and kept current."
        ),
        "Food Safety Law arts 62, 131 (texts of 2021 and 2025 identical here); FSL Implementing Regulations art 32; Network Food Rules arts 11, 12; Online Catering Rules 2026",
        date(2015, 10, 1),
        "A",
        3,
        5,
        is_waivable=False,
        keep_from="exit",
    ),
    Law(
        "cn.fsl.62.2",
        "cn_food",
        "listing",
        _("Food permit fits the food"),
        _(
            "Food sale needs a licence; selling only prepackaged food needs a filing; edible farm produce needs neither; the listing must fit what the seller holds."
        ),
        "Food Safety Law arts 35, 62(1), 122; Food Operation Licensing and Filing Rules (2023)",
        date(2021, 4, 29),
        "A",
        3,
        5,
        is_waivable=False,
        keep_from="exit",
    ),
    Law(
        "cn.fsl.62.3",
        "cn_food",
        "case",
        _("Food breach: stop, report, end service"),
        _(
            "On finding a breach the platform stops it and reports to the county food regulator at once; on a serious breach it ends platform service at once."
        ),
        "Food Safety Law arts 62(2), 131; Network Food Rules art 15",
        date(2015, 10, 1),
        "A",
        2,
        5,
    ),
    Law(
        "cn.fsl.54.1",
        "cn_food",
        "lot",
        _("No expired food, near expiry marked"),
        _(
            "Stock is checked regularly; spoiled or expired food is removed and never sold; near-expiry goods are marked."
        ),
        "Food Safety Law arts 34(10), 54, 72",
        date(2015, 10, 1),
        "A",
        3,
        4,
        is_waivable=False,
    ),
    Law(
        "cn.fsl.67.1",
        "cn_food",
        "listing",
        _("Prepackaged food label data"),
        _(
            "Prepackaged food carries name, specification, net content, production date, ingredients, producer's name, address and contact, shelf life, standard code, storage, additives by standard name, production licence number; baby and special foods also main nutrients."
        ),
        "Food Safety Law arts 67, 68, 71",
        date(2015, 10, 1),
        "A",
        3,
        3,
    ),
    Law(
        "cn.fsl.78.1",
        "cn_food",
        "listing",
        _("Health food and other special food"),
        _(
            "Special foods carry registration or filing number; health food says 本品不能代替药物, matches its registered text, claims no prevention or cure; its ads need an approval number."
        ),
        "Food Safety Law arts 74-81, 73, 79; Advertising Law art 18",
        date(2015, 10, 1),
        "A",
        3,
        4,
    ),
    Law(
        "cn.fsl.148.1",
        "cn_food",
        "dispute",
        _("Unsafe food: ten times price / three times loss / 1 000"),
        _(
            "The one asked first pays first; for unsafe food the buyer may also ask for ten times the price or three times the loss, at least CNY 1 000; not for harmless label flaws."
        ),
        "Food Safety Law arts 131(2), 148; SPC interpretation of 2024-08-21 arts 1, 12",
        date(2015, 10, 1),
        "A",
        2,
        4,
    ),
    Law(
        "cn.food.six.1",
        "cn_food",
        "tenant",
        _("Food-safety officers and daily, weekly, monthly records"),
        _(
            "A food-safety director and officers are named; risks are controlled daily, reviewed weekly and scheduled monthly on written records from a risk list."
        ),
        "Online Catering Rules (in force 2026-06-01); rules on online food sale platforms (draft August 2025; SAMR risk list of September 2026 shows them applied)",
        date(2026, 6, 1),
        "B",
        3,
        3,
    ),
)
