"""The ledger explored: accounts by day or month, entries whole, search; the trial balance as of a day."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from core.accounting import documents
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.identity.principals import Realm
from core.ledger import exploring, reading
from core.ledger.exploring import Span
from core.merchants import directory
from core.orders import queries
from web.operator.money import account_names
from web.operator.surface import blueprint
from web.order_words import kind, memo


@blueprint.get("/ledger/account")
@edge(Realm.OPERATOR, "ledger.view")
def ledger_account() -> Answer:
    """Show an account by day or month with its running balance, and its latest movements."""
    address = request.args.get("address", "")[:120]
    span = Span.DAY if request.args.get("by") == "day" else Span.MONTH
    before = request.args.get("before", type=UUID)
    rows, following = reading.movements([address], before=before)
    names = account_names({address, *(row.other for row in rows)})
    return page(
        "operator/ledger_account.html", address=address, span=span, spans=exploring.gathered(address, span), rows=rows,
        names=names, numbers=queries.numbers(row.order_id for row in rows if row.order_id), kind=kind, memo=memo,
        following=following, before=before,
    )  # fmt: skip


@blueprint.get("/ledger/entry/<uuid:entry_id>")
@edge(Realm.OPERATOR, "ledger.view")
def ledger_entry(entry_id: UUID) -> Answer:
    """Show an entry: its postings, what it undoes or is undone by, its order and the order's documents."""
    found = exploring.whole(entry_id)
    entry = found.entry
    ids = [entry.order_id] if entry.order_id else []
    papers = [paper for some in documents.of_order(ids).values() for paper in some]
    return page(
        "operator/ledger_entry.html", found=found, entry=entry, kind=kind, memo=memo, papers=papers,
        names=account_names({end for p in entry.postings for end in (p.source, p.destination)}),
        number=queries.numbers(ids).get(entry.order_id, "") if entry.order_id else "",
    )  # fmt: skip


@blueprint.get("/ledger/search")
@edge(Realm.OPERATOR, "ledger.view")
def ledger_search() -> Answer:
    """Find an entry by its key, the entries of an order by its number, or accounts by name or merchant."""
    words = request.args.get("q", "").strip()[:80]
    if not words:
        return see(url_for("operator.ledger"))
    entry_id = exploring.entry_like(words)
    if entry_id is not None:
        return see(url_for("operator.ledger_entry", entry_id=entry_id))
    if queries.numbered(words) is not None:
        return see(url_for("operator.entries", order=words))
    owners = [merchant.id for merchant in directory.search(words=words)]
    found = exploring.accounts_like(words, owners)
    return page("operator/ledger_search.html", words=words, found=found, names=account_names(found))
