"""Accounting in the API: statements, documents, closed months, entries by hand, reports, the accountants' export."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import fields, validate

from core.accounting import (
    chart,
    closing,
    documents,
    manual,
    months,
    order_documents,
    proof,
    reading,
    reports,
    statements,
)
from core.accounting.sections import POTS
from core.hooks.money import Posting
from core.http.edge import Tx, principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, Missing, Unauthenticated, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.ledger import books
from web import accounting_files, statement_pages
from web.api.answers import answer, cursor, limit, listed
from web.api.surface import Strict, api_edge, resource
from web.purchases import visible_order

blueprint = resource("accounting", "/accounting", "Statements, fiscal documents, closed months, reports")
_MONTH = validate.Regexp(r"\d{4}-(0[1-9]|1[0-2])\Z")
_STEPS = {"close": closing.ask_to_close, "reopen": closing.ask_to_reopen}


class MonthIn(Strict):
    """A month such as "2026-03"."""

    month = fields.String(required=True, validate=_MONTH)


class WishIn(MonthIn):
    """To close a month, or to open it and all after it again; a second person must agree."""

    step = fields.String(required=True, validate=validate.OneOf(sorted(_STEPS)))


class PostingIn(Strict):
    """An amount that moves from one account (credit) to another (debit)."""

    source = fields.String(required=True, validate=validate.Length(1, 120))
    destination = fields.String(required=True, validate=validate.Length(1, 120))
    amount_minor = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**62))
    memo = fields.String(load_default="", validate=validate.Length(max=200))


class ManualIn(Strict):
    """An entry by hand; a second person must post it."""

    reason = fields.String(required=True, validate=validate.Length(1, 500))
    effective_on = fields.Date(required=True)
    postings = fields.List(fields.Nested(PostingIn), required=True, validate=validate.Length(1, 40))


def _scope() -> UUID | None:
    """Return whose papers may be seen: a merchant's own, None for the operator's all. Raise Denied otherwise."""
    who = principal()
    if who.is_guest:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    if who.realm is Realm.OPERATOR:
        who.require("ledger.view")
        return None
    if who.realm is not Realm.MERCHANT or who.merchant_id is None:
        raise Denied("identity.not_allowed", _("This is not for you to see"))
    who.require("money.view")
    return who.merchant_id


def _who() -> UUID:
    return principal().user_id or principal().key_id or UUID(int=0)


@blueprint.get("/months")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_months() -> Response:
    """List the months with the state of their statements, and the first day that is open for entries."""
    return answer({"data": reading.months_listed(), "closed_until": books.books().closed_until})


@blueprint.post("/statement-runs")
@blueprint.arguments(MonthIn)
@api_edge(Realm.OPERATOR, "ledger.close")
def issue_statements(body: dict[str, Any]) -> Response:
    """Begin to issue a month's statements; again: the same run."""
    month = months.parse(body["month"])
    statements.start(month)
    return answer(reading.month_found(month), 202)


@blueprint.get("/proof")
@api_edge(Realm.OPERATOR, "ledger.view")
def prove_statements() -> Response:
    """Compare all statements with the journal: how many differ; none, if all is well."""
    return answer(proof.prove())


@blueprint.get("/statements")
@api_edge(Realm.MERCHANT, login=False)
def list_statements() -> Response:
    """List statements, newest first: ?month=2026-03, ?cursor= the last number seen."""
    merchant_id, text = _scope(), request.args.get("month", "")
    month = months.parse(text) if text else None
    after = request.args.get("cursor", "")[:40]
    rows, following = reading.listed(month=month, merchant_id=merchant_id, after=after, limit=limit())
    return answer({"data": rows, "next": following or None})


@blueprint.get("/statements/<uuid:statement_id>")
@api_edge(Realm.MERCHANT, login=False)
def show_statement(statement_id: UUID) -> Response:
    """Show a statement with its totals."""
    return answer(reading.statement(statement_id, merchant_id=_scope()))


@blueprint.get("/statements/<uuid:statement_id>/postings/<pot>/<section>")
@api_edge(Realm.MERCHANT, login=False)
def list_statement_postings(statement_id: UUID, pot: str, section: str) -> Response:
    """List the postings behind one total, newest first."""
    found = reading.statement(statement_id, merchant_id=_scope())
    if pot not in POTS:
        raise Missing("accounting.no_total", _("There is no such total"))
    rows, following = reading.behind(found, pot, section, before=cursor(), limit=limit())
    return listed(rows, following)


@blueprint.get("/statements/<uuid:statement_id>/<any(pdf, csv, xlsx):ending>")
@api_edge(Realm.MERCHANT, login=False, tx=Tx.OWN)
def statement_file(statement_id: UUID, ending: str) -> Response:
    """Send a statement as a file."""
    merchant_id = _scope()
    return statement_pages.statement_file(statement_id, ending, merchant_id)


