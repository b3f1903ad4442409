"""The API of the platform's own business: plans and their versions, marketplaces' use, invoices, who is past due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import fields, validate

from core.http.edge import Tx
from core.identity.principals import Realm
from core.kernel.money import Money
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction, read_only, transaction
from tenants import service
from tenants.billing import accounts, closing, collecting, dunning, invoices, plans, reading, standing, subscriptions
from tenants.billing import terms as offers
from tenants.billing.accounts import Company
from tenants.billing.facts import Grant
from tenants.billing.plans import Version
from tenants.values import PLATFORM
from web import plan_pages
from web.api.answers import answer, cursor, limit, listed
from web.api.surface import Strict, api_edge, resource

blueprint = resource("platform_billing", "/billing", "Plans, invoices and usage of the platform's marketplaces")
_COUNT = validate.Range(0, 10**15)


def _prices() -> fields.Dict:
    return fields.Dict(fields.String(), fields.Integer(strict=True, validate=_COUNT), load_default=dict)


def _nested() -> fields.Dict:
    whole = fields.Integer(strict=True, validate=_COUNT)
    return fields.Dict(fields.String(), fields.Dict(fields.String(), whole), load_default=dict)


class TermsIn(Strict):
    """What a plan offers: amounts in minor units by currency, shares in basis points."""

    names = fields.Dict(fields.String(), fields.String(), required=True)
    monthly = _prices()
    yearly = _prices()
    included = _prices()
    unit_prices = _nested()
    share_bps = fields.Integer(load_default=0)
    free_volume = _prices()
    share_cap = _prices()
    items_bps = fields.Integer(load_default=0)
    plugins_included = fields.List(fields.String(), load_default=list)
    plugin_fees = _nested()
    trial_days = fields.Integer(load_default=0)


class PlanIn(TermsIn):
    """A plan that is to be offered."""

    code = fields.String(required=True)


class CompanyIn(Strict):
    """The legal entity that issues invoices; `is_another` begins a series of numbers of its own."""

    name = fields.String(required=True)
    address = fields.String(required=True)
    country = fields.String(required=True)
    tax_number = fields.String(load_default="")
    registration_number = fields.String(load_default="")
    email = fields.String(load_default="")
    bank = fields.String(load_default="")
    currency = fields.String(load_default="EUR")
    tax_bps = fields.Integer(required=True)
    tax_rates = fields.Dict(fields.String(), fields.Integer(), load_default=dict)
    due_days = fields.Integer(load_default=14)
    remind_days = fields.List(fields.Integer(), load_default=lambda: [1, 7, 14])
    propose_days = fields.Integer(load_default=30)
    is_another = fields.Boolean(load_default=False)


class GrantIn(Strict):
    """What is granted to a marketplace; `discount_minor` is a month's, in its own currency."""

    trial_until = fields.Date(load_default=None)
    discount_bps = fields.Integer(load_default=0)
    discount_minor = fields.Integer(load_default=0, strict=True)
    discount_until = fields.Date(load_default=None)


class DeedIn(Strict):
    """What a deed needs: the bank's reference, a reason, an amount with tax, or the name of a try to charge."""

    reference = fields.String(load_default="")
    reason = fields.String(load_default="")
    amount_minor = fields.Integer(load_default=0, strict=True)
    key = fields.String(load_default="", validate=validate.Length(max=60))


class UntilIn(Strict):
    """Until when."""

    until = fields.Date(required=True)


class ReasonIn(Strict):
    """Why."""

    reason = fields.String(required=True, validate=validate.Length(1, 500))


def _plain(version: Version) -> dict[str, object]:
    return {"plan": version.plan, "version": version.version, "effective_on": version.effective_on,
            "customers": version.customers, "terms": version.terms.plain()}  # fmt: skip


@blueprint.get("/plans")
@api_edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def list_plans() -> Response:
    """List the plans on offer."""
    with platform_transaction():
        return answer({"data": [_plain(one) for one in plans.offered()]})


@blueprint.post("/plans")
@blueprint.arguments(PlanIn)
@api_edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def create_plan(body: dict[str, Any]) -> Response:
    """Offer another plan from today."""
    with bind(PLATFORM), platform_transaction():
        return answer(_plain(plans.create(body.pop("code"), offers.stored(body))), 201)


@blueprint.get("/plans/<code>")
@api_edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def show_plan(code: str) -> Response:
    """Show a plan's versions, newest first."""
    with platform_transaction():
        return answer({"data": [_plain(one) for one in plans.versions(code)]})


@blueprint.post("/plans/<code>/versions")
@blueprint.arguments(TermsIn)
@api_edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def publish_plan(body: dict[str, Any], code: str) -> Response:
    """Write the next version of a plan, from next month on; customers keep what they have."""
    with bind(PLATFORM), transaction():
        return answer(_plain(plans.publish(code, offers.stored(body))), 201)


@blueprint.get("/company")
@api_edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def show_company() -> Response:
    """Show who issues the invoices."""
    with bind(PLATFORM), read_only():
        return answer(accounts.company())


