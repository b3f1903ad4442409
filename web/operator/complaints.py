"""Complaints and reports of every class, for the marketplace's staff: own, decide, take measures, report, reply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Principal, Realm
from core.kernel.errors import AppError
from core.processes.complaints import answering, deciding, filing, kinds, reading, replies
from core.processes.complaints.deciding import Decision
from core.processes.complaints.filing import Filed
from web import case_lists, compliance, policies, todo
from web import complaint_words as words
from web.complaint_forms import listing_of, merchant_of, order_of, word
from web.languages import language
from web.operator.compliance_findings import by
from web.operator.surface import blueprint, menu
from web.submitting import refused

menu.add("", 14, "Complaints", "operator.complaints", "message-circle", "aftersales.decide")


@blueprint.get("/complaints", endpoint="complaints")
@edge(Realm.OPERATOR, "aftersales.decide")
def all_complaints() -> Answer:
    """List complaints by who is next."""
    return page("console/complaints.html", listing=case_lists.complaints("operator"), surface_name="operator",
                may_file=True)  # fmt: skip


@blueprint.get("/complaints/new")
@edge(Realm.OPERATOR, "aftersales.decide")
def new_complaint(error: AppError | None = None) -> Answer:
    """Put down a complaint that came by mail, telephone, chat or letter."""
    kind = request.args.get("kind", "consumer")
    kind = kind if kind in kinds.TOPICS and kind != kinds.BUSINESS else "consumer"
    return page(
        "operator/complaint_new.html", kind=kind, typed=request.form, said=refused(error), words=words,
        wrong=compliance.field_errors(error), own_topics=[(code, words.TOPICS[code]) for code in kinds.TOPICS[kind]],
        channels=[(code, label) for code, label in words.CHANNELS.items() if code != "page"],
        classes=[code for code in kinds.TOPICS if code != kinds.BUSINESS],
    )  # fmt: skip


@blueprint.post("/complaints/new")
@edge(Realm.OPERATOR, "aftersales.decide", again=new_complaint)
def file_complaint() -> Answer:
    """File what came in another way."""
    kind = word("kind")
    key = filing.file(Filed(
        kind, word("topic"), word("text"), wish=word("wish"), name=word("name"), email=word("email"),
        locale=language(), channel=word("channel"), order_id=order_of(word("order")),
        merchant_id=None if order_of(word("order")) else merchant_of(word("order")),
        listing_id=listing_of(word("listing")) if kind == "illegal" else None,
    ))  # fmt: skip
    return see(url_for("operator.complaint", complaint_id=key), gettext("Filed"))


@blueprint.get("/complaints/<uuid:complaint_id>")
@edge(Realm.OPERATOR, "aftersales.decide")
def complaint(complaint_id: UUID, error: AppError | None = None) -> Answer:
    """Show a case with everything that may be done; a template for the reply may be chosen in the address."""
    known, wanted = replies.replies(), request.args.get("reply", type=UUID)
    chosen = next((policies.text_of(one.texts) for one in known if one.id == wanted), "")
    return page(
        "console/complaint.html", case=reading.find(complaint_id), words=words, place="operator", replies=known,
        messages=reading.messages(complaint_id, with_internal=True), may_handle=False, may_decide=True,
        said=refused(error), wrong=compliance.field_errors(error), typed=request.form, prefilled=chosen, wanted=wanted,
    )  # fmt: skip


@blueprint.post("/complaints/<uuid:complaint_id>")
@edge(Realm.OPERATOR, "aftersales.decide", again=complaint)
def act_on_complaint(complaint_id: UUID) -> Answer:
    """Take the next step of a case."""
    acts: Mapping[str, Callable[[], None]] = {
        "take": lambda: deciding.take(complaint_id, by=by(), name=principal().name),
        "call_in": lambda: deciding.call_in(complaint_id),
        "decide": lambda: deciding.decide(complaint_id, typed_decision()),
        "block": lambda: deciding.block(complaint_id, word("reason")),
        "report": lambda: deciding.report(complaint_id, word("receipt")),
        "prove": lambda: answering.prove(complaint_id, word("proof")),
        "close": lambda: answering.close(complaint_id),
        "note": lambda: answering.write(complaint_id, "operator", word("message"), is_internal=True),
    }
    acts.get(word("act"), lambda: answering.write(complaint_id, "operator", word("message")))()
    return see(url_for("operator.complaint", complaint_id=complaint_id), gettext("Done"))


def typed_decision() -> Decision:
    """Return the decision that was typed."""
    return Decision(word("outcome"), word("text"), word("clause"), word("remedy") or "none", word("cause") or "other")


@blueprint.get("/complaints/replies")
@edge(Realm.OPERATOR, "aftersales.decide")
def complaint_replies(error: AppError | None = None) -> Answer:
    """List the templates for replies."""
    return page("operator/complaint_replies.html", replies=replies.replies(), typed=request.form, said=refused(error),
                wrong=compliance.field_errors(error), words=policies)  # fmt: skip


@blueprint.post("/complaints/replies")
@edge(Realm.OPERATOR, "aftersales.decide", again=complaint_replies)
def add_reply() -> Answer:
    """Add a template."""
    replies.add(word("title"), policies.typed_texts("text"))
    return see(url_for("operator.complaint_replies"), gettext("Added"))


@blueprint.post("/complaints/replies/<uuid:reply_id>")
@edge(Realm.OPERATOR, "aftersales.decide")
def remove_reply(reply_id: UUID) -> Answer:
    """Remove a template."""
    replies.remove(reply_id)
    return see(url_for("operator.complaint_replies"), gettext("Removed"))


@todo.provides(Realm.OPERATOR, 22)
def _to_decide(who: Principal) -> Iterable[todo.Waiting]:
    counts = reading.counts() if who.may("aftersales.decide") else {}
    if count := counts.get("platform_decides", 0):
        text = ngettext("%(num)s complaint to decide", "%(num)s complaints to decide", count)
        yield todo.Waiting("message-circle", text, url_for("operator.complaints", view="to_decide"))
