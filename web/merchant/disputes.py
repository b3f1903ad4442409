"""A merchant's disputes: what the buyer's bank has taken back, and the merchant's answer to it."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.billing import disputes as service
from core.billing import views
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.media import uploads
from web import dispute_pages, files
from web.dispute_words import next_step, reason
from web.merchant.surface import blueprint, menu
from web.submitting import refused

menu.add("Money", 20, "Disputes", "merchant.disputes", "shield-alert", "orders.view")


def _merchant_id() -> UUID:
    key = principal().merchant_id
    if key is None:
        raise Missing("disputes.missing", _("There is no such dispute"))
    return key


@blueprint.get("/disputes")
@edge(Realm.MERCHANT, "orders.view")
def disputes() -> Answer:
    """List the disputes that concern the merchant, newest first."""
    key, state = _merchant_id(), request.args.get("state", "")
    before = request.args.get("before", type=UUID)
    found = service.search(state=state, merchant_id=key, before=before, limit=dispute_pages.PAGE + 1)
    amounts = service.amounts_of(key, [row.id for row in found])
    listed = dispute_pages.listing(found, amounts, state, "merchant", {})
    return page("console/disputes.html", disputes=listed)


@blueprint.get("/disputes/<uuid:dispute_id>")
@edge(Realm.MERCHANT, "orders.view")
def dispute(dispute_id: UUID, error: AppError | None = None, **_ids: UUID) -> Answer:
    """Show a dispute with the merchant's own part, what is known of the order, and its answer."""
    found, mine = service.find(dispute_id), service.shares(dispute_id, merchant_id=_merchant_id())
    if not mine:
        raise Missing("disputes.missing", _("There is no such dispute"))
    orders = {share.order_id: views.order(share.order_id, merchant_id=_merchant_id()) for share in mine}
    return page(
        "merchant/dispute.html", dispute=found, shares=mine, orders=orders, reason=reason(found.reason),
        next_step=next_step(found), said=refused(error), typed=request.form.get("answer", ""),
        may_answer=found.takes_answers and principal().may("orders.fulfil"),
    )  # fmt: skip


@blueprint.post("/disputes/<uuid:dispute_id>/answers/<uuid:share_id>")
@edge(Realm.MERCHANT, "orders.fulfil", again=dispute)
def answer_dispute(dispute_id: UUID, share_id: UUID) -> Answer:
    """Keep the merchant's answer, with a paper if one was chosen."""
    key = _merchant_id()
    sent = request.files.get("file")
    media_id = files.keep(files.paper("file"), key) if sent is not None and sent.filename else None
    service.answer(share_id, request.form.get("answer", ""), media_id, merchant_id=key)
    return see(url_for("merchant.dispute", dispute_id=dispute_id), gettext("Saved; it is handed in by the date"))


@blueprint.get("/disputes/<uuid:dispute_id>/answers/<uuid:share_id>")
@edge(Realm.MERCHANT, "orders.view")
def dispute_document(dispute_id: UUID, share_id: UUID) -> Answer:
    """Send the merchant's own paper."""
    return files.shown(uploads.original(service.paper(share_id, merchant_id=_merchant_id()), _merchant_id()))
