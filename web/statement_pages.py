"""What the pages of statements and documents share between operator and merchant: values of pages, files to download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, abort, request
from flask_babel import gettext

from core.accounting import documents, reading
from core.accounting.documents import Paper
from core.accounting.reading import Statement
from core.accounting.sections import SECTIONS
from core.http.answers import Answer, page
from core.kernel.tx import read_only
from core.orders import queries
from web import statement_words as words
from web.order_words import account, kind, memo
from web.papers import pdf, tables
from web.papers.sheets import document_sheet, statement_sheet

_PDF = "application/pdf"


def statement_page(found: Statement, surface: str) -> Answer:
    """Show a statement; every total is a link to the postings behind it."""
    return page(
        "console/statement.html", found=found, words=words, surface=surface, papers=documents.of_statement(found.id),
        is_unchanged=reading.is_unchanged(found),
    )  # fmt: skip


def postings_page(found: Statement, pot: str, section: str, surface: str) -> Answer:
    """Show the postings behind one total, each with its order."""
    if section not in SECTIONS.get(pot, ()):
        abort(404)
    before = request.args.get("before", type=UUID)
    rows, following = reading.behind(found, pot, section, before=before)
    total = next((t for p in found.pots for t in p.totals if (t.pot, t.section) == (pot, section)), None)
    return page(
        "console/statement_postings.html", found=found, pot=pot, section=section, words=words, surface=surface,
        rows=rows, total=total, numbers=queries.numbers(row.order_id for row in rows if row.order_id), kind=kind,
        memo=memo, account=account, following=following, before=before,
    )  # fmt: skip


def statement_file(statement_id: UUID, ending: str, merchant_id: UUID | None = None) -> Response:
    """Send a statement as pdf, csv or xlsx. Opens its own transaction: drawing takes time."""
    with read_only():
        found = reading.statement(statement_id, merchant_id=merchant_id)
        if ending != "pdf":
            whole = tables.opened(found)
    if ending == "csv":
        return tables.as_csv(whole)
    if ending == "xlsx":
        return tables.as_xlsx(whole)
    return tables.download(pdf.draw(statement_sheet(found)), f"{found.number}.pdf", _PDF)


def document_file(document_id: UUID, merchant_id: UUID | None = None) -> Response:
    """Send a document as a PDF. Opens its own transaction: drawing takes time."""
    with read_only():
        return_of = _with_references(documents.paper(document_id, merchant_id=merchant_id))
    return drawn(*return_of)


def _with_references(paper: Paper) -> tuple[Paper, str, str]:
    corrects = documents.paper(paper.corrects_id).number if paper.corrects_id else ""
    order = queries.numbers([paper.order_id]).get(paper.order_id, "") if paper.order_id else ""
    return paper, corrects, order


def drawn(paper: Paper, corrects: str, order: str) -> Response:
    """Draw a document and send it."""
    data = pdf.draw(document_sheet(paper, corrects=corrects, order=order))
    return tables.download(data, f"{paper.number}.pdf", _PDF)


def paper_rows(papers: list[Paper], surface: str) -> list[dict[str, Any]]:
    """Return documents as rows of a list."""
    return [
        {"number": one.number, "kind": words.document(one.kind), "date": one.issued_on, "to": one.buyer.name,
         "gross": one.gross, "id": one.id, "surface": surface}
        for one in papers
    ]  # fmt: skip


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of documents for a filter."""
    return [("", gettext("All")), *((name, str(word)) for name, word in words.DOCUMENTS.items())]