@blueprint.get("/documents")
@api_edge(Realm.MERCHANT, login=False)
def list_documents() -> Response:
    """List invoices and credit notes, newest first."""
    rows, following = documents.listed(merchant_id=_scope(), before=cursor(), limit=limit())
    return listed(rows, following)


@blueprint.get("/documents/<uuid:document_id>")
@api_edge(Realm.MERCHANT, login=False)
def show_document(document_id: UUID) -> Response:
    """Show a document as it was issued."""
    return answer(documents.paper(document_id, merchant_id=_scope()))


@blueprint.get("/documents/<uuid:document_id>/pdf")
@api_edge(Realm.MERCHANT, login=False, tx=Tx.OWN)
def document_file(document_id: UUID) -> Response:
    """Send a document as a PDF."""
    merchant_id = _scope()
    return statement_pages.document_file(document_id, merchant_id)


@blueprint.post("/purchases/<uuid:purchase_id>/orders/<uuid:order_id>/invoice")
@api_edge(Realm.BUYER, login=False)
def make_invoice(purchase_id: UUID, order_id: UUID) -> Response:
    """Issue the invoice of one's own order, once, and show it."""
    visible_order(purchase_id, order_id)
    return answer(documents.paper(order_documents.invoice(order_id)), 201)


@blueprint.get("/closings")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_closings() -> Response:
    """List what waits for a second person."""
    return answer({"data": closing.waiting()})


@blueprint.post("/closings")
@blueprint.arguments(WishIn)
@api_edge(Realm.OPERATOR, "ledger.close")
def ask_for_closing(body: dict[str, Any]) -> Response:
    """Ask to close a month, or to open it again."""
    return answer(_STEPS[body["step"]](months.parse(body["month"]), by=_who()), 201)


@blueprint.post("/closings/<uuid:approval_id>/<any(approve, reject):decision>")
@api_edge(Realm.OPERATOR, "ledger.close")
def decide_closing(approval_id: UUID, decision: str) -> Response:
    """Agree or refuse as another person."""
    (closing.approve if decision == "approve" else closing.reject)(approval_id, by=_who())
    return answer({"closed_until": books.books().closed_until})


@blueprint.get("/manual-entries")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_manual_entries() -> Response:
    """List entries by hand, newest first."""
    rows, following = manual.listed(before=cursor(), limit=limit())
    return listed(rows, following)


@blueprint.post("/manual-entries")
@blueprint.arguments(ManualIn)
@api_edge(Realm.OPERATOR, "ledger.post")
def draft_manual_entry(body: dict[str, Any]) -> Response:
    """Draft an entry by hand, in the marketplace's currency."""
    postings = [
        Posting(one["source"], one["destination"], Money(one["amount_minor"], current().currency), one["memo"])
        for one in body["postings"]
    ]
    return answer({"id": manual.draft(body["reason"], body["effective_on"], postings, by=_who())}, 201)


@blueprint.post("/manual-entries/<uuid:manual_id>/<any(approve, reject):decision>")
@api_edge(Realm.OPERATOR, "ledger.post")
def decide_manual_entry(manual_id: UUID, decision: str) -> Response:
    """Post an entry or turn it down, as another person."""
    if decision == "reject":
        manual.reject(manual_id, by=_who())
        return answer({"entry_id": None})
    return answer({"entry_id": manual.approve(manual_id, by=_who())})


@blueprint.get("/trial-balance")
@api_edge(Realm.OPERATOR, "ledger.view")
def trial_balance() -> Response:
    """Return every account at the end of a day, ?on=2026-03-31: debit positive."""
    return answer({"data": reports.trial(_day(request.args.get("on", "")))})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


@blueprint.get("/profit")
@api_edge(Realm.OPERATOR, "ledger.view")
def profit() -> Response:
    """Return profit and loss by month: income positive, expenses negative."""
    known = [one.month for one in reading.months_listed()]
    rows = reports.profit(known[-1], known[0]) if known else []
    return answer({"data": [{"month": row.month, "amounts": row.amounts, "result": row.result} for row in rows]})


@blueprint.get("/taxes/<month>")
@api_edge(Realm.OPERATOR, "ledger.view")
def taxes(month: str) -> Response:
    """Return the taxes of a month by source and rate."""
    return answer({"data": reports.taxes(months.parse(month))})


@blueprint.get("/export/<month>.csv")
@api_edge(Realm.OPERATOR, "ledger.view")
def export(month: str) -> Response:
    """Send a month's postings as double entry; ?format=datev for the columns that DATEV takes."""
    return accounting_files.answer(months.parse(month), request.args.get("format", ""))


@blueprint.get("/chart")
@api_edge(Realm.OPERATOR, "ledger.view")
def show_chart() -> Response:
    """Return the chart of accounts."""
    return answer({"data": chart.chart()})
