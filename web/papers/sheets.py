"""Statements and fiscal documents as sheets in the reader's language, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import get_locale

from core.accounting.documents import Paper
from core.accounting.parties import PartyOnPaper
from core.accounting.reading import Pot, Statement
from core.kernel.money import Money
from core.kernel.tenancy import current
from web import statement_words as words
from web.order_words import gettext
from web.papers.layout import Column, Line, Sheet, Table
from web.rendering import money, number, percent, write_date

_BRAND = "#b8412b"


def _brand(name: str) -> tuple[str, str]:
    colour = str(current().setting("brand_hex") or _BRAND)
    return name, colour if len(colour) == len(_BRAND) else _BRAND


def party(party: PartyOnPaper) -> list[str]:
    """Return a party's lines as a document shows them."""
    lines = [party.name, *party.address]
    if party.tax_number:
        lines.append(gettext("Tax number: %(number)s", number=party.tax_number))
    if party.registration_number:
        lines.append(gettext("Registration: %(number)s", number=party.registration_number))
    return [*lines, party.email] if party.email else lines


def page_of() -> str:
    """Return the template of page numbers."""
    return gettext("Page %(page)s of %(pages)s", page="{page}", pages="{pages}")


def statement_sheet(found: Statement) -> Sheet:
    """Return a statement: its three accounts, each with opening, totals and closing balance."""
    columns = [Column(gettext("What"), 6), Column(gettext("Postings"), 1, is_numeric=True),
               Column(gettext("Amount"), 2, is_numeric=True)]  # fmt: skip
    tables = [Table(words.pot(pot.name), columns, _lines(pot)) for pot in found.pots if _is_used(pot)]
    return Sheet(
        brand=_brand(current().name), title=gettext("Statement"), number=found.number,
        facts=[
            (gettext("Number"), found.number), (gettext("Period"), words.month(found.month)),
            (gettext("First day"), write_date(found.month)), (gettext("Last day"), write_date(found.last_day)),
            (gettext("Issued"), write_date(found.issued_at)), (gettext("Currency"), found.currency),
        ],
        parties=[(gettext("Issued by"), party(found.seller)), (gettext("Merchant"), party(found.buyer))],
        tables=tables,
        totals=[(gettext("Balance on %(day)s", day=write_date(found.last_day)), money(found.payable.closing))],
        notes=[
            gettext("A positive balance is what the marketplace owes the merchant; a negative one is owed to it and "
                    "is set off against later sales."),
            gettext("What becomes known after a statement is issued stands in the next one, with its own date."),
            gettext("Fingerprint of these figures: %(hash)s", hash=found.hash),
        ],
        page_of=page_of(), language=str(get_locale()),
    )  # fmt: skip


def _is_used(pot: Pot) -> bool:
    return pot.name == "payable" or bool(pot.totals or pot.opening or pot.closing)


def _lines(pot: Pot) -> list[Line]:
    rows = [
        Line((words.section(pot.name, one.section), number(one.rows), money(one.amount))) for one in pot.totals
    ]  # fmt: skip
    opening = Line((gettext("Opening balance"), "", money(pot.opening)), "head")
    return [opening, *rows, Line((gettext("Closing balance"), "", money(pot.closing)), "sum")]


def document_sheet(paper: Paper, *, corrects: str = "", order: str = "") -> Sheet:
    """Return an invoice or credit note; `corrects` is the number of the invoice that a credit note corrects."""
    facts = [
        (gettext("Number"), paper.number), (gettext("Date"), write_date(paper.issued_on)),
        (gettext("Supplied on"), write_date(paper.supplied_on)),
    ]  # fmt: skip
    facts += [(gettext("Order"), order)] if order else []
    facts += [(gettext("Corrects"), corrects)] if corrects else []
    return Sheet(
        brand=_brand(paper.seller.name if paper.order_id else current().name), title=words.document(paper.kind),
        number=paper.number, facts=facts,
        parties=[(gettext("Issued by"), party(paper.seller)), (gettext("Billed to"), party(paper.buyer))],
        tables=[_positions(paper), _taxes(paper)], totals=_totals(paper), notes=_notes(paper),
        page_of=page_of(), language=str(get_locale()),
    )  # fmt: skip


def _positions(paper: Paper) -> Table:
    columns = [
        Column(gettext("What"), 9), Column(gettext("Quantity"), 2, is_numeric=True),
        Column(gettext("Net"), 3, is_numeric=True), Column(gettext("Tax rate"), 2, is_numeric=True),
        Column(gettext("Tax"), 3, is_numeric=True), Column(gettext("Gross"), 3, is_numeric=True),
    ]  # fmt: skip
    lines = [
        Line((words.line(one.code, one.title), number(one.quantity), money(one.net), _rate(one.rate_bps),
              money(one.tax), money(one.gross)))
        for one in paper.lines
    ]  # fmt: skip
    return Table("", columns, lines)


def _rate(bps: int | None) -> str:
    return "–" if bps is None else percent(bps)


def _taxes(paper: Paper) -> Table:
    columns = [Column(gettext("Tax rate"), 4), Column(gettext("Net"), 3, is_numeric=True),
               Column(gettext("Tax"), 3, is_numeric=True), Column(gettext("Gross"), 3, is_numeric=True)]  # fmt: skip
    lines = [Line((_rate(t.rate_bps), money(t.net), money(t.tax), money(t.net + t.tax))) for t in paper.taxes]
    return Table(gettext("Tax by rate"), columns, lines)


def _totals(paper: Paper) -> Sequence[tuple[str, str]]:
    rows = [(gettext("Net"), money(paper.net)), (gettext("Tax"), money(paper.tax))]
    gross = (gettext("Total"), money(paper.gross))
    if not paper.settled:
        return [*rows, gross]
    if paper.statement_id or paper.kind == "payment_request":
        return [*rows, gross]
    left: Money = paper.gross - paper.settled
    return [
        *rows, gross, (gettext("Of it paid by the marketplace"), money(-paper.settled)),
        (gettext("Refunded to the buyer") if paper.kind == "credit_note" else gettext("Paid by the buyer"), money(left)),
    ]  # fmt: skip


def _reference(paper: Paper) -> str:
    """Return the number that a payment has to name: the debt's own, which the marketplace's books know."""
    return paper.lines[0].title


def _notes(paper: Paper) -> list[str]:
    if paper.kind == "fee_invoice":
        first = gettext(
            "Nothing is to be paid: the amount was taken from the merchant's balance, as its statement says."
        )
    elif paper.kind == "fee_credit":
        first = gettext("The amount was added to the merchant's balance, as its statement says.")
    elif paper.kind == "payment_request":
        first = gettext(
            "Please pay this to the marketplace's bank account and name %(number)s.", number=_reference(paper)
        )
    elif paper.kind == "credit_note":
        first = gettext("The amount goes back the way it was paid.")
    else:
        first = gettext("Paid in full through %(market)s. Thank you.", market=current().name)
    return [first, gettext("Fingerprint of these figures: %(hash)s", hash=paper.hash)]
