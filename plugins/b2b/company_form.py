"""The forms of a company: itself, a place, a person's role and limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import Schema, fields, validate

from core.http.submitting import amount
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.b2b import wording
from plugins.b2b.companies import CompanyDraft
from plugins.b2b.reading import Company
from plugins.b2b.rules import Role


def _text(label: str, most: int, hint: str = "", **more: Any) -> fields.String:
    about = {"label": label, "group": "", "hint": hint, "autocomplete": more.pop("autocomplete", None)}
    return fields.String(validate=validate.Length(max=most), metadata=about, **more)


def company() -> Schema:
    """Return the form of a company."""
    names = wording.countries()
    choice = validate.OneOf([code for code, _name in names], [name for _code, name in names])
    return Schema.from_dict({
        "name": _text(gettext("Legal name"), 200, required=True, autocomplete="organization"),
        "reg_no": _text(gettext("Registration number"), 40, gettext("As in the commercial register."), required=True),
        "tax_no": _text(gettext("Tax number"), 40, gettext("For the invoices, if you have one."), load_default=""),
        "country": fields.String(
            required=True, validate=choice, metadata={"label": gettext("Country"), "group": "", "kind": "select"}
        ),
        "invoice_email": fields.String(
            required=True, validate=validate.Length(max=254),
            metadata={"label": gettext("E-mail for invoices"), "group": "", "kind": "email"},
        ),
    })()  # fmt: skip


def company_values(held: Company | None) -> dict[str, object]:
    """Return what the form shows of a company."""
    if held is None:
        return {"country": current().country}
    return {name: getattr(held, name) for name in ("name", "reg_no", "tax_no", "country", "invoice_email")}


def company_draft(form: Mapping[str, Any]) -> CompanyDraft:
    """Return the company that a form describes."""
    return CompanyDraft(form["name"], form["reg_no"], form["country"], form["invoice_email"], form["tax_no"])


def location() -> Schema:
    """Return the form of a place."""
    return Schema.from_dict({
        "name": _text(gettext("Name of the place"), 80, required=True),
        "address": _text(gettext("Address"), 300, required=True),
        "cost_centre": _text(gettext("Cost centre"), 40, load_default=""),
    })()  # fmt: skip


def person(*, is_new: bool) -> Schema:
    """Return the form of a person: an invitation, or a role and limit."""
    said = wording.roles()
    made: dict[str, Any] = {}
    if is_new:
        about = {"label": gettext("E-mail"), "group": "", "kind": "email"}
        made["email"] = fields.String(required=True, validate=validate.Length(max=254), metadata=about)
    made["role"] = fields.String(
        load_default=Role.BUYER.value, validate=validate.OneOf([key for key, _t in said], [text for _k, text in said]),
        metadata={"label": gettext("What they may do"), "group": "", "kind": "radio"},
    )  # fmt: skip
    hint = gettext("The most for one purchase, delivery included. Empty is no limit.")
    about = {"label": gettext("Limit"), "group": "", "kind": "money", "prefix": current().currency, "hint": hint}
    made["limit"] = fields.String(load_default="", validate=validate.Length(max=20), metadata=about)
    return Schema.from_dict(made)()


def limit(form: Mapping[str, Any]) -> Money | None:
    """Return the limit that a form names. Raise Invalid at the field."""
    text = form["limit"].strip()
    return amount(text, "limit") if text else None


def reason(label: str, hint: str) -> Schema:
    """Return the form of a decision that needs a reason."""
    about = {"label": label, "group": "", "kind": "textarea", "hint": hint}
    text = fields.String(load_default="", validate=validate.Length(max=500), metadata=about)
    return Schema.from_dict({"reason": text})()
