"""Says what a statement's accounts and totals are, and what a document is called, in the reader's language."""

from __future__ import annotations

from datetime import date

import flask_babel
from flask_babel import lazy_gettext as _l

POTS = {
    "payable": _l("Balance with the marketplace"),
    "reserve": _l("Reserve kept back"),
    "held": _l("On hold: orders that are not complete"),
}

SECTIONS = {
    ("payable", "orders"): _l("Orders released"),
    ("payable", "order_fees"): _l("Commissions and order fees"),
    ("payable", "fee_tax"): _l("Tax on fees"),
    ("payable", "refunds"): _l("Refunds after release"),
    ("payable", "fees_back"): _l("Fees given back"),
    ("payable", "fee_tax_back"): _l("Tax on fees given back"),
    ("payable", "items"): _l("Periodic fees and penalties"),
    ("payable", "disputes"): _l("Disputes"),
    ("payable", "reserve_out"): _l("Put into the reserve"),
    ("payable", "reserve_in"): _l("Back from the reserve"),
    ("payable", "settled"): _l("Debts settled otherwise"),
    ("payable", "payouts"): _l("Payouts"),
    ("payable", "other"): _l("Other entries"),
    ("reserve", "kept"): _l("Kept back"),
    ("reserve", "freed"): _l("Released"),
    ("reserve", "other"): _l("Other entries"),
    ("held", "sales"): _l("Paid by buyers"),
    ("held", "discounts"): _l("Discounts paid by the marketplace"),
    ("held", "refunds"): _l("Refunds before release"),
    ("held", "disputes"): _l("Disputes"),
    ("held", "released"): _l("Released"),
    ("held", "other"): _l("Other entries"),
}

DOCUMENTS = {
    "fee_invoice": _l("Invoice for fees"),
    "fee_credit": _l("Credit note for fees"),
    "invoice": _l("Invoice"),
    "credit_note": _l("Credit note"),
    "payment_request": _l("Request for payment"),
}

LINES = {
    "order_fees": _l("Commissions and order fees"),
    "fees_back": _l("Fees given back"),
    "items": _l("Periodic fees and penalties"),
    "fee_tax": _l("Tax on fees"),
    "delivery": _l("Delivery"),
    "fees": _l("Fees"),
    "debt": _l("What is owed after refunds and fees"),
}


def pot(name: str) -> str:
    """Say which account of the merchant it is."""
    return str(POTS[name])


def section(pot_name: str, name: str) -> str:
    """Say what a total is made of."""
    return str(SECTIONS[pot_name, name])


def document(kind: str) -> str:
    """Say what kind of document it is."""
    return str(DOCUMENTS[kind])


def line(code: str, title: str) -> str:
    """Return a document's row as it is printed: its own title, or the word for what has none."""
    return str(LINES[code]) if code in LINES else title


def month(day: date) -> str:
    """Write a month, such as "March 2026" or "2026年3月"."""
    return str(flask_babel.format_date(day, "yyyy年M月" if str(flask_babel.get_locale()) == "zh" else "MMMM yyyy"))