@blueprint.put("/company")
@blueprint.arguments(CompanyIn)
@api_edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def change_company(body: dict[str, Any]) -> Response:
    """Say who issues the invoices; drafts that waited for it are issued."""
    is_another = body.pop("is_another")
    with bind(PLATFORM), transaction():
        accounts.change_company(Company(**body), is_another=is_another)
        closing.issue_waiting()
        return answer(accounts.company())


@blueprint.get("/tenants/<uuid:tenant_id>")
@api_edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def show_customer(tenant_id: UUID) -> Response:
    """Show a marketplace's plan, its use, and this month so far."""
    return answer(plan_pages.standing_plain(standing.of(tenant_id)))


@blueprint.put("/tenants/<uuid:tenant_id>/grant")
@blueprint.arguments(GrantIn)
@api_edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def change_grant(body: dict[str, Any], tenant_id: UUID) -> Response:
    """Give a marketplace a discount or days of trial."""
    who = subscriptions.customer(tenant_id)
    fixed = Money(body["discount_minor"], who.currency) if body["discount_minor"] else None
    with bind(PLATFORM), transaction():
        grant = Grant(body["trial_until"], body["discount_bps"], fixed, body["discount_until"])
        accounts.change_grant(tenant_id, grant)
        return answer(grant)


@blueprint.post("/tenants/<uuid:tenant_id>/renew")
@api_edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def renew_plan(tenant_id: UUID) -> Response:
    """Move a marketplace to the newest version of its plan, from next month on."""
    who = subscriptions.customer(tenant_id)
    with bind(PLATFORM), platform_transaction():
        change = subscriptions.renew(who)
    return answer({"plan": change.version.plan, "version": change.version.version, "day": change.day})


@blueprint.get("/invoices")
@api_edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def list_invoices() -> Response:
    """List invoices, newest first: ?view=draft, open, overdue, paid, uncollectible or void, ?customer=."""
    with bind(PLATFORM), read_only():
        found, following = reading.listed(view=request.args.get("view", ""), before=cursor(), limit=limit(),
                                          customer_id=request.args.get("customer", type=UUID))  # fmt: skip
    return listed([plan_pages.invoice_plain(one) for one in found], following)


@blueprint.get("/invoices/<uuid:invoice_id>")
@api_edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def show_invoice(invoice_id: UUID) -> Response:
    """Show an invoice with its credit notes."""
    return answer(_shown(invoice_id))


@blueprint.get("/invoices/<uuid:invoice_id>/pdf")
@api_edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def invoice_file(invoice_id: UUID) -> Response:
    """Send an invoice as a PDF."""
    return plan_pages.invoice_file(invoice_id)


def _credit(key: UUID, body: dict[str, Any]) -> None:
    currency = reading.find(key).net.currency
    invoices.credit(key, Money(body["amount_minor"], currency), body["reason"])


_ON_GROUND: dict[str, Callable[[UUID, dict[str, Any]], object]] = {
    "bank": lambda key, body: invoices.pay_by_bank(key, body["reference"]),
    "void": lambda key, body: invoices.void(key, body["reason"]),
    "give-up": lambda key, body: invoices.give_up(key, body["reason"]),
    "credit": _credit,
}


@blueprint.post("/invoices/<uuid:invoice_id>/<any(issue, charge, bank, void, 'give-up', credit):deed>")
@blueprint.arguments(DeedIn)
@api_edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def do_to_invoice(body: dict[str, Any], invoice_id: UUID, deed: str) -> Response:
    """Issue, charge, note as paid by bank, void, give up or credit an invoice."""
    found, _notes = plan_pages.ground_invoice(invoice_id)
    if deed == "issue":
        closing.issue(invoice_id, found.customer_id)
    elif deed == "charge":
        collecting.pay_now(invoice_id, again=body["key"])
    else:
        with bind(PLATFORM), transaction():
            _ON_GROUND[deed](invoice_id, body)
    return answer(_shown(invoice_id))


def _shown(invoice_id: UUID) -> dict[str, object]:
    found, notes = plan_pages.ground_invoice(invoice_id)
    return {**plan_pages.invoice_plain(found), "credit_notes": notes}


@blueprint.post("/invoices/<uuid:invoice_id>/wait")
@blueprint.arguments(UntilIn)
@api_edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def wait_for_payment(body: dict[str, Any], invoice_id: UUID) -> Response:
    """Let a marketplace be until a day: no reminders, no proposal to suspend it."""
    with bind(PLATFORM), transaction():
        dunning.wait(invoice_id, body["until"])
    return answer(_shown(invoice_id))


@blueprint.post("/invoices/<uuid:invoice_id>/suspend")
@blueprint.arguments(ReasonIn)
@api_edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def suspend_unpaid(body: dict[str, Any], invoice_id: UUID) -> Response:
    """Suspend the marketplace whose invoice is not paid."""
    with bind(PLATFORM), platform_transaction():
        service.suspend(dunning.carried_out(invoice_id), body["reason"])
    return answer(_shown(invoice_id))
