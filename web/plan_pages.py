"""What pages of plans and invoices share between the platform's console, the operator's and the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, abort
from flask_babel import gettext

from core.http import csv
from core.http.listing import Column
from core.kernel.money import Money
from core.kernel.tenancy import bind
from core.kernel.tx import read_only
from core.payments.stripe import Intent
from tenants.billing import reading
from tenants.billing.facts import Draft, Line
from tenants.billing.reading import Invoice
from tenants.billing.standing import Standing
from tenants.values import PLATFORM
from web import plan_words as words
from web.badges import Badge, badge
from web.config import installation
from web.languages import language
from web.papers import pdf, tables
from web.papers.platform_sheets import invoice_sheet, note_sheet
from web.papers.workbooks import XLSX, Cell, Sheet, workbook
from web.statement_words import month as month_name

_PDF = "application/pdf"


def ground_invoice(invoice_id: UUID, customer_id: UUID | None = None) -> tuple[Invoice, list[reading.Note]]:
    """Read an invoice and its credit notes on the platform's ground. Raise Missing."""
    with bind(PLATFORM), read_only():
        return reading.find(invoice_id, customer_id=customer_id), reading.notes(invoice_id)


def invoice_file(invoice_id: UUID, customer_id: UUID | None = None) -> Response:
    """Send an invoice as a PDF. Opens its own transaction: drawing takes time."""
    found, _notes = ground_invoice(invoice_id, customer_id)
    return tables.download(pdf.draw(invoice_sheet(found)), f"{found.number or 'draft'}.pdf", _PDF)


def note_file(invoice_id: UUID, note_id: UUID, customer_id: UUID | None = None) -> Response | None:
    """Send a credit note as a PDF; None if the invoice has none of this key."""
    found, notes = ground_invoice(invoice_id, customer_id)
    note = next((one for one in notes if one.id == note_id), None)
    if note is None:
        return None
    return tables.download(pdf.draw(note_sheet(note, found)), f"{note.number}.pdf", _PDF)


def state(found: Invoice) -> Badge:
    """Return how an invoice stands, past due told apart."""
    return badge("platform_invoice", "overdue" if found.is_overdue else found.state)


def columns(*, with_customer: bool) -> tuple[Column, ...]:
    """Return the columns of a list of invoices."""
    who = (Column("customer", gettext("Marketplace"), card="sub"),) if with_customer else ()
    return (
        Column("number", gettext("Invoice"), card="lead"), *who, Column("month", gettext("Period"), card="opt"),
        Column("due_on", gettext("Due"), kind="date"), Column("gross", gettext("Amount"), kind="money", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip


def rows(found: Iterable[Invoice], hrefs: Mapping[UUID, str], names: Mapping[UUID, str]) -> list[dict[str, object]]:
    """Return invoices as rows of a list."""
    return [
        {"id": str(one.id), "href": hrefs[one.id], "number": one.number or gettext("Draft"),
         "customer": names.get(one.customer_id, ""), "month": month_name(one.month), "due_on": one.due_on,
         "gross": one.gross, "state": state(one)}
        for one in found
    ]  # fmt: skip


def table(found: Iterable[Invoice], names: Mapping[UUID, str], ending: str) -> Response:
    """Send invoices line by line as csv or xlsx; 404 for anything else."""
    if ending == "csv":
        return csv.answer("platform-invoices", _HEAD, _lines(found, names))
    if ending != "xlsx":
        abort(404)
    made = workbook([Sheet(gettext("Invoices"), _HEAD, _lines(found, names))])
    return tables.download(made, "platform-invoices.xlsx", XLSX)


_HEAD = ("number", "state", "customer_id", "customer", "period", "issued_on", "due_on", "currency", "line", "text",
         "amount", "net", "tax", "rounding", "set_off", "to_be_paid", "paid_at", "paid_by", "reference")  # fmt: skip


def _lines(found: Iterable[Invoice], names: Mapping[UUID, str]) -> Iterator[list[Cell]]:
    for one in found:
        paid_at = one.paid_at.isoformat() if one.paid_at else ""
        for line in one.lines:
            yield [one.number, one.state, str(one.customer_id), names.get(one.customer_id, one.buyer.name),
                   f"{one.month:%Y-%m}", one.issued_on, one.due_on, one.net.currency, words.title(line),
                   words.sentence(line), line.amount.decimal, one.net.decimal, one.tax.decimal, one.rounding.decimal,
                   one.settled.decimal, one.due.decimal, paid_at, one.paid_by, one.paid_reference]  # fmt: skip


def said(lines: Iterable[Line]) -> list[tuple[str, str, Money]]:
    """Return lines as (what, how it came about, amount)."""
    return [(words.title(line), words.sentence(line), line.amount) for line in lines]


def bills(drafts: Iterable[Draft]) -> list[tuple[list[tuple[str, str, Money]], Money]]:
    """Return a month's lines and sum for each currency."""
    return [(said(draft.lines), draft.net) for draft in drafts]


def saving_href(intent: Intent, back: str) -> str:
    """Return the stand-in's page that saves a card; "" where the provider's own element does it."""
    config = installation()
    if not config.stripe_api_base or config.stripe_publishable_key:
        return ""
    query = urlencode({"client_secret": intent.secret, "return_url": back, "lang": language()})
    return f"{config.stripe_api_base}/_hosted/setup/{intent.ref}?{query}"


def standing_plain(found: Standing) -> dict[str, object]:
    """Return where a marketplace stands, for the API."""
    return {
        "plan": found.plan.plan, "version": found.plan.version, "cycle": found.plan.cycle,
        "terms": found.plan.terms.plain(), "since": found.plan.from_on,
        "arranged": {"plan": found.arranged.plan, "cycle": found.arranged.cycle, "from": found.arranged.from_on}
        if found.arranged else None,
        "uses": [{"name": use.name, "count": use.count, "included": use.limit} for use in found.uses],
        "month": found.month, "so_far": [draft_plain(draft) for draft in found.drafts],
        "credit": list(found.credit), "trial_until": found.account.grant.trial_until,
        "card": found.account.card, "collection": found.account.collection,
    }  # fmt: skip


def draft_plain(draft: Draft) -> dict[str, object]:
    """Return a month's lines in one currency, for the API: as data and as a sentence."""
    return {"currency": draft.currency, "net": draft.net, "lines": [line_plain(line) for line in draft.lines]}


def line_plain(line: Line) -> dict[str, object]:
    """Return a line, for the API."""
    return {"code": line.code, "title": words.title(line), "sentence": words.sentence(line), "amount": line.amount,
            "facts": dict(line.facts)}  # fmt: skip


def invoice_plain(found: Invoice) -> dict[str, object]:
    """Return an invoice, for the API."""
    return {
        "id": found.id, "customer_id": found.customer_id, "number": found.number, "state": found.state,
        "is_overdue": found.is_overdue, "month": f"{found.month:%Y-%m}", "issued_on": found.issued_on,
        "due_on": found.due_on, "lines": [line_plain(line) for line in found.lines], "tax_kind": found.tax_kind,
        "tax_bps": found.tax_bps, "net": found.net, "tax": found.tax, "rounding": found.rounding,
        "set_off": found.settled, "to_be_paid": found.due, "credited": found.credited, "paid_at": found.paid_at,
        "paid_by": found.paid_by, "paid_reference": found.paid_reference, "pay_href": found.href,
        "failure": found.failure, "reminders": found.reminders, "suspension_proposed_on": found.proposed_on,
        "hash": found.hash,
    }  # fmt: skip
