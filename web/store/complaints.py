"""Complaining, as anybody may, with an account or without: the classes, the form, and the page of a case."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.processes.complaints import answering, filing, kinds, reading
from core.processes.complaints.filing import Filed
from core.processes.complaints.reading import Complaint
from web import complaint_words as words
from web import compliance, signing
from web.complaint_forms import listing_of, merchant_of, word
from web.languages import language
from web.purchases import customer_ids, visible_order
from web.store.surface import blueprint
from web.submitting import refused

_OPEN_TO_ALL = ("consumer", "illegal", "privacy")


@blueprint.get("/complaints")
@edge(Realm.BUYER, login=False)
def complaints() -> Answer:
    """Show how to complain, how long each step takes, and the buyer's own cases."""
    mine = customer_ids()
    own = reading.listed(customer_ids=mine) if mine else ()
    return page("store/complaints.html", own=own, classes=_OPEN_TO_ALL, clocks=kinds.clocks(), words=words,
                canonical="/complaints")  # fmt: skip


@blueprint.get("/complaints/new/<kind>")
@edge(Realm.BUYER, login=False)
def new_complaint(kind: str, error: AppError | None = None) -> Answer:
    """Ask what happened."""
    if kind not in _OPEN_TO_ALL:
        raise Missing("complaints.no_kind", _("There is no such class of complaints"))
    who = principal()
    known = {} if who.is_guest else {"email": who.email, "name": who.name}
    topics = [(code, words.TOPICS[code]) for code in kinds.TOPICS[kind]]
    return page(
        "store/complaint_new.html", kind=kind, title=words.KINDS[kind], note=words.KIND_NOTES[kind], topics=topics,
        typed=request.form or {**known, **request.args}, wrong=compliance.field_errors(error), said=refused(error),
        order=_order() if request.args.get("order") else None,
    )  # fmt: skip


def _order() -> object:
    """Return the order that the address names. Raise Missing for another's, or for none."""
    keys = request.args.get("purchase", type=UUID), request.args.get("order", type=UUID)
    if keys[0] is None or keys[1] is None:
        raise Missing("orders.no_order", _("There is no such order"))
    return visible_order(keys[0], keys[1])


@blueprint.post("/complaints/new/<kind>")
@edge(Realm.BUYER, login=False, again=new_complaint)
def file_complaint(kind: str) -> Answer:
    """File it and lead to its page, which the mail's link opens too."""
    if kind not in _OPEN_TO_ALL:
        raise Missing("complaints.no_kind", _("There is no such class of complaints"))
    order_id = None
    if request.args.get("order"):
        _order()
        order_id = request.args.get("order", type=UUID)
    mine = customer_ids()
    key = filing.file(Filed(
        kind, word("topic"), word("text"), wish=word("wish"), name=word("name"), email=word("email"),
        locale=language(), order_id=order_id, listing_id=listing_of(word("listing")) if kind == "illegal" else None,
        merchant_id=merchant_of(word("order")) if kind == "consumer" and not order_id else None,
        customer_id=mine[0] if mine else None,
    ))  # fmt: skip
    return see(url_for("store.complaint", complaint_id=key, sig=signing.case_signature(key)),
               gettext("We have it; a mail with its link is on its way"))  # fmt: skip


def visible_complaint(complaint_id: UUID) -> Complaint:
    """Return a case to whoever filed it, by account or by link. Raise Missing for anyone else."""
    found = reading.find(complaint_id)
    if found.customer_id in customer_ids() or signing.opens_case(complaint_id, request.args.get("sig", "")):
        return found
    raise Missing("complaints.missing", _("There is no such complaint"))


@blueprint.get("/complaints/<uuid:complaint_id>")
@edge(Realm.BUYER, login=False)
def complaint(complaint_id: UUID, error: AppError | None = None) -> Answer:
    """Show a case to whoever filed it: where it stands, what was said, what may be done."""
    case = visible_complaint(complaint_id)
    return page("store/complaint.html", case=case, messages=reading.messages(complaint_id), words=words,
                said=refused(error), wrong=compliance.field_errors(error), typed=request.form,
                sig=request.args.get("sig", ""))  # fmt: skip


@blueprint.post("/complaints/<uuid:complaint_id>")
@edge(Realm.BUYER, login=False, again=complaint)
def act_on_complaint(complaint_id: UUID) -> Answer:
    """Take the offer or refuse it, withdraw, confirm the remedy, or write."""
    visible_complaint(complaint_id)
    carry_out(complaint_id, word("act"), word("text") or word("message"))
    sig = request.args.get("sig") or None
    return see(url_for("store.complaint", complaint_id=complaint_id, sig=sig), gettext("Done"))


def carry_out(complaint_id: UUID, act: str, text: str) -> None:
    """Do what whoever complained wants."""
    if act == "settle":
        answering.settle(complaint_id)
    elif act == "refuse":
        answering.refuse(complaint_id, text)
    elif act == "withdraw":
        answering.withdraw(complaint_id)
    elif act == "confirm":
        answering.close(complaint_id)
    else:
        answering.write(complaint_id, "complainant", text)
