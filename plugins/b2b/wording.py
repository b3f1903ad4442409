"""Says what companies, roles and limits are in the reader's language."""

from __future__ import annotations

from flask_babel import Locale, format_currency, get_locale, gettext

from core.customers.addresses import COUNTRIES
from core.http.listing import View
from core.kernel.money import Money
from plugins.b2b.rules import Role

TONES = {"applied": "warn", "active": "ok", "rejected": "danger", "closed": "grey"}

REQUISITION_TONES = {"waiting": "warn", "approved": "ok", "rejected": "danger", "withdrawn": "grey", "lapsed": "grey",
                     "placed": "ok"}  # fmt: skip

QUOTE_TONES = {"asked": "warn", "offered": "ok", "accepted": "ok", "declined": "danger", "withdrawn": "grey",
               "expired": "grey"}  # fmt: skip


def role(one: Role) -> str:
    """Say what a person may do."""
    words = {Role.BUYER: gettext("Buyer"), Role.APPROVER: gettext("Approver"), Role.ADMIN: gettext("Admin")}
    return str(words[one])


def roles() -> list[tuple[str, str]]:
    """Return roles and what each may do, for a choice."""
    said = {
        Role.BUYER: gettext("Buyer: buys up to the limit"),
        Role.APPROVER: gettext("Approver: also agrees to what others may not buy alone"),
        Role.ADMIN: gettext("Admin: also keeps people, limits and places"),
    }
    return [(one.value, str(text)) for one, text in said.items()]


def limit(amount: Money | None) -> str:
    """Say what a person may buy for alone."""
    return str(gettext("no limit")) if amount is None else str(format_currency(amount.decimal, amount.currency))


def state(name: str) -> str:
    """Say where a company stands."""
    words = {
        "applied": gettext("Waits for approval"), "active": gettext("Approved"), "rejected": gettext("Not approved"),
        "closed": gettext("Closed"),
    }  # fmt: skip
    return str(words[name])


def requisition(name: str) -> str:
    """Say where a basket stands that was asked for."""
    words = {
        "waiting": gettext("Waits for approval"), "approved": gettext("Can be ordered"),
        "rejected": gettext("Not approved"), "withdrawn": gettext("Taken back"), "lapsed": gettext("Time is over"),
        "placed": gettext("Ordered as approved"),
    }  # fmt: skip
    return str(words[name])


def quote(name: str) -> str:
    """Say where a quote stands."""
    words = {
        "asked": gettext("Waits for an offer"), "offered": gettext("Offer is open"), "accepted": gettext("Offer accepted"),
        "declined": gettext("No offer"), "withdrawn": gettext("Taken back"), "expired": gettext("Time is over"),
    }  # fmt: skip
    return str(words[name])


def country(code: str) -> str:
    """Return a country's name."""
    return str((get_locale() or Locale("en")).territories.get(code, code))


def countries() -> list[tuple[str, str]]:
    """Return codes and names of countries, by name."""
    return sorted(((code, country(code)) for code in COUNTRIES), key=lambda pair: pair[1])


def views(hrefs: dict[str, str], counts: dict[str, int], chosen: str) -> list[View]:
    """Return the saved views of the list of companies."""
    words = {"": gettext("All"), **{name: state(name) for name in TONES}}
    return [
        View(str(words[name]), href, counts.get(name) if name else None, current=name == chosen)
        for name, href in hrefs.items()
    ]
