"""Disputes between buyers and merchants, for the marketplace's staff: mediate, decide, put down awards, close."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.tx import read_only
from core.processes.conflicts import deciding, opening, reading, talking
from core.processes.conflicts.deciding import Decision
from web import compliance, conflict_pages
from web import conflict_words as words
from web.complaint_forms import word
from web.operator.compliance_findings import by
from web.operator.surface import blueprint, menu
from web.submitting import refused

menu.add("", 15, "Disputes with buyers", "operator.conflicts", "handshake", "aftersales.decide")


@blueprint.get("/conflicts", endpoint="conflicts")
@edge(Realm.OPERATOR, "aftersales.decide")
def all_conflicts() -> Answer:
    """List disputes by stage."""
    return page("console/conflicts.html", listing=conflict_pages.listing("operator"))


@blueprint.get("/conflicts/<uuid:conflict_id>")
@edge(Realm.OPERATOR, "aftersales.decide")
def conflict(conflict_id: UUID, error: AppError | None = None) -> Answer:
    """Show a dispute with everything that may be done."""
    dispute = reading.find(conflict_id)
    return page(
        "console/conflict.html", dispute=dispute, messages=reading.messages(dispute), words=words, side="operator",
        bundles=reading.bundles(conflict_id), typed=request.form, said=refused(error), place="operator",
        wrong=compliance.field_errors(error), may_act=False, may_decide=True, me=principal().user_id,
    )  # fmt: skip


@blueprint.post("/conflicts/<uuid:conflict_id>")
@edge(Realm.OPERATOR, "aftersales.decide", again=conflict)
def act_on_conflict(conflict_id: UUID) -> Answer:
    """Take the next step."""
    currency = reading.find(conflict_id).asked.currency
    acts: Mapping[str, Callable[[], None]] = {
        "take": lambda: deciding.take(conflict_id, by=by(), name=principal().name),
        "decide": lambda: deciding.decide(conflict_id, _typed(currency), by=by()),
        "elsewhere": lambda: talking.take_elsewhere(conflict_id, word("stage"), word("where"), word("agreement")),
        "conclude": lambda: talking.conclude(conflict_id, word("result")),
        "close": lambda: opening.close(conflict_id, word("proof")),
    }
    acts.get(word("act"), lambda: talking.write(conflict_id, "operator", word("message")))()
    return see(url_for("operator.conflict", conflict_id=conflict_id), gettext("Done"))


def _typed(currency: str) -> Decision:
    amounts = conflict_pages.amount("amount", currency), conflict_pages.amount("extra", currency)
    return Decision(word("text"), word("clause"), *amounts, is_fraud="is_fraud" in request.form)


@blueprint.post("/complaints/<uuid:complaint_id>/dispute")
@edge(Realm.OPERATOR, "aftersales.decide")
def escalate_complaint(complaint_id: UUID) -> Answer:
    """Take a complaint on as a dispute, with the same file."""
    key = opening.escalate(complaint_id, "operator", "")
    return see(url_for("operator.conflict", conflict_id=key), gettext("The dispute is open"))


@blueprint.post("/conflicts/<uuid:conflict_id>/bundles")
@edge(Realm.OPERATOR, "aftersales.decide", tx=Tx.OWN)
def bundle_conflict(conflict_id: UUID) -> Answer:
    """Make a bundle of evidence."""
    with read_only():
        reading.find(conflict_id)
    conflict_pages.make_bundle(conflict_id)
    return see(url_for("operator.conflict", conflict_id=conflict_id), gettext("Made"))


@blueprint.get("/conflicts/<uuid:conflict_id>/bundles/<uuid:bundle_id>")
@edge(Realm.OPERATOR, "aftersales.decide")
def conflict_bundle_file(conflict_id: UUID, bundle_id: UUID) -> Answer:
    """Send a bundle of evidence."""
    return conflict_pages.bundle(conflict_id, bundle_id)
