"""The operator's pages of companies: who waits, who buys, and the decision about each."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.hooks.surfaces import NavItem
from core.hooks.types import Surface
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing
from core.http.submitting import controls, load, refused
from core.identity.principals import Realm
from core.kernel.errors import AppError, _
from plugins.b2b import companies as companies_desk
from plugins.b2b import company_form, reading, requisitions, wording
from plugins.b2b.reading import Company
from plugins.b2b.surface import operator

MENU: Mapping[Surface, tuple[NavItem, ...]] = {
    Surface.OPERATOR: (NavItem(_("Companies"), "b2b_operator.companies", "Marketplace", "b2b.view", 66),),
}


@operator.get("/")
@edge(Realm.OPERATOR, "b2b.view")
def companies() -> Answer:
    """List companies by state."""
    here, search = "b2b_operator.companies", request.args.get("q", "").strip()[:100]
    state = request.args.get("state", "")
    state = state if state in wording.TONES else ""
    found, more = reading.companies(state, search, before=request.args.get("after", type=UUID))
    columns = (
        Column("name", gettext("Company"), card="lead"),
        Column("number", gettext("Registration number"), card="sub"),
        Column("country", gettext("Country"), card="opt"),
        Column("applied", gettext("Registered"), kind="date", card="opt"),
        Column("state", gettext("State"), card="st"),
    )
    hrefs = {name: url_for(here, state=name or None) for name in ("", *wording.TONES)}
    listing = Listing(
        id="companies", columns=columns, rows=[_row(one) for one in found], caption=gettext("Companies"),
        views=wording.views(hrefs, reading.counts(), state), search=search, clear_href=url_for(here),
        kept=(("state", state),) if state else (),
        next_href=url_for(here, q=search or None, state=state or None, after=more) if more else "",
    )  # fmt: skip
    return page("b2b/companies.html", companies=listing)


def _row(one: Company) -> Mapping[str, object]:
    return {
        "id": str(one.id), "href": url_for("b2b_operator.company", company_id=one.id), "name": one.name,
        "number": one.reg_no, "country": wording.country(one.country), "applied": one.applied_at,
        "state": wording.state(one.state),
    }  # fmt: skip


@operator.get("/companies/<uuid:company_id>")
@edge(Realm.OPERATOR, "b2b.view")
def company(company_id: UUID) -> Answer:
    """Show a company, its people, places and purchases, and what can be decided."""
    return _shown(company_id, None)


def _shown(company_id: UUID, error: AppError | None) -> Answer:
    one = reading.company(company_id)
    found, more = reading.bought(company_id, before=request.args.get("after", type=UUID))
    label = gettext("Why not") if one.state == "applied" else gettext("Why")
    return page(
        "b2b/desk.html", company=one, state=wording.state(one.state), tone=wording.TONES[one.state],
        country=wording.country(one.country), places=reading.locations(company_id), purchases=found,
        people=[(each, wording.role(each.role), wording.limit(each.limit)) for each in reading.people(company_id)],
        items=controls(company_form.reason(label, gettext("The company reads it.")), {}, error), refused=refused(error),
        may_decide=principal().may("b2b.manage"),
        asked=[(each, wording.requisition(each.state)) for each in requisitions.of_company(company_id)],
        next_href=url_for("b2b_operator.company", company_id=company_id, after=more) if more else "",
    )  # fmt: skip


def _once_more(company_id: UUID, event: str, error: AppError | None = None) -> Answer:
    """Show the company again with why the decision was refused."""
    return _shown(company_id, error)


@operator.post("/companies/<uuid:company_id>/<any(approve, reject, close):event>")
@edge(Realm.OPERATOR, "b2b.manage", again=_once_more)
def decide(company_id: UUID, event: str) -> Answer:
    """Approve, reject or close a company."""
    form = load(company_form.reason("", ""))
    companies_desk.decide(company_id, event, form["reason"])
    return see(url_for("b2b_operator.company", company_id=company_id), gettext("Decided; the company is told"))
