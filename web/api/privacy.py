"""A buyer's privacy over the API: consents, copies of their data, erasing the account; and the operator's list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext
from marshmallow import fields, validate

from core.compliance import own_data
from core.compliance.own_data import Request
from core.customers import consents
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from web.api.surface import Strict, api_edge, resource
from web.auth import flows
from web.store.account import customer_id
from web.store.privacy import archive, buyer_user_id

consent_blueprint = resource("consents", "/me/consents", "What a buyer has agreed to, purpose by purpose")
copy_blueprint = resource("copies", "/me/copies", "Copies of everything that is held about a buyer")
erasure_blueprint = resource("erasure", "/me/erasure", "Erasing a buyer's account")
requests_blueprint = resource("privacy_requests", "/privacy-requests", "What buyers asked about their own data")
Json = Mapping[str, object]


class AnswerIn(Strict):
    """A yes or a no, with the words that were shown; without words the marketplace's own count."""

    is_given = fields.Boolean(required=True, truthy={True}, falsy={False})
    wording = fields.String(load_default="", validate=validate.Length(max=500))


class PasswordIn(Strict):
    """The buyer's password, so that nobody else does it in their name."""

    password = fields.String(required=True, validate=validate.Length(max=300), load_only=True)


class RequestsQuery(Strict):
    """Which page."""

    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


def _consents() -> Json:
    return {
        "data": [
            {"purpose": one.purpose, "is_given": one.is_given, "wording": one.wording,
             "at": one.at.isoformat() if one.at else None}
            for one in consents.current(customer_id())
        ],
        "next": None,
    }  # fmt: skip


def _request(one: Request) -> Json:
    return {
        "id": str(one.id), "kind": one.kind, "state": one.state, "asked_at": one.asked_at.isoformat(),
        "done_at": one.done_at.isoformat() if one.done_at else None, "size": one.size,
        "expires_at": one.expires_at.isoformat() if one.expires_at else None, "report": list(one.report),
    }  # fmt: skip


@consent_blueprint.get("/")
@api_edge(Realm.BUYER)
def list_consents() -> Json:
    """Return the present answer to every purpose."""
    return _consents()


@consent_blueprint.put("/<purpose>")
@consent_blueprint.arguments(AnswerIn)
@api_edge(Realm.BUYER)
def answer_consent(body: dict[str, Any], purpose: str) -> Json:
    """Say yes or no to a purpose; the newest answer counts. 422 for an unknown one."""
    wording = body["wording"] or str(gettext(consents.PURPOSES.get(purpose, "?")))
    answer = consents.give if body["is_given"] else consents.withdraw
    answer(customer_id(), purpose, wording)
    return _consents()


@copy_blueprint.get("/")
@api_edge(Realm.BUYER)
def list_copies() -> Json:
    """List the copies that were asked for, newest first."""
    found = own_data.requests(buyer_user_id())
    return {"data": [_request(one) for one in found if one.kind == "export"], "next": None}


@copy_blueprint.post("/")
@api_edge(Realm.BUYER)
def ask_for_copy() -> tuple[Json, int]:
    """Ask for a copy; a job makes it. While one is being made, the same one is returned."""
    return _request(own_data.ask_export(buyer_user_id())), 202


@copy_blueprint.get("/<uuid:request_id>")
@api_edge(Realm.BUYER)
def show_copy(request_id: UUID) -> Json:
    """Return one request of one's own."""
    return _request(own_data.find(buyer_user_id(), request_id))


@copy_blueprint.get("/<uuid:request_id>/file")
@edge(Realm.BUYER)
def fetch_copy(request_id: UUID) -> Response:
    """Send the archive to its owner, for a week."""
    return archive(own_data.archive(buyer_user_id(), request_id))


@erasure_blueprint.post("/")
@erasure_blueprint.arguments(PasswordIn)
@api_edge(Realm.BUYER, tx=Tx.OWN)
def erase_account(body: dict[str, Any]) -> tuple[Json, int]:
    """Erase the account; a job does it. 409 while orders are open. The session ends at once."""
    return _request(flows.erase_account(buyer_user_id(), body["password"])), 202


@requests_blueprint.get("")
@requests_blueprint.arguments(RequestsQuery, location="query")
@api_edge(Realm.OPERATOR, "customers.view")
def list_requests(query: dict[str, Any]) -> Json:
    """List what buyers have asked for and what became of it, newest first."""
    found = own_data.all_requests(before=query["cursor"], limit=query["limit"] + 1)
    shown = found[: query["limit"]]
    return {"data": [_request(one) for one in shown], "next": str(shown[-1].id) if len(found) > len(shown) else None}
