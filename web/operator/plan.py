"""The operator's page of its own bill: the plan and its use, this month so far, another plan, card, invoices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.errors import message
from core.http.listing import Listing
from core.identity.principals import Realm
from core.kernel.errors import AppError, Conflict, Invalid, Missing, Unavailable
from core.kernel.ids import token
from core.kernel.tenancy import bind, current
from core.kernel.tx import platform_transaction, read_only, transaction
from tenants.billing import accounts, collecting, reading, standing, subscriptions
from tenants.billing.accounts import Details
from tenants.countries import names as countries
from tenants.values import PLATFORM
from web import plan_pages
from web import plan_words as words
from web.config import installation
from web.languages import language
from web.operator.surface import blueprint, menu
from web.order_forms import refusal
from web.statement_words import month as month_name

menu.add("Settings", 45, "Plan and invoices", "operator.plan", "layers", "plan.view")


@blueprint.get("/plan", endpoint="plan")
@edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def plan_page() -> Answer:
    """Show the present plan, its use and cost, the plans on offer, and the newest invoices."""
    return _plan()


def _plan(error: AppError | None = None) -> Answer:
    mine = current()
    found = standing.of(mine.id)
    with bind(PLATFORM), read_only():
        newest, following = reading.listed(customer_id=mine.id, limit=10)
        unpaid, _more = reading.listed(customer_id=mine.id, view="open")
    return page(
        "operator/plan.html", found=found, words=words, bills=plan_pages.bills(found.drafts), said=refusal(error),
        invoices=_listing(newest, following), unpaid=unpaid, month=month_name(found.month),
        may_manage=principal().may("plan.manage"), status=422 if error else 200,
    )  # fmt: skip


def _listing(found: list[reading.Invoice], following: UUID | None) -> Listing:
    hrefs = {one.id: url_for("operator.plan_invoice", invoice_id=one.id) for one in found}
    return Listing(
        "invoices", plan_pages.columns(with_customer=False), plan_pages.rows(found, hrefs, {}), gettext("Invoices"),
        next_href=url_for("operator.plan_invoices", before=following) if following else "",
    )  # fmt: skip


@blueprint.get("/plan/invoices")
@edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def plan_invoices() -> Answer:
    """List all invoices, newest first, or send them as a table."""
    mine = current()
    with bind(PLATFORM), read_only():
        before = request.args.get("before", type=UUID)
        found, following = reading.listed(customer_id=mine.id, before=before)
    if wanted := request.args.get("format"):
        return plan_pages.table(found, {}, wanted)
    return page("operator/plan_invoices.html", invoices=_listing(found, following))


@blueprint.get("/plan/change")
@edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def preview_plan() -> Answer:
    """Show exactly what another plan would cost, before anything is changed."""
    wanted, cycle = request.args.get("plan", "")[:40], request.args.get("cycle", "monthly")[:10]
    if not wanted:
        return see(url_for("operator.plan"))
    try:
        found = standing.preview(current().id, wanted, cycle)
    except (Invalid, Conflict) as error:
        return _plan(error)
    return page(
        "operator/plan_change.html", found=found, words=words, now=plan_pages.bills(found.now),
        then=plan_pages.bills(found.then), cycle=cycle, may_manage=principal().may("plan.manage"),
        exceeded=message(Conflict("plans.exceeded", "{exceeded}", exceeded=found.change.exceeded)),
    )  # fmt: skip


@blueprint.post("/plan/change")
@edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def change_own_plan() -> Answer:
    """Take another plan."""
    who = subscriptions.customer(current().id)
    try:
        with bind(PLATFORM), platform_transaction():
            change = subscriptions.change_plan(who, request.form.get("plan", "")[:40],
                                               request.form.get("cycle", "monthly")[:10])  # fmt: skip
    except (Invalid, Conflict) as error:
        return _plan(error)
    said = gettext("The plan is changed") if change.is_at_once else gettext("The change is arranged")
    return see(url_for("operator.plan"), said)


@blueprint.post("/plan/keep")
@edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def keep_own_plan() -> Answer:
    """Drop an arranged change."""
    who = subscriptions.customer(current().id)
    try:
        with bind(PLATFORM), platform_transaction():
            subscriptions.keep_plan(who)
    except Conflict as error:
        return _plan(error)
    return see(url_for("operator.plan"), gettext("The plan stays as it is"))


@blueprint.get("/plan/details")
@edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def plan_details() -> Answer:
    """Show who is billed."""
    return _details()


def _details(error: Invalid | None = None) -> Answer:
    mine = current()
    with bind(PLATFORM), read_only():
        account = accounts.account(mine.id)
    wrong = {field.path: gettext(field.message) for field in error.fields} if error else {}
    known = {"name": account.name or mine.name, "address": account.address, "email": account.email,
             "country": account.country or mine.country, "tax_number": account.tax_number,
             "collection": account.collection}  # fmt: skip
    return page(
        "operator/plan_details.html", sent=request.form if error else known, wrong=wrong, words=words,
        countries=countries(language()), status=422 if error else 200,
    )  # fmt: skip


@blueprint.post("/plan/details")
@edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def change_plan_details() -> Answer:
    """Keep who is billed."""
    mine = current()
    form = request.form
    names = ("name", "address", "country", "tax_number", "email", "collection")
    try:
        with bind(PLATFORM), transaction():
            accounts.change_details(mine.id, Details(**{name: form.get(name, "")[:600] for name in names}))
    except Invalid as error:
        return _details(error)
    return see(url_for("operator.plan"), gettext("Saved; it stands on the next invoice"))


@blueprint.post("/plan/card")
@edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def save_card() -> Answer:
    """Go to where a card is saved: the provider's element, or the page of its stand-in."""
    try:
        intent = collecting.begin_saving(current().id)
    except (Conflict, Unavailable) as error:
        return _plan(error)
    back = f"{request.url_root.rstrip('/')}{url_for('operator.plan_card_saved')}"
    return page("operator/plan_card.html", secret=intent.secret, back=back, href=plan_pages.saving_href(intent, back),
                publishable_key=installation().stripe_publishable_key)  # fmt: skip


