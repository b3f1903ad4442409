"""The operator's statements: months and their state, issuing, each merchant's statement, documents, downloads."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.accounting import documents, months, reading, statements
from core.accounting.reading import Statement
from core.http import csv
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.merchants import directory
from web import statement_pages
from web import statement_words as words
from web.operator.surface import blueprint, menu

menu.add("Money", 44, "Statements", "operator.statements", "receipt", "ledger.view")
menu.add("Money", 46, "Documents", "operator.documents", "file-text", "ledger.view")


@blueprint.get("/statements", endpoint="statements")
@edge(Realm.OPERATOR, "ledger.view")
def statement_months(error: AppError | None = None, **_names: object) -> Answer:
    """Show every month with the state of its statements."""
    return page("operator/statements.html", months=reading.months_listed(), words=words,
                said=message(error) if error else "")  # fmt: skip


@blueprint.post("/statements/<month>/issue")
@edge(Realm.OPERATOR, "ledger.close", again=statement_months)
def issue_statements(month: str) -> Answer:
    """Begin to issue a month's statements."""
    statements.start(months.parse(month))
    return see(url_for("operator.statements_of", month=month), gettext("The statements are being issued"))


@blueprint.get("/statements/<month>")
@edge(Realm.OPERATOR, "ledger.view")
def statements_of(month: str) -> Answer:
    """List a month's statements; while they are being issued, show how far that is."""
    day = months.parse(month)
    rows, following = reading.listed(month=day, after=request.args.get("after", "")[:40])
    return page(
        "operator/statement_month.html", fragment="operator/_statement_run.html", month=reading.month_found(day),
        name=words.month(day), code=month, rows=rows, following=following, is_first="after" not in request.args,
        merchants=directory.found({row.merchant_id for row in rows}),
    )  # fmt: skip


@blueprint.get("/statements/<month>/all.csv")
@edge(Realm.OPERATOR, "ledger.view")
def statements_file(month: str) -> Answer:
    """Send all of a month's statements as one table: a row for each merchant, a column for each total."""
    day, after = months.parse(month), ""
    rows: list[Statement] = []
    while len(rows) < csv.MOST:
        some, after = reading.listed(month=day, after=after, limit=1_000)
        rows += some
        if not after:
            break
    sections = list(words.SECTIONS)
    head = ["number", "merchant_id", "merchant", "currency", "opening",
            *(f"{pot}_{section}" for pot, section in sections), "closing"]  # fmt: skip
    table = []
    for row in rows:
        amounts = {(t.pot, t.section): t.amount.decimal for pot in row.pots for t in pot.totals}
        table.append([row.number, row.merchant_id, row.buyer.name, row.currency, row.payable.opening.decimal,
                      *(amounts.get(key, 0) for key in sections), row.payable.closing.decimal])  # fmt: skip
    return csv.answer(f"statements-{day:%Y-%m}", head, table)


@blueprint.get("/statement/<uuid:statement_id>")
@edge(Realm.OPERATOR, "ledger.view")
def statement(statement_id: UUID) -> Answer:
    """Show one merchant's statement."""
    return statement_pages.statement_page(reading.statement(statement_id), "operator")


@blueprint.get("/statement/<uuid:statement_id>/<any(pdf, csv, xlsx):ending>")
@edge(Realm.OPERATOR, "ledger.view", tx=Tx.OWN)
def statement_file(statement_id: UUID, ending: str) -> Answer:
    """Send a statement as a file."""
    return statement_pages.statement_file(statement_id, ending)


@blueprint.get("/statement/<uuid:statement_id>/<pot>/<section>")
@edge(Realm.OPERATOR, "ledger.view")
def statement_postings(statement_id: UUID, pot: str, section: str) -> Answer:
    """Show the postings behind one total."""
    return statement_pages.postings_page(reading.statement(statement_id), pot, section, "operator")


@blueprint.get("/documents", endpoint="documents")
@edge(Realm.OPERATOR, "ledger.view")
def documents_page() -> Answer:
    """List invoices and credit notes, the marketplace's and the shops', newest first."""
    kind, before = request.args.get("kind", ""), request.args.get("before", type=UUID)
    found, following = documents.listed(kinds=[kind] if kind in words.DOCUMENTS else [], before=before)
    return page(
        "console/documents.html", rows=statement_pages.paper_rows(found, "operator"), kind=kind, surface="operator",
        kinds=statement_pages.kind_choices(),
        next_href=url_for("operator.documents", before=following, kind=kind) if following else "",
        previous_href=url_for("operator.documents", kind=kind) if before else "",
    )  # fmt: skip


@blueprint.get("/documents/<uuid:document_id>.pdf")
@edge(Realm.OPERATOR, "ledger.view", tx=Tx.OWN)
def document_file(document_id: UUID) -> Answer:
    """Send a document as a PDF."""
    return statement_pages.document_file(document_id)
