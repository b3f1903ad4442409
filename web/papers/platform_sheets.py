"""The platform's invoices and credit notes as sheets in the reader's language, ready to be drawn."""

from __future__ import annotations

from flask_babel import get_locale

from tenants.billing.reading import Invoice, Note
from web import plan_words as words
from web.papers.layout import Column, Line, Sheet, Table
from web.papers.sheets import page_of, party
from web.plan_words import gettext
from web.rendering import money, write_date
from web.statement_words import month as month_name

_BRAND = "#5b4bb7"


def invoice_sheet(found: Invoice) -> Sheet:
    """Return an invoice: each line with how it came about, tax, what is to be paid, and how."""
    columns = [Column(gettext("What"), 4), Column(gettext("How it came about"), 7),
               Column(gettext("Amount"), 2, is_numeric=True)]  # fmt: skip
    lines = [Line((words.title(line), words.sentence(line), money(line.amount))) for line in found.lines]
    return Sheet(
        brand=(found.seller.name, _BRAND), title=gettext("Invoice"), number=found.number,
        facts=[
            (gettext("Number"), found.number), (gettext("Date"), write_date(found.issued_on)),
            (gettext("Period"), month_name(found.month)), (gettext("Due"), write_date(found.due_on)),
        ],
        parties=[(gettext("Issued by"), party(found.seller)), (gettext("Billed to"), party(found.buyer))],
        tables=[Table("", columns, lines)], totals=totals(found), notes=_notes(found), page_of=page_of(),
        language=str(get_locale()),
    )  # fmt: skip


def totals(found: Invoice) -> list[tuple[str, str]]:
    """Return the sums of an invoice, the last one what is to be paid."""
    rows = [(gettext("Net"), money(found.net)), (words.tax(found.tax_kind, found.tax_bps), money(found.tax))]
    rows += [(gettext("Rounding"), money(found.rounding))] if found.rounding else []
    rows += [(gettext("Set off against credit"), money(-found.settled))] if found.settled else []
    return [*rows, (gettext("To be paid"), money(found.due))]


def _notes(found: Invoice) -> list[str]:
    notes = []
    if found.tax_kind == "reverse_charge":
        notes.append(gettext("Reverse charge: the customer owes the tax."))
    if found.bank:
        notes.append(gettext("Bank transfers to: %(bank)s. Give the number %(number)s.", bank=found.bank,
                             number=found.number))  # fmt: skip
    return [*notes, gettext("Fingerprint of these figures: %(hash)s", hash=found.hash)]


def note_sheet(found: Note, of: Invoice) -> Sheet:
    """Return a credit note on an invoice."""
    columns = [Column(gettext("What"), 9), Column(gettext("Amount"), 2, is_numeric=True)]
    rows = [(gettext("Net"), money(found.net)), (words.tax(of.tax_kind, of.tax_bps), money(found.tax))]
    rows += [(gettext("Rounding"), money(found.rounding))] if found.rounding else []
    return Sheet(
        brand=(of.seller.name, _BRAND), title=gettext("Credit note"), number=found.number,
        facts=[(gettext("Number"), found.number), (gettext("Date"), write_date(found.issued_on)),
               (gettext("Corrects"), of.number)],
        parties=[(gettext("Issued by"), party(of.seller)), (gettext("Billed to"), party(of.buyer))],
        tables=[Table("", columns, [Line((found.reason, money(found.net)))])],
        totals=[*rows, (gettext("Total"), money(found.gross))],
        notes=[gettext("The invoice is undone; nothing is to be paid.") if found.kind == "void"
               else gettext("The amount is set off against the next invoices.")],
        page_of=page_of(), language=str(get_locale()),
    )  # fmt: skip