@blueprint.get("/plan/card/saved")
@edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def plan_card_saved() -> Answer:
    """Note the card that was saved, when its owner comes back from the provider."""
    try:
        is_there = collecting.look_for_card(current().id)
    except (Conflict, Unavailable) as error:
        return _plan(error)
    return see(url_for("operator.plan"), gettext("The card is saved") if is_there else gettext("No card was saved"))


@blueprint.get("/plan/invoices/<uuid:invoice_id>")
@edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def plan_invoice(invoice_id: UUID) -> Answer:
    """Show one invoice with how each line came about."""
    return _invoice(invoice_id)


def _invoice(invoice_id: UUID, error: AppError | None = None) -> Answer:
    mine = current()
    found, notes = plan_pages.ground_invoice(invoice_id, mine.id)
    with bind(PLATFORM), read_only():
        account = accounts.account(mine.id)
    return page(
        "operator/plan_invoice.html", found=found, notes=notes, words=words, lines=plan_pages.said(found.lines),
        month=month_name(found.month), state=plan_pages.state(found), said=refusal(error), key=token(),
        account=account, may_manage=principal().may("plan.manage"), status=422 if error else 200,
    )  # fmt: skip


@blueprint.post("/plan/invoices/<uuid:invoice_id>/pay")
@edge(Realm.OPERATOR, "plan.manage", tx=Tx.OWN)
def pay_plan_invoice(invoice_id: UUID) -> Answer:
    """Pay an invoice now: by the saved card, else on the provider's page."""
    found, _notes = plan_pages.ground_invoice(invoice_id, current().id)
    try:
        state = collecting.pay_now(found.id, again=request.form.get("key", "")[:60])
    except (Conflict, Missing, Unavailable) as error:
        return _invoice(invoice_id, error)
    if state == "paid":
        return see(url_for("operator.plan_invoice", invoice_id=invoice_id), gettext("Paid. Thank you."))
    return see(url_for("operator.plan_invoice", invoice_id=invoice_id), gettext("It is not paid yet"))


@blueprint.get("/plan/invoices/<uuid:invoice_id>/pdf")
@edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def plan_invoice_file(invoice_id: UUID) -> Answer:
    """Send an invoice as a PDF."""
    return plan_pages.invoice_file(invoice_id, current().id)


@blueprint.get("/plan/invoices/<uuid:invoice_id>/notes/<uuid:note_id>.pdf")
@edge(Realm.OPERATOR, "plan.view", tx=Tx.OWN)
def plan_note_file(invoice_id: UUID, note_id: UUID) -> Any:
    """Send a credit note as a PDF."""
    return plan_pages.note_file(invoice_id, note_id, current().id) or abort(404)
