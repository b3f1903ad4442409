"""A merchant's statements and documents: each total opens down to its orders; PDF, CSV and XLSX to download."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from core.accounting import documents, reading
from core.http.answers import Answer, page
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from web import statement_pages
from web import statement_words as words
from web.merchant.surface import blueprint, menu
from web.sellers import merchant_id

menu.add("Money", 30, "Statements", "merchant.statements", "receipt", "money.view")
menu.add("Money", 32, "Documents", "merchant.documents", "file-text", "money.view")


@blueprint.get("/statements", endpoint="statements")
@edge(Realm.MERCHANT, "money.view")
def own_statements() -> Answer:
    """List the merchant's statements, newest first."""
    after = request.args.get("after", "")[:40]
    rows, following = reading.listed(merchant_id=merchant_id(), after=after)
    return page("merchant/statements.html", rows=rows, words=words, following=following, is_first=not after)


@blueprint.get("/statements/<uuid:statement_id>")
@edge(Realm.MERCHANT, "money.view")
def statement(statement_id: UUID) -> Answer:
    """Show one statement."""
    return statement_pages.statement_page(reading.statement(statement_id, merchant_id=merchant_id()), "merchant")


@blueprint.get("/statements/<uuid:statement_id>/<any(pdf, csv, xlsx):ending>")
@edge(Realm.MERCHANT, "money.view", tx=Tx.OWN)
def statement_file(statement_id: UUID, ending: str) -> Answer:
    """Send a statement as a file."""
    return statement_pages.statement_file(statement_id, ending, merchant_id())


@blueprint.get("/statements/<uuid:statement_id>/<pot>/<section>")
@edge(Realm.MERCHANT, "money.view")
def statement_postings(statement_id: UUID, pot: str, section: str) -> Answer:
    """Show the postings behind one total."""
    found = reading.statement(statement_id, merchant_id=merchant_id())
    return statement_pages.postings_page(found, pot, section, "merchant")


@blueprint.get("/documents", endpoint="documents")
@edge(Realm.MERCHANT, "money.view")
def own_documents() -> Answer:
    """List the marketplace's invoices to the merchant and the merchant's own to buyers, newest first."""
    kind, before = request.args.get("kind", ""), request.args.get("before", type=UUID)
    kinds = [kind] if kind in words.DOCUMENTS else []
    found, following = documents.listed(merchant_id=merchant_id(), kinds=kinds, before=before)
    return page(
        "console/documents.html", rows=statement_pages.paper_rows(found, "merchant"), kind=kind, surface="merchant",
        kinds=statement_pages.kind_choices(),
        next_href=url_for("merchant.documents", before=following, kind=kind) if following else "",
        previous_href=url_for("merchant.documents", kind=kind) if before else "",
    )  # fmt: skip


@blueprint.get("/documents/<uuid:document_id>.pdf")
@edge(Realm.MERCHANT, "money.view", tx=Tx.OWN)
def document_file(document_id: UUID) -> Answer:
    """Send a document as a PDF."""
    return statement_pages.document_file(document_id, merchant_id())
