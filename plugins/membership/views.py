"""The operator's pages of points: members, the rules in words, what is owed, and changes by hand."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from marshmallow import Schema, fields, validate

from core.hooks.surfaces import NavItem
from core.hooks.types import Surface
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing, View
from core.http.submitting import amount, controls, load, refused
from core.identity.principals import Realm
from core.kernel.errors import AppError, _
from core.kernel.money import exponent
from core.kernel.tenancy import current
from plugins.membership import adjusting, reading, wording
from plugins.membership.settings import Settings
from plugins.membership.surface import operator

MENU: Mapping[Surface, tuple[NavItem, ...]] = {
    Surface.OPERATOR: (NavItem(_("Points"), "membership_operator.members", "Marketplace", "membership.view", 65),),
}


def _tabs(here: str) -> list[View]:
    names = {
        "members": gettext("Members"), "points_rules": gettext("Points rules"), "liability": gettext("Liability"),
    }  # fmt: skip
    return [
        View(label, url_for(f"membership_operator.{name}"), current=name == here)
        for name, label in names.items()
        if name != "liability" or principal().may("membership.report")
    ]


@operator.get("/")
@edge(Realm.OPERATOR, "membership.view")
def members() -> Answer:
    """List buyers with points."""
    search = request.args.get("q", "").strip()[:100]
    found, more = reading.members(search, before=request.args.get("after", type=UUID))
    columns = (
        Column("name", gettext("Buyer"), card="lead"),
        Column("email", gettext("E-mail"), card="sub"),
        Column("points", gettext("Points"), kind="number", card="amt"),
        Column("held", gettext("Waiting for a payment"), kind="number", card="opt"),
        Column("worth", gettext("Worth"), kind="money", card="st"),
    )
    here = "membership_operator.members"
    rows = [
        {"id": str(one.customer_id), "href": url_for("membership_operator.member", customer_id=one.customer_id),
         "name": one.name or one.email, "email": one.email, "points": one.points, "held": one.held, "worth": one.worth}
        for one in found
    ]  # fmt: skip
    listing = Listing(
        id="members", columns=columns, rows=rows, caption=gettext("Members"), search=search, clear_href=url_for(here),
        next_href=url_for(here, q=search or None, after=more) if more else "",
    )  # fmt: skip
    return page("membership/members.html", members=listing, tabs=_tabs("members"))


def _schema() -> Schema:
    limit = gettext("Above 10,000 a second person must agree. A number below zero takes points.")
    return Schema.from_dict({
        "points": fields.Integer(
            required=True, metadata={"label": gettext("Points"), "group": "", "hint": limit}
        ),
        "reason": fields.String(
            required=True, validate=validate.Length(min=1, max=300),
            metadata={"label": gettext("Reason"), "group": "", "hint": gettext("The buyer reads it in the history.")},
        ),
        "expires_on": fields.Date(
            load_default=None, allow_none=True,
            metadata={"label": gettext("Last day"), "group": "", "kind": "date", "hint": gettext("Empty: as usual.")},
        ),
    })()  # fmt: skip


@operator.get("/members/<uuid:customer_id>")
@edge(Realm.OPERATOR, "membership.view")
def member(customer_id: UUID, error: AppError | None = None) -> Answer:
    """Show a buyer's points and every change."""
    found, more = reading.history(customer_id, before=request.args.get("after", type=UUID))
    one = reading.member(customer_id)
    following = url_for("membership_operator.member", customer_id=customer_id, after=more) if more else ""
    return page(
        "membership/member.html", member=one, account=reading.account(customer_id), next_href=following,
        rows=[(entry, wording.entry(entry)) for entry in found], items=controls(_schema(), {}, error),
        refused=refused(error), may_adjust=principal().may("membership.adjust"),
    )  # fmt: skip


@operator.post("/members/<uuid:customer_id>")
@edge(Realm.OPERATOR, "membership.adjust", again=member)
def adjust(customer_id: UUID) -> Answer:
    """Give or take points, or ask for a second person."""
    form = load(_schema())
    asked = adjusting.adjust(
        customer_id, form["points"], form["reason"], by=principal().person_id, expires_on=form["expires_on"]
    )
    said = gettext("Another person must agree; they find it under Decisions") if asked else gettext("Saved")
    return see(url_for("membership_operator.member", customer_id=customer_id), said)


@operator.get("/rules")
@edge(Realm.OPERATOR, "membership.view")
def points_rules() -> Answer:
    """Show the rules as buyers read them, and what an order of some amount earns and costs."""
    settings, typed = Settings.of(current()), request.args.get("amount", "").strip()
    wrong = ""
    minor = 80 * 10 ** exponent(current().currency)
    try:
        minor = max(amount(typed, "amount").minor, 0) if typed else minor
    except AppError as refusal:
        wrong = refused(refusal)
    return page(
        "membership/rules.html", sentences=wording.sentences(settings), preview=wording.preview(minor, settings),
        typed=typed, wrong=wrong, tabs=_tabs("points_rules"),
    )  # fmt: skip


@operator.get("/liability")
@edge(Realm.OPERATOR, "membership.report")
def liability() -> Answer:
    """Show what is owed in points, month by month, beside what the books say."""
    owed = reading.liability()
    names = ("opening", "earned", "used", "returned", "withdrawn", "expired", "adjusted", "closing")
    rows = [[m.month, *[wording.money(getattr(m, name)) for name in names]] for m in reversed(owed.months)]
    return page("membership/liability.html", owed=owed, rows=rows, tabs=_tabs("liability"))
