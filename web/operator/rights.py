"""Notices of right holders, for the marketplace's staff: ask, act, refuse, count days, end the measure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Principal, Realm
from core.kernel.errors import AppError
from core.processes.rights import countering, noticing, reading
from web import case_lists, compliance, todo
from web import complaint_words as words
from web.complaint_forms import word
from web.operator.surface import blueprint, menu
from web.submitting import refused

menu.add("Marketplace", 64, "Notices about rights", "operator.rights", "shield", "compliance.view")


@blueprint.get("/rights", endpoint="rights")
@edge(Realm.OPERATOR, "compliance.view")
def all_notices() -> Answer:
    """List the notices by state."""
    return page("console/rights.html", listing=case_lists.notices("operator"))


@blueprint.get("/rights/<uuid:notice_id>")
@edge(Realm.OPERATOR, "compliance.view")
def notice(notice_id: UUID, error: AppError | None = None) -> Answer:
    """Show a notice with what may be done."""
    return page("console/notice.html", notice=reading.find(notice_id), words=words, place="operator",
                may_manage=principal().may("compliance.manage"), said=refused(error),
                wrong=compliance.field_errors(error), typed=request.form)  # fmt: skip


@blueprint.post("/rights/<uuid:notice_id>")
@edge(Realm.OPERATOR, "compliance.manage", again=notice)
def act_on_notice(notice_id: UUID) -> Answer:
    """Take the next step of a notice."""
    acts: Mapping[str, Callable[[], None]] = {
        "ask": lambda: noticing.ask(notice_id, word("question")),
        "act": lambda: noticing.act(notice_id, word("measure")),
        "refuse": lambda: noticing.refuse(notice_id, word("reason")),
        "excuse": lambda: countering.excuse(notice_id, int(word("days")) if word("days").isdecimal() else -1),
        "prove": lambda: countering.prove_action(notice_id, word("proof")),
        "uphold": lambda: countering.uphold(notice_id),
        "lift": lambda: countering.lift(notice_id, word("reason")),
    }
    acts.get(word("act"), lambda: None)()
    return see(url_for("operator.notice", notice_id=notice_id), gettext("Done"))


@todo.provides(Realm.OPERATOR, 24)
def _to_act_on(who: Principal) -> Iterable[todo.Waiting]:
    counts = reading.counts() if who.may("compliance.view") else {}
    if count := counts.get("received", 0):
        text = ngettext("%(num)s notice about rights to act on", "%(num)s notices about rights to act on", count)
        yield todo.Waiting("shield", text, url_for("operator.rights", state="received"))
