"""The platform's invoices: all of them, one of them, who is past due, and the company that issues them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import abort, request, url_for

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.listing import Listing, View
from core.identity.principals import Realm
from core.kernel.errors import AppError, Conflict, Invalid
from core.kernel.ids import token
from core.kernel.money import Money
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction, read_only, transaction
from tenants import service
from tenants.billing import accounts, closing, collecting, dunning, invoices, reading
from tenants.billing.accounts import Company
from tenants.countries import names as countries
from tenants.values import PLATFORM
from web import plan_pages
from web import plan_words as words
from web.badges import badge
from web.languages import language
from web.order_forms import refusal
from web.plan_words import gettext
from web.platform.surface import blueprint, menu
from web.statement_words import month as month_name

menu.add("Platform", 34, "Invoices", "platform.invoices", "receipt", "billing.view")
menu.add("Platform", 36, "Past due", "platform.past_due", "triangle-alert", "billing.view")


@blueprint.get("/invoices", endpoint="invoices")
@edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def invoices_page() -> Answer:
    """List invoices, newest first, or send them as a table."""
    view, before = request.args.get("view", ""), request.args.get("before", type=UUID)
    with platform_transaction():
        found, following = reading.listed(view=view, before=before)
        names, counts = reading.names(one.customer_id for one in found), reading.counts()
        unpaid, overdue, company = reading.unpaid("open"), reading.unpaid("overdue"), accounts.company()
    if wanted := request.args.get("format"):
        return plan_pages.table(found, names, wanted)
    views = [View(gettext("All"), url_for("platform.invoices"), sum(counts.values()) - counts["overdue"], not view)]
    views += [View(str(badge("platform_invoice", name).word), url_for("platform.invoices", view=name), counts[name],
                   name == view) for name in reading.VIEWS]  # fmt: skip
    hrefs = {one.id: url_for("platform.invoice", invoice_id=one.id) for one in found}
    listing = Listing(
        "invoices", plan_pages.columns(with_customer=True), plan_pages.rows(found, hrefs, names), gettext("Invoices"),
        views=views, next_href=url_for("platform.invoices", view=view or None, before=following) if following else "",
    )  # fmt: skip
    return page("platform/invoices.html", invoices=listing, unpaid=unpaid, overdue=overdue, company=company,
                view=view, may_manage=principal().may("billing.manage"))  # fmt: skip


@blueprint.get("/invoices/<uuid:invoice_id>")
@edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def invoice(invoice_id: UUID) -> Answer:
    """Show one invoice and what may be done about it."""
    return _invoice(invoice_id)


def _invoice(invoice_id: UUID, error: AppError | None = None) -> Answer:
    found, notes = plan_pages.ground_invoice(invoice_id)
    with platform_transaction():
        name = reading.names([found.customer_id]).get(found.customer_id, "")
    with bind(PLATFORM), read_only():
        card = accounts.account(found.customer_id).card
    return page(
        "platform/invoice.html", found=found, notes=notes, words=words, lines=plan_pages.said(found.lines), name=name,
        month=month_name(found.month), state=plan_pages.state(found), said=refusal(error), key=token(), card=card,
        may_manage=principal().may("billing.manage"), sent=request.form, status=422 if error else 200,
    )  # fmt: skip


def _issue(key: UUID) -> str:
    closing.issue(key, plan_pages.ground_invoice(key)[0].customer_id)
    return gettext("The invoice is issued")


def _charge(key: UUID) -> str:
    state = collecting.pay_now(key, again=request.form.get("key", "")[:60])
    return gettext("The invoice is paid") if state == "paid" else gettext("It is not paid yet")


def _on_ground(work: Callable[[], object], said: str) -> str:
    with bind(PLATFORM), transaction():
        work()
    return said


def _credit(key: UUID) -> str:
    currency = plan_pages.ground_invoice(key)[0].net.currency
    amount = Money.parse(request.form.get("amount", "").replace(",", "."), currency)
    reason = request.form.get("reason", "")
    return _on_ground(lambda: invoices.credit(key, amount, reason), gettext("The credit note is issued"))


_DEEDS: dict[str, Callable[[UUID], str]] = {
    "issue": _issue,
    "charge": _charge,
    "bank": lambda key: _on_ground(lambda: invoices.pay_by_bank(key, request.form.get("reference", "")),
                                   gettext("Noted as paid")),
    "void": lambda key: _on_ground(lambda: invoices.void(key, request.form.get("reason", "")),
                                   gettext("The invoice is void")),
    "give-up": lambda key: _on_ground(lambda: invoices.give_up(key, request.form.get("reason", "")),
                                      gettext("The invoice is given up; it may still be paid")),
    "credit": _credit,
}  # fmt: skip


@blueprint.post("/invoices/<uuid:invoice_id>/<any(issue, charge, bank, void, 'give-up', credit):deed>")
@edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def do_to_invoice(invoice_id: UUID, deed: str) -> Answer:
    """Do something about an invoice."""
    try:
        said = _DEEDS[deed](invoice_id)
    except AppError as error:
        return _invoice(invoice_id, error)
    return see(url_for("platform.invoice", invoice_id=invoice_id), said)


@blueprint.get("/invoices/<uuid:invoice_id>/pdf")
@edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def invoice_file(invoice_id: UUID) -> Answer:
    """Send an invoice as a PDF."""
    return plan_pages.invoice_file(invoice_id)


@blueprint.get("/invoices/<uuid:invoice_id>/notes/<uuid:note_id>.pdf")
@edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def note_file(invoice_id: UUID, note_id: UUID) -> Any:
    """Send a credit note as a PDF."""
    return plan_pages.note_file(invoice_id, note_id) or abort(404)


@blueprint.get("/past-due")
@edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def past_due() -> Answer:
    """List who is past due, proposals to suspend first."""
    return _past_due()


def _past_due(error: AppError | None = None) -> Answer:
    with platform_transaction():
        found = reading.past_due()
        names = reading.names(one.customer_id for one in found)
        company = accounts.company()
    return page("platform/past_due.html", found=found, names=names, company=company, said=refusal(error),
                may_manage=principal().may("billing.manage"), may_suspend=principal().may("tenants.manage"),
                status=422 if error else 200)  # fmt: skip


@blueprint.post("/past-due/<uuid:invoice_id>/suspend")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def suspend_unpaid(invoice_id: UUID) -> Answer:
    """Follow a proposal: suspend the marketplace."""
    try:
        with bind(PLATFORM), platform_transaction():
            service.suspend(dunning.carried_out(invoice_id), request.form.get("reason", ""))
    except (Invalid, Conflict) as error:
        return _past_due(error)
    return see(url_for("platform.past_due"), gettext("The marketplace is suspended"))


@blueprint.post("/past-due/<uuid:invoice_id>/wait")
@edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def wait_for_payment(invoice_id: UUID) -> Answer:
    """Let a marketplace be until a day."""
    try:
        with bind(PLATFORM), transaction():
            dunning.wait(invoice_id, _day(request.form.get("until", "")))
    except (Invalid, Conflict) as error:
        return _past_due(error)
    return see(url_for("platform.past_due"), gettext("Noted; nothing is sent until then"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


@blueprint.get("/company")
@edge(Realm.PLATFORM, "billing.view", tx=Tx.OWN)
def company() -> Answer:
    """Show who issues the invoices."""
    return _company()


def _company(error: AppError | None = None) -> Answer:
    with bind(PLATFORM), read_only():
        known = accounts.company()
    wrong = {field.path: gettext(field.message) for field in error.fields} if isinstance(error, Invalid) else {}
    shown = {
        "name": known.name, "address": known.address, "country": known.country or "IE", "email": known.email,
        "tax_number": known.tax_number, "registration_number": known.registration_number, "bank": known.bank,
        "currency": known.currency, "tax": f"{known.tax_bps / 100:g}", "due_days": known.due_days,
        "tax_rates": ", ".join(f"{code} {bps / 100:g}" for code, bps in sorted(known.tax_rates.items())),
        "remind_days": ", ".join(map(str, known.remind_days)), "propose_days": known.propose_days,
    }  # fmt: skip
    return page("platform/company.html", sent=request.form if error else shown, wrong=wrong, known=known,
                countries=countries(language()), said=refusal(error), may_manage=principal().may("billing.manage"),
                status=422 if error else 200)  # fmt: skip


@blueprint.post("/company")
@edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def change_company() -> Answer:
    """Keep who issues the invoices; drafts that waited for it are issued."""
    try:
        wanted = _company_read()
        with bind(PLATFORM), transaction():
            accounts.change_company(wanted, is_another="another" in request.form)
            closing.issue_waiting()
    except Invalid as error:
        return _company(error)
    return see(url_for("platform.invoices"), gettext("Saved; it stands on the next invoices"))


def _company_read() -> Company:
    form = request.form

    def text(name: str) -> str:
        return form.get(name, "").strip()[:500]

    rates = {code: _bps(rate) for code, _space, rate in
             (part.strip().partition(" ") for part in text("tax_rates").split(",") if part.strip())}  # fmt: skip
    return Company(
        name=text("name"), address=text("address"), country=text("country"), tax_number=text("tax_number"),
        registration_number=text("registration_number"), email=text("email"), bank=text("bank"),
        currency=text("currency").upper(), tax_bps=_bps(text("tax")), tax_rates=rates,
        due_days=_number(text("due_days")), propose_days=_number(text("propose_days")),
        remind_days=tuple(_number(part) for part in text("remind_days").split(",") if part.strip()),
    )  # fmt: skip


def _bps(text: str) -> int:
    try:
        return Money.parse(text.strip().replace(",", ".") or "0", "EUR").minor
    except Invalid:
        return -1


def _number(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text.strip()) < 6 else -1
