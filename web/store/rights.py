"""Notices of right holders: the public list with results, the form, and the page of a notice."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.kernel.ids import new_id
from core.processes.rights import countering, noticing, reading
from core.processes.rights.noticing import Notice
from web import complaint_words as words
from web import compliance, signing
from web.complaint_forms import listing_of, word
from web.languages import language
from web.store.surface import blueprint
from web.submitting import refused

_PAGE = 50


@blueprint.get("/rights")
@edge(Realm.BUYER, login=False)
def rights() -> Answer:
    """List the notices that were acted on, with their results."""
    before = request.args.get("before", type=UUID)
    found = reading.listed(only_public=True, before=before, limit=_PAGE + 1)
    following = url_for("store.rights", before=found[_PAGE - 1].id) if len(found) > _PAGE else ""
    return page("store/rights.html", notices=found[:_PAGE], following=following, words=words, canonical="/rights")


@blueprint.get("/rights/new")
@edge(Realm.BUYER, login=False)
def new_notice(error: AppError | None = None) -> Answer:
    """Ask a right holder for its notice."""
    return page("store/notice_new.html", typed=request.form or request.args, said=refused(error),
                wrong=compliance.field_errors(error), rights=words.RIGHTS.items())  # fmt: skip


@blueprint.post("/rights/new")
@edge(Realm.BUYER, login=False, again=new_notice)
def send_notice() -> Answer:
    """Take the notice in and lead to its page."""
    key = noticing.send(Notice(
        listing_of(word("listing")) or new_id(), word("right_kind"), word("holder"), word("email"), word("text"),
        right_number=word("right_number"), address=word("address"), evidence=word("evidence"), locale=language(),
        is_true="is_true" in request.form,
    ))  # fmt: skip
    return see(url_for("store.notice", notice_id=key, sig=signing.case_signature(key)),
               gettext("We have it; a mail with its link is on its way"))  # fmt: skip


@blueprint.get("/rights/<uuid:notice_id>")
@edge(Realm.BUYER, login=False)
def notice(notice_id: UUID, error: AppError | None = None) -> Answer:
    """Show a notice to whoever sent it."""
    return page("store/notice.html", notice=visible_notice(notice_id), words=words, said=refused(error),
                wrong=compliance.field_errors(error), typed=request.form, sig=request.args.get("sig", ""))  # fmt: skip


@blueprint.post("/rights/<uuid:notice_id>")
@edge(Realm.BUYER, login=False, again=notice)
def act_on_notice(notice_id: UUID) -> Answer:
    """Send what was missing, or the proof that one complains or sues."""
    visible_notice(notice_id)
    if word("act") == "prove":
        countering.prove_action(notice_id, word("proof"))
    else:
        noticing.complete(notice_id, word("evidence"))
    return see(url_for("store.notice", notice_id=notice_id, sig=request.args.get("sig")), gettext("Done"))


def visible_notice(notice_id: UUID) -> reading.Notice:
    """Return a notice to whoever carries its link. Raise Missing for anyone else."""
    if not signing.opens_case(notice_id, request.args.get("sig", "")):
        raise Missing("rights.missing", _("There is no such notice"))
    return reading.find(notice_id)
