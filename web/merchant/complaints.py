"""A merchant's complaints: those about it to answer, its own about the marketplace, and notices of right holders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Listing
from core.identity.principals import Principal, Realm
from core.kernel.errors import AppError
from core.processes.complaints import answering, filing, kinds, moving, reading
from core.processes.complaints.filing import Filed
from core.processes.complaints.kinds import BUSINESS
from core.processes.rights import countering
from core.processes.rights import reading as rights_reading
from web import case_lists, compliance, todo
from web import complaint_words as words
from web.complaint_forms import word
from web.languages import language
from web.merchant.compliance import mine
from web.merchant.surface import blueprint, menu
from web.store.complaints import carry_out
from web.submitting import refused

menu.add("", 13, "Complaints", "merchant.complaints", "message-circle", "orders.view")
menu.add("Settings", 34, "Notices about rights", "merchant.rights", "shield", "compliance.answer")


@blueprint.get("/complaints", endpoint="complaints")
@edge(Realm.MERCHANT, "orders.view")
def own_complaints() -> Answer:
    """List the complaints about the merchant and its own."""
    listing: Listing = case_lists.complaints("merchant", merchant_id=mine())
    return page("console/complaints.html", listing=listing, surface_name="merchant", may_file=True)


@blueprint.get("/complaints/new")
@edge(Realm.MERCHANT, "orders.view")
def new_complaint(error: AppError | None = None) -> Answer:
    """Ask what the merchant complains about."""
    topics = [(code, words.TOPICS[code]) for code in kinds.TOPICS[BUSINESS]]
    return page("merchant/complaint_new.html", topics=topics, typed=request.form, said=refused(error),
                wrong=compliance.field_errors(error))  # fmt: skip


@blueprint.post("/complaints/new")
@edge(Realm.MERCHANT, "compliance.answer", again=new_complaint)
def file_complaint() -> Answer:
    """File a complaint about the marketplace."""
    who = principal()
    key = filing.file(Filed(BUSINESS, word("topic"), word("text"), wish=word("wish"), name=who.name, email=who.email,
                            locale=language(), merchant_id=mine(), about_on=_day(word("about_on"))))  # fmt: skip
    return see(url_for("merchant.complaint", complaint_id=key), gettext("We have it and answer with reasons"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@blueprint.get("/complaints/<uuid:complaint_id>")
@edge(Realm.MERCHANT, "orders.view")
def complaint(complaint_id: UUID, error: AppError | None = None) -> Answer:
    """Show a case to the merchant."""
    case = own_complaint(complaint_id)
    return page(
        "console/complaint.html", case=case, messages=reading.messages(complaint_id), words=words, place="merchant",
        may_handle=principal().may("aftersales.handle"), may_decide=False, replies=(), said=refused(error),
        wrong=compliance.field_errors(error), typed=request.form, prefilled="",
    )  # fmt: skip


def own_complaint(complaint_id: UUID) -> reading.Complaint:
    """Return a case about the merchant, or its own; reports and privacy requests are none of its business."""
    found = reading.find(complaint_id, merchant_id=mine())
    if found.kind not in ("consumer", "business"):
        raise moving.missing()
    return found


@blueprint.post("/complaints/<uuid:complaint_id>")
@edge(Realm.MERCHANT, "aftersales.handle", again=complaint)
def act_on_complaint(complaint_id: UUID) -> Answer:
    """Answer with an offer, prove the remedy, write; of its own complaint do what whoever complains may."""
    case, act = own_complaint(complaint_id), word("act")
    if case.kind == BUSINESS:
        carry_out(complaint_id, act, word("text") or word("message"))
    elif act == "answer":
        answering.answer(complaint_id, mine(), word("offer"), word("text"))
    elif act == "prove":
        answering.prove(complaint_id, word("proof"), merchant_id=mine())
    else:
        answering.write(complaint_id, "merchant", word("message"), merchant_id=mine())
    return see(url_for("merchant.complaint", complaint_id=complaint_id), gettext("Done"))


@blueprint.get("/rights", endpoint="rights")
@edge(Realm.MERCHANT, "compliance.answer")
def own_notices() -> Answer:
    """List the notices about the merchant's goods."""
    return page("console/rights.html", listing=case_lists.notices("merchant", merchant_id=mine()))


@blueprint.get("/rights/<uuid:notice_id>")
@edge(Realm.MERCHANT, "compliance.answer")
def notice(notice_id: UUID, error: AppError | None = None) -> Answer:
    """Show a notice about the merchant's goods."""
    return page("console/notice.html", notice=rights_reading.find(notice_id, merchant_id=mine()), words=words,
                place="merchant", may_manage=False, said=refused(error), wrong=compliance.field_errors(error),
                typed=request.form)  # fmt: skip


@blueprint.post("/rights/<uuid:notice_id>")
@edge(Realm.MERCHANT, "compliance.answer", again=notice)
def counter_notice(notice_id: UUID) -> Answer:
    """State that the goods infringe nothing."""
    countering.counter(notice_id, mine(), word("counter"), word("evidence"))
    return see(url_for("merchant.notice", notice_id=notice_id), gettext("Passed on to the right holder"))


@todo.provides(Realm.MERCHANT, 22)
def _to_answer(who: Principal) -> Iterable[todo.Waiting]:
    if who.merchant_id is None or not who.may("orders.view"):
        return
    if count := reading.counts(who.merchant_id).get("with_merchant", 0):
        text = ngettext("%(num)s complaint to answer", "%(num)s complaints to answer", count)
        yield todo.Waiting("message-circle", text, url_for("merchant.complaints", view="with_merchant"))
