"""Disputes in the API: the operator's cases, and a merchant's own part and answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields, validate

from core.billing import disputes
from core.billing.disputes import Dispute, Share
from core.http.answers import Answer
from core.http.edge import Tx, principal
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.tx import transaction
from core.media import uploads
from web import files
from web.api.surface import Strict, api_edge, resource

blueprint = resource("disputes", "/disputes", "Payments that a buyer's bank has taken back")
LIMIT = 50


class ShareOut(Strict):
    """What of a dispute falls to an order, and its merchant's answer."""

    id = fields.UUID()
    order_id = fields.UUID()
    order_number = fields.String()
    merchant_id = fields.UUID()
    amount_minor = fields.Integer()
    currency = fields.String()
    answer = fields.String()
    has_paper = fields.Boolean()
    answered_at = fields.AwareDateTime(allow_none=True)


class DisputeOut(Strict):
    """A dispute: `asked` is what is under way to the provider. Merchants see their own shares."""

    id = fields.UUID()
    purchase_id = fields.UUID()
    reference = fields.String()
    reason = fields.String()
    amount_minor = fields.Integer()
    fee_minor = fields.Integer()
    currency = fields.String()
    state = fields.String()
    asked = fields.String()
    answer_by = fields.AwareDateTime(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    opened_at = fields.AwareDateTime()
    submitted_at = fields.AwareDateTime(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    shares = fields.List(fields.Nested(ShareOut))


class DisputesOut(Strict):
    """A page of disputes."""

    data = fields.List(fields.Nested(DisputeOut))
    next = fields.UUID(allow_none=True)


class AnswerIn(Strict):
    """A merchant's answer; a paper goes to the answer's own address, below it."""

    answer = fields.String(required=True, validate=validate.Length(min=1, max=disputes.LONGEST_ANSWER))


@blueprint.get("/")
@blueprint.response(200, DisputesOut)
@api_edge(Realm.OPERATOR, "orders.view")
def listed() -> Answer:
    """List disputes, newest first: `state`, `limit` up to 100, `cursor`."""
    return _listed(None)


@blueprint.get("/mine")
@blueprint.response(200, DisputesOut)
@api_edge(Realm.MERCHANT, "orders.view")
def mine() -> Answer:
    """List the merchant's own disputes, newest first: `state`, `limit` up to 100, `cursor`."""
    return _listed(_merchant_id())


@blueprint.get("/<uuid:dispute_id>")
@blueprint.response(200, DisputeOut)
@api_edge(Realm.OPERATOR, "orders.view")
def one(dispute_id: UUID) -> Answer:
    """Return a dispute."""
    return _shown(disputes.find(dispute_id), disputes.shares(dispute_id))


@blueprint.post("/<uuid:dispute_id>/<any(submit, accept):what>")
@blueprint.response(202, DisputeOut)
@api_edge(Realm.OPERATOR, "orders.refund")
def decided(dispute_id: UUID, what: str) -> Answer:
    """Have the answers handed in, or the loss accepted; a job does it."""
    disputes.ask(dispute_id, what)
    return _shown(disputes.find(dispute_id), disputes.shares(dispute_id))


@blueprint.put("/mine/answers/<uuid:share_id>")
@blueprint.arguments(AnswerIn)
@blueprint.response(200, ShareOut)
@api_edge(Realm.MERCHANT, "orders.fulfil")
def answered(body: dict[str, str], share_id: UUID) -> Answer:
    """Keep the merchant's answer for one of its orders."""
    return _share(disputes.answer(share_id, body["answer"], None, merchant_id=_merchant_id()))


@blueprint.put("/mine/answers/<uuid:share_id>/paper")
@blueprint.response(200, ShareOut)
@api_edge(Realm.MERCHANT, "orders.fulfil", tx=Tx.OWN)
def paper_added(share_id: UUID) -> Answer:
    """Keep a paper beside the merchant's answer: multipart/form-data, a PDF or a picture under the name file.

    The answer stays as it is; `answer` beside the file writes it anew.
    """
    key, sent = _merchant_id(), files.paper("file")
    with transaction():
        said = request.form.get("answer", "").strip() or disputes.answer_of(share_id, merchant_id=key)
        return _share(disputes.answer(share_id, said, files.keep(sent, key), merchant_id=key))


@blueprint.get("/mine/answers/<uuid:share_id>/paper")
@api_edge(Realm.MERCHANT, "orders.view")
def own_paper(share_id: UUID) -> Answer:
    """Send the merchant's own paper."""
    key = _merchant_id()
    return files.shown(uploads.original(disputes.paper(share_id, merchant_id=key), key))


@blueprint.get("/answers/<uuid:share_id>/paper")
@api_edge(Realm.OPERATOR, "orders.view")
def any_paper(share_id: UUID) -> Answer:
    """Send a merchant's paper."""
    return files.shown(uploads.original(disputes.paper(share_id)))


def _merchant_id() -> UUID:
    key = principal().merchant_id
    if key is None:
        raise Missing("disputes.missing", _("There is no such dispute"))
    return key


def _listed(merchant_id: UUID | None) -> Mapping[str, Any]:
    limit = max(1, min(request.args.get("limit", LIMIT, type=int), 100))
    found = disputes.search(
        state=request.args.get("state", ""), merchant_id=merchant_id, limit=limit + 1,
        before=request.args.get("cursor", type=UUID),
    )  # fmt: skip
    rows = found[:limit]
    parts = disputes.shares_of([row.id for row in rows], merchant_id=merchant_id)
    following = rows[-1].id if len(found) > limit else None
    return {"data": [_shown(row, parts[row.id]) for row in rows], "next": following}


def _shown(found: Dispute, parts: list[Share]) -> Mapping[str, Any]:
    return {
        "id": found.id, "purchase_id": found.purchase_id, "reference": found.ref, "reason": found.reason,
        "amount_minor": found.amount.minor, "fee_minor": found.fee.minor, "currency": found.amount.currency,
        "state": found.state, "asked": found.asked, "answer_by": found.answer_by, "due_at": found.due_at,
        "opened_at": found.opened_at, "submitted_at": found.submitted_at, "decided_at": found.decided_at,
        "shares": [_share(share) for share in parts],
    }  # fmt: skip


def _share(share: Share) -> Mapping[str, Any]:
    return {
        "id": share.id, "order_id": share.order_id, "order_number": share.order_number,
        "merchant_id": share.merchant_id, "amount_minor": share.amount.minor, "currency": share.amount.currency,
        "answer": share.answer, "has_paper": share.media_id is not None, "answered_at": share.answered_at,
    }  # fmt: skip
