"""The ledger in the API: balances, entries and the proof, for the operator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from core.identity.principals import Realm
from core.ledger import balances, reading
from core.ledger.reading import Entry, Wanted
from core.ledger.verify import verify
from web.api.surface import Strict, api_edge, resource

blueprint = resource("ledger", "/ledger", "Double-entry journal: append-only, sealed, provable")
Json = Mapping[str, object]


class EntryQuery(Strict):
    """How entries are narrowed and paged."""

    kind = fields.String(load_default="", validate=validate.Length(max=80))
    account = fields.String(load_default="", validate=validate.Length(max=120))
    order_id = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


@blueprint.get("/balances")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_balances() -> Json:
    """Return every account that is not zero: debit positive, credit negative."""
    return {
        "data": [
            {"account": one.account, "currency": one.amount.currency, "balance_minor": one.amount.minor}
            for one in balances.balances()
        ]
    }


@blueprint.get("/entries")
@blueprint.arguments(EntryQuery, location="query")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_entries(query: dict[str, Any]) -> Json:
    """List entries with their postings, newest first."""
    wanted = Wanted(query["kind"], query["account"], query["order_id"], query["cursor"], query["limit"])
    found, following = reading.entries(wanted)
    return {"data": [_entry(one) for one in found], "next": str(following) if following else None}


def _entry(one: Entry) -> Json:
    return {
        "id": str(one.id), "key": one.key, "kind": one.kind, "order_id": str(one.order_id) if one.order_id else None,
        "reverses_id": str(one.reverses_id) if one.reverses_id else None, "posted_at": one.posted_at.isoformat(),
        "effective_on": one.effective_on.isoformat(),
        "postings": [
            {"source": p.source, "destination": p.destination, "amount_minor": p.amount.minor,
             "currency": p.amount.currency, "memo": p.memo}
            for p in one.postings
        ],
    }  # fmt: skip


@blueprint.get("/verify")
@api_edge(Realm.OPERATOR, "ledger.view")
def verify_ledger() -> Json:
    """Recompute the chains and balances from the rows themselves."""
    proof = verify()
    return {
        "clean": proof.is_clean, "entries": proof.entries, "first_broken": proof.first_broken,
        "drifted": list(proof.drifted), "sums": proof.sums,
    }  # fmt: skip
