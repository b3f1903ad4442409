"""The operator's disputes: the list, and each case with what every shop says, to hand in or to give up."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.billing import dispute_sending
from core.billing import disputes as service
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel import audit
from core.kernel.audit import Deed
from core.kernel.errors import AppError
from core.media import uploads
from core.merchants import directory
from web import dispute_pages, files
from web.dispute_words import deed, next_step, reason
from web.operator.surface import blueprint, menu
from web.submitting import refused

menu.add("Money", 44, "Disputes", "operator.disputes", "shield-alert", "orders.view")


@blueprint.get("/disputes")
@edge(Realm.OPERATOR, "orders.view")
def disputes() -> Answer:
    """List disputes, newest first."""
    state, before = request.args.get("state", ""), request.args.get("before", type=UUID)
    found = service.search(state=state, before=before, limit=dispute_pages.PAGE + 1)
    amounts = {row.id: row.amount for row in found}
    return page(
        "console/disputes.html", disputes=dispute_pages.listing(found, amounts, state, "operator", service.counts())
    )


@blueprint.get("/disputes/<uuid:dispute_id>")
@edge(Realm.OPERATOR, "orders.view")
def dispute(dispute_id: UUID, error: AppError | None = None, **_more: str) -> Answer:
    """Show a case: shares, answers, what will be handed in, and what may be done."""
    found, parts = service.find(dispute_id), service.shares(dispute_id)
    deeds = audit.deeds(subject_id=dispute_id, limit=30)
    may_decide = principal().may("orders.refund") and found.state == "open" and not found.asked
    return page(
        "operator/dispute.html", dispute=found, shares=parts, reason=reason(found.reason), next_step=next_step(found),
        names=directory.found(share.merchant_id for share in parts), facts=dispute_sending.facts(dispute_id),
        said=refused(error), may_decide=may_decide, is_answered=any(share.answered_at for share in parts),
        history=[("history", _deed(one), one.actor_name or one.actor_kind, one.at) for _key, one in deeds],
    )  # fmt: skip


def _deed(one: Deed) -> str:
    said = str(one.facts.get("message") or "")
    return f"{deed(one.action)}: {said}" if said else deed(one.action)


@blueprint.post("/disputes/<uuid:dispute_id>/<any(submit, accept):what>")
@edge(Realm.OPERATOR, "orders.refund", again=dispute)
def decide_dispute(dispute_id: UUID, what: str) -> Answer:
    """Have the answers handed in, or the loss accepted."""
    service.ask(dispute_id, what)
    toast = gettext("The answers are on their way") if what == "submit" else gettext("The loss is being accepted")
    return see(url_for("operator.dispute", dispute_id=dispute_id), toast)


@blueprint.get("/disputes/<uuid:dispute_id>/answers/<uuid:share_id>")
@edge(Realm.OPERATOR, "orders.view")
def dispute_document(dispute_id: UUID, share_id: UUID) -> Answer:
    """Send a shop's paper."""
    return files.shown(uploads.original(service.paper(share_id)))
