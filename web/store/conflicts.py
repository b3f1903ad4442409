"""A buyer's dispute with a shop: open it from an order, negotiate, ask for mediation, fetch the evidence."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.billing.views import OrderView
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.kernel.tx import read_only
from core.processes.conflicts import opening, reading
from core.processes.conflicts.reading import Dispute
from web import compliance, conflict_pages, signing
from web import conflict_words as words
from web.complaint_forms import word
from web.purchases import carried, customer_ids, visible_order
from web.store.complaints import visible_complaint
from web.store.surface import blueprint
from web.submitting import refused


def _order(purchase_id: UUID, order_id: UUID) -> OrderView:
    return visible_order(purchase_id, order_id)


@blueprint.get("/orders/<uuid:purchase_id>/<uuid:order_id>/dispute")
@edge(Realm.BUYER, login=False)
def new_conflict(purchase_id: UUID, order_id: UUID, error: AppError | None = None) -> Answer:
    """Ask what the dispute is about; where one is open, lead to it."""
    order = _order(purchase_id, order_id)
    known = reading.of_order(order_id)
    if known is not None:
        return see(url_for("store.conflict", conflict_id=known.id, sig=signing.case_signature(known.id)))
    return page("store/conflict_new.html", order=order, typed=request.form, said=refused(error), carried=carried(),
                wrong=compliance.field_errors(error), tab="orders")  # fmt: skip


@blueprint.post("/orders/<uuid:purchase_id>/<uuid:order_id>/dispute")
@edge(Realm.BUYER, login=False, again=new_conflict)
def open_conflict(purchase_id: UUID, order_id: UUID) -> Answer:
    """Open a dispute as the buyer of the order."""
    order = _order(purchase_id, order_id)
    asked = conflict_pages.amount("amount", order.total.currency)
    return _to(opening.open_(order_id, "buyer", word("text"), asked))


@blueprint.post("/complaints/<uuid:complaint_id>/dispute")
@edge(Realm.BUYER, login=False)
def escalate_complaint(complaint_id: UUID) -> Answer:
    """Take a complaint on as a dispute, with the same file."""
    visible_complaint(complaint_id)
    return _to(opening.escalate(complaint_id, "buyer", ""))


def _to(key: UUID) -> Answer:
    return see(
        url_for("store.conflict", conflict_id=key, sig=signing.case_signature(key)), gettext("The dispute is open")
    )


def visible_conflict(conflict_id: UUID) -> Dispute:
    """Return a dispute to its buyer, by account or by link. Raise Missing for anyone else."""
    found = reading.find(conflict_id)
    if found.customer_id in customer_ids() or signing.opens_case(conflict_id, request.args.get("sig", "")):
        return found
    raise Missing("conflicts.missing", _("There is no such dispute"))


@blueprint.get("/disputes/<uuid:conflict_id>")
@edge(Realm.BUYER, login=False)
def conflict(conflict_id: UUID, error: AppError | None = None) -> Answer:
    """Show a dispute to the buyer."""
    dispute = visible_conflict(conflict_id)
    return page(
        "store/conflict.html", dispute=dispute, messages=reading.messages(dispute), words=words, side="buyer",
        bundles=reading.bundles(conflict_id), typed=request.form, said=refused(error), sig=request.args.get("sig", ""),
        wrong=compliance.field_errors(error), may_act=True, tab="orders",
    )  # fmt: skip


@blueprint.post("/disputes/<uuid:conflict_id>")
@edge(Realm.BUYER, login=False, again=conflict)
def act_on_conflict(conflict_id: UUID) -> Answer:
    """Write, offer, accept, ask for mediation, go elsewhere, or withdraw."""
    dispute = visible_conflict(conflict_id)
    conflict_pages.carry_out(conflict_id, "buyer", dispute.asked.currency)
    return see(url_for("store.conflict", conflict_id=conflict_id, sig=request.args.get("sig") or None), gettext("Done"))


@blueprint.post("/disputes/<uuid:conflict_id>/bundles")
@edge(Realm.BUYER, login=False, tx=Tx.OWN)
def bundle_conflict(conflict_id: UUID) -> Answer:
    """Make a bundle of evidence."""
    with read_only():
        visible_conflict(conflict_id)
    conflict_pages.make_bundle(conflict_id)
    return see(url_for("store.conflict", conflict_id=conflict_id, sig=request.args.get("sig") or None), gettext("Made"))


@blueprint.get("/disputes/<uuid:conflict_id>/bundles/<uuid:bundle_id>")
@edge(Realm.BUYER, login=False)
def conflict_bundle_file(conflict_id: UUID, bundle_id: UUID) -> Answer:
    """Send a bundle of evidence."""
    visible_conflict(conflict_id)
    return conflict_pages.bundle(conflict_id, bundle_id)
