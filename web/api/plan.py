"""The API of a marketplace's own plan: where it stands, what another plan would cost, its invoices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import fields, validate

from core.http.edge import Tx
from core.identity.principals import Realm
from core.kernel.tenancy import bind, current
from core.kernel.tx import platform_transaction, read_only, transaction
from tenants.billing import accounts, collecting, reading, standing, subscriptions
from tenants.billing.accounts import Details
from tenants.billing.terms import CYCLES
from tenants.values import PLATFORM
from web import plan_pages
from web.api.answers import answer, cursor, limit, listed
from web.api.surface import Strict, api_edge, resource

blueprint = resource("plan", "/plan", "The marketplace's plan with the platform, its use and invoices")


class ChangeIn(Strict):
    """The plan that is wanted."""

    plan = fields.String(required=True, validate=validate.Length(1, 40))
    cycle = fields.String(load_default="monthly", validate=validate.OneOf(CYCLES))


class DetailsIn(Strict):
    """Who is billed, and how invoices are paid."""

    name = fields.String(required=True)
    address = fields.String(required=True)
    country = fields.String(required=True)
    tax_number = fields.String(load_default="")
    email = fields.String(required=True)
    collection = fields.String(load_default="charge", validate=validate.OneOf(("charge", "send")))


class CardIn(Strict):
    """Where to come back to after the card is saved."""

    return_url = fields.Url(required=True, require_tld=False)


class PayIn(Strict):
    """A name of this try: the same name again tries once."""

    key = fields.String(required=True, validate=validate.Length(1, 60))


@blueprint.get("/")
@api_edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def show_plan() -> Response:
    """Show the plan, its use, and this month so far with how each line came about."""
    found = standing.of(current().id)
    offers = [{"plan": one.plan, "version": one.version, "terms": one.terms.plain()} for one in found.offers]
    return answer({**plan_pages.standing_plain(found), "offers": offers})


@blueprint.get("/preview")
@blueprint.arguments(ChangeIn, location="query")
@api_edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def preview_change(query: dict[str, Any]) -> Response:
    """Return exactly what a change of plan would cost; it changes nothing."""
    found = standing.preview(current().id, query["plan"], query["cycle"])
    return answer({
        "day": found.change.day, "is_at_once": found.change.is_at_once, "exceeded": list(found.change.exceeded),
        "now": [plan_pages.draft_plain(one) for one in found.now],
        "then": [plan_pages.draft_plain(one) for one in found.then], "price": found.price,
    })  # fmt: skip


@blueprint.put("/")
@blueprint.arguments(ChangeIn)
@api_edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def change_plan(body: dict[str, Any]) -> Response:
    """Take another plan: more at once, less from the end of what is paid for."""
    who = subscriptions.customer(current().id)
    with bind(PLATFORM), platform_transaction():
        change = subscriptions.change_plan(who, body["plan"], body["cycle"])
    return answer({"plan": change.version.plan, "cycle": change.cycle, "day": change.day,
                   "is_at_once": change.is_at_once})  # fmt: skip


@blueprint.delete("/arranged")
@api_edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def keep_plan() -> Response:
    """Drop a change that was arranged for a later day."""
    who = subscriptions.customer(current().id)
    with bind(PLATFORM), platform_transaction():
        subscriptions.keep_plan(who)
    return answer({"arranged": None})


@blueprint.put("/details")
@blueprint.arguments(DetailsIn)
@api_edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def change_details(body: dict[str, Any]) -> Response:
    """Say who is billed."""
    mine = current()
    with bind(PLATFORM), transaction():
        accounts.change_details(mine.id, Details(**body))
    return answer(body)


@blueprint.post("/card")
@blueprint.arguments(CardIn)
@api_edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def save_card(body: dict[str, Any]) -> Response:
    """Begin to save a card: finish it with the provider's element and the secret, or at `href` of the stand-in."""
    intent = collecting.begin_saving(current().id)
    href = plan_pages.saving_href(intent, body["return_url"])
    return answer({"reference": intent.ref, "secret": intent.secret, "href": href or None}, 201)


@blueprint.get("/invoices")
@api_edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def list_invoices() -> Response:
    """List invoices, newest first: ?view=open, overdue, paid, uncollectible or void."""
    mine = current()
    with bind(PLATFORM), read_only():
        found, following = reading.listed(customer_id=mine.id, view=request.args.get("view", ""),
                                          before=cursor(), limit=limit())  # fmt: skip
    return listed([plan_pages.invoice_plain(one) for one in found], following)


@blueprint.get("/invoices/<uuid:invoice_id>")
@api_edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def show_invoice(invoice_id: UUID) -> Response:
    """Show an invoice with its credit notes."""
    found, notes = plan_pages.ground_invoice(invoice_id, current().id)
    return answer({**plan_pages.invoice_plain(found), "credit_notes": notes})


@blueprint.get("/invoices/<uuid:invoice_id>/pdf")
@api_edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def invoice_file(invoice_id: UUID) -> Response:
    """Send an invoice as a PDF."""
    return plan_pages.invoice_file(invoice_id, current().id)


@blueprint.post("/invoices/<uuid:invoice_id>/pay")
@blueprint.arguments(PayIn)
@api_edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def pay_invoice(body: dict[str, Any], invoice_id: UUID) -> Response:
    """Charge the saved card now; without one, `pay_href` is where the invoice may be paid."""
    found, _notes = plan_pages.ground_invoice(invoice_id, current().id)
    collecting.pay_now(found.id, again=body["key"])
    return answer(plan_pages.invoice_plain(plan_pages.ground_invoice(invoice_id, current().id)[0]))
