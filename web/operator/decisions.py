"""Decisions that wait for a second person: the list, what was decided, and one with what may be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing, View
from core.identity import decisions
from core.identity.decisions import Decision
from core.identity.principals import Realm
from core.kernel.errors import AppError
from web.operator.surface import blueprint, menu
from web.submitting import refused

menu.add("Money", 60, "Decisions", "operator.decisions", "user-check")
_PAGE = 50


@blueprint.get("/decisions", endpoint="decisions")
@edge(Realm.OPERATOR)
def decisions_page() -> Answer:
    """List what waits, or what was decided."""
    is_past = request.args.get("view") == "made"
    before = request.args.get("before", type=UUID)
    who = principal()
    found = decisions.made(who, before=before, limit=_PAGE + 1) if is_past else decisions.waiting(who)
    more = is_past and len(found) > _PAGE
    following = url_for("operator.decisions", view="made", before=found[_PAGE - 1].approval.id) if more else ""
    listing = Listing(
        "decisions", _columns(), [_row(one) for one in (found[:_PAGE] if is_past else found)], gettext("Decisions"),
        views=_views(is_past=is_past), next_href=following,
        previous_href=url_for("operator.decisions", view="made") if before else "",
    )  # fmt: skip
    return page("operator/decisions.html", decisions=listing, is_past=is_past)


def _views(*, is_past: bool) -> list[View]:
    return [
        View(gettext("Waiting"), url_for("operator.decisions"), current=not is_past),
        View(gettext("Decided"), url_for("operator.decisions", view="made"), current=is_past),
    ]


def _columns() -> list[Column]:
    return [
        Column("what", gettext("Decision")), Column("kind", gettext("Kind")),
        Column("who", gettext("Asked for by"), card="sub"), Column("at", gettext("When"), kind="ago"),
        Column("state", gettext("State"), kind="badge", card="st"),
        Column("amount", gettext("Amount"), kind="money", card="amt"),
    ]  # fmt: skip


def _row(one: Decision) -> dict[str, object]:
    asked = one.approval
    return {
        "id": str(asked.id), "href": url_for("operator.decision", decision_id=asked.id), "what": sentence(one),
        "kind": gettext(one.title), "who": asked.asked_name, "at": asked.asked_at,
        "state": ("decision", asked.state), "amount": asked.amount,
    }  # fmt: skip


def sentence(one: Decision) -> str:
    """Return what is decided on in the reader's language."""
    return str(gettext(one.told.sentence)).format(**one.told.facts) if one.told.sentence else gettext(one.title)


@blueprint.get("/decisions/<uuid:decision_id>")
@edge(Realm.OPERATOR)
def decision(decision_id: UUID, error: AppError | None = None) -> Answer:
    """Show one decision: what was asked by whom, and the buttons of whoever may decide."""
    who = principal()
    found = decisions.find(who, decision_id)
    values: dict[str, Any] = dict(found.told.at)
    about = url_for(found.told.endpoint, **values) if found.told.endpoint else ""
    return page(
        "operator/decision.html", found=found, said=refused(error), sentence=sentence(found), about_href=about,
        is_own=found.approval.asked_by == who.person_id, answer=request.form.get("reason", ""),
    )  # fmt: skip


def _back(toast: str) -> Answer:
    return see(url_for("operator.decisions"), toast)


@blueprint.post("/decisions/<uuid:decision_id>/approve")
@edge(Realm.OPERATOR, again=decision)
def approve_decision(decision_id: UUID) -> Answer:
    """Agree as the second person; it is carried out at once."""
    decisions.approve(principal(), decision_id)
    return _back(gettext("Approved and carried out"))


@blueprint.post("/decisions/<uuid:decision_id>/reject")
@edge(Realm.OPERATOR, again=decision)
def reject_decision(decision_id: UUID) -> Answer:
    """Refuse as the second person; nothing is carried out."""
    decisions.reject(principal(), decision_id, request.form.get("reason", ""))
    return _back(gettext("Turned down; nothing was carried out"))


@blueprint.post("/decisions/<uuid:decision_id>/withdraw")
@edge(Realm.OPERATOR, again=decision)
def withdraw_decision(decision_id: UUID) -> Answer:
    """Take back what one has asked for oneself."""
    decisions.withdraw(principal(), decision_id)
    return _back(gettext("Taken back"))
