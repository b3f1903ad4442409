"""A marketplace as the platform bills it: its plan, its use against limits, this month so far, what was granted to it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.listing import Listing
from core.identity.principals import Realm
from core.kernel.errors import AppError, Conflict, Invalid
from core.kernel.money import Money
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction, read_only, transaction
from tenants.billing import accounts, reading, standing, subscriptions
from tenants.billing.facts import Grant
from tenants.values import PLATFORM
from web import plan_pages
from web import plan_words as words
from web.order_forms import refusal
from web.platform.surface import blueprint
from web.statement_words import month as month_name


@blueprint.get("/tenants/<uuid:tenant_id>/billing")
@edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def tenant_billing(tenant_id: UUID) -> Answer:
    """Show where a marketplace stands with the platform."""
    return _shown(tenant_id)


def _shown(tenant_id: UUID, error: AppError | None = None) -> Answer:
    found = standing.of(tenant_id)
    with bind(PLATFORM), read_only():
        newest, _following = reading.listed(limit=12)
        own, following = reading.listed(customer_id=tenant_id, limit=12)
    drafts = [one for one in newest if one.customer_id == tenant_id and not one.number]
    rows = [*drafts, *own]
    hrefs = {one.id: url_for("platform.invoice", invoice_id=one.id) for one in rows}
    listing = Listing("invoices", plan_pages.columns(with_customer=False), plan_pages.rows(rows, hrefs, {}),
                      gettext("Invoices"))  # fmt: skip
    return page(
        "platform/tenant_billing.html", found=found, words=words, bills=plan_pages.bills(found.drafts),
        invoices=listing, month=month_name(found.month), said=refusal(error), sent=request.form,
        may_manage=principal().may("billing.manage"), grant=found.account.grant, has_more=bool(following),
        status=422 if error else 200,
    )  # fmt: skip


@blueprint.post("/tenants/<uuid:tenant_id>/billing/grant")
@edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def change_grant(tenant_id: UUID) -> Answer:
    """Give a marketplace a discount or days of trial."""
    who = subscriptions.customer(tenant_id)
    try:
        wanted = _grant(who.currency)
        with bind(PLATFORM), transaction():
            accounts.change_grant(tenant_id, wanted)
    except Invalid as error:
        return _shown(tenant_id, error)
    return see(url_for("platform.tenant_billing", tenant_id=tenant_id), gettext("Saved"))


def _grant(currency: str) -> Grant:
    form = request.form
    fixed = form.get("discount", "").strip().replace(",", ".")
    bps = Money.parse(form.get("discount_percent", "").strip().replace(",", ".") or "0", "EUR").minor
    return Grant(_day(form.get("trial_until", "")), bps, Money.parse(fixed, currency) if fixed else None,
                 _day(form.get("discount_until", "")))  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@blueprint.post("/tenants/<uuid:tenant_id>/billing/renew")
@edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def renew_plan(tenant_id: UUID) -> Answer:
    """Move a marketplace to the newest version of its plan."""
    who = subscriptions.customer(tenant_id)
    try:
        with bind(PLATFORM), platform_transaction():
            subscriptions.renew(who)
    except Conflict as error:
        return _shown(tenant_id, error)
    return see(url_for("platform.tenant_billing", tenant_id=tenant_id), gettext("The change is arranged"))
