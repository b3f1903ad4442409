"""A merchant's disputes with buyers: negotiate, agree to mediation, fetch the evidence."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.tx import read_only
from core.processes.conflicts import opening, reading
from web import compliance, conflict_pages
from web import conflict_words as words
from web.merchant.complaints import own_complaint
from web.merchant.compliance import mine
from web.merchant.surface import blueprint, menu
from web.submitting import refused

menu.add("", 14, "Disputes with buyers", "merchant.conflicts", "handshake", "orders.view")


@blueprint.get("/conflicts", endpoint="conflicts")
@edge(Realm.MERCHANT, "orders.view")
def own_conflicts() -> Answer:
    """List the merchant's disputes."""
    return page("console/conflicts.html", listing=conflict_pages.listing("merchant", merchant_id=mine()))


@blueprint.get("/conflicts/<uuid:conflict_id>")
@edge(Realm.MERCHANT, "orders.view")
def conflict(conflict_id: UUID, error: AppError | None = None) -> Answer:
    """Show a dispute to the merchant."""
    dispute = reading.find(conflict_id, merchant_id=mine())
    return page(
        "console/conflict.html", dispute=dispute, messages=reading.messages(dispute), words=words, side="merchant",
        bundles=reading.bundles(conflict_id), typed=request.form, said=refused(error), place="merchant",
        wrong=compliance.field_errors(error), may_act=principal().may("aftersales.handle"), may_decide=False,
    )  # fmt: skip


@blueprint.post("/conflicts/<uuid:conflict_id>")
@edge(Realm.MERCHANT, "aftersales.handle", again=conflict)
def act_on_conflict(conflict_id: UUID) -> Answer:
    """Write, offer, accept, agree to mediation, go elsewhere, or withdraw."""
    dispute = reading.find(conflict_id, merchant_id=mine())
    conflict_pages.carry_out(conflict_id, "merchant", dispute.asked.currency)
    return see(url_for("merchant.conflict", conflict_id=conflict_id), gettext("Done"))


@blueprint.post("/complaints/<uuid:complaint_id>/dispute")
@edge(Realm.MERCHANT, "aftersales.handle")
def escalate_complaint(complaint_id: UUID) -> Answer:
    """Take a complaint on as a dispute, with the same file."""
    own_complaint(complaint_id)
    key = opening.escalate(complaint_id, "merchant", "")
    return see(url_for("merchant.conflict", conflict_id=key), gettext("The dispute is open"))


@blueprint.post("/conflicts/<uuid:conflict_id>/bundles")
@edge(Realm.MERCHANT, "orders.view", tx=Tx.OWN)
def bundle_conflict(conflict_id: UUID) -> Answer:
    """Make a bundle of evidence."""
    with read_only():
        reading.find(conflict_id, merchant_id=mine())
    conflict_pages.make_bundle(conflict_id)
    return see(url_for("merchant.conflict", conflict_id=conflict_id), gettext("Made"))


@blueprint.get("/conflicts/<uuid:conflict_id>/bundles/<uuid:bundle_id>")
@edge(Realm.MERCHANT, "orders.view")
def conflict_bundle_file(conflict_id: UUID, bundle_id: UUID) -> Answer:
    """Send a bundle of evidence."""
    reading.find(conflict_id, merchant_id=mine())
    return conflict_pages.bundle(conflict_id, bundle_id)
