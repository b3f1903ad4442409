"""The rules that bind a merchant: read, comment, accept, or leave under the old ones."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Principal, Realm
from core.kernel.errors import AppError
from core.processes.policies import accepting, commenting, leaving, reading
from core.processes.policies.commenting import Voice
from core.processes.policies.kinds import KINDS
from web import compliance, policies, todo
from web.merchant.compliance import mine
from web.merchant.surface import blueprint, menu
from web.submitting import refused

menu.add("Settings", 32, "Rules of the marketplace", "merchant.policies", "book-open")


@blueprint.get("/policies", endpoint="policies")
@edge(Realm.MERCHANT)
def own_policies(error: AppError | None = None) -> Answer:
    """Show what binds the merchant, what waits for its word first, and what is open to comment."""
    key = mine()
    found = reading.of_merchant(key)
    open_ = [one for one in reading.coming(only_public=True).values() if one.state == "comment"]
    return page(
        "merchant/policies.html", answers=found, open=open_, leaving=reading.exit_of(key), words=policies,
        titles={code: kind.title for code, kind in KINDS.items()}, may_answer=principal().may("compliance.answer"), said=refused(error),
    )  # fmt: skip


@blueprint.get("/policies/<uuid:version_id>")
@edge(Realm.MERCHANT)
def policy(version_id: UUID, error: AppError | None = None) -> Answer:
    """Show a version with its changes, and what may be said to it."""
    version, key = reading.public_by_id(version_id), mine()
    said = next((one for one in reading.of_merchant(key) if one.version.id == version_id), None)
    return page(
        "merchant/policy.html", version=version, answer=said, words=policies, lines=policies.changes(version),
        comments=reading.comments(version_id, limit=200) if version.comment_opens_at else (),
        leaving=reading.exit_of(key), may_answer=principal().may("compliance.answer"), said=refused(error),
        wrong=compliance.field_errors(error), typed=request.form,
    )  # fmt: skip


@blueprint.post("/policies/<uuid:version_id>")
@edge(Realm.MERCHANT, "compliance.answer", again=policy)
def answer_policy(version_id: UUID) -> Answer:
    """Accept, object and leave, or comment."""
    act, key, by = request.form.get("act", ""), mine(), principal().user_id
    reading.public_by_id(version_id)
    if act == "accept":
        accepting.accept(key, version_id, by=by)
        return see(url_for("merchant.policies"), gettext("Accepted"))
    if act == "object":
        accepting.object_(key, version_id, by=by)
        return see(url_for("merchant.policies"), gettext("You are leaving under the rules before the change"))
    commenting.say(version_id, request.form.get("text", ""), Voice(merchant_id=key))
    return see(url_for("merchant.policy", version_id=version_id), gettext("Thank you; it is published"))


@blueprint.post("/policies/stay")
@edge(Realm.MERCHANT, "compliance.answer", again=own_policies)
def stay() -> Answer:
    """Stay after all, and accept."""
    leaving.stay(mine())
    return see(url_for("merchant.policies"), gettext("You stay, under the new rules"))


@todo.provides(Realm.MERCHANT, 45)
def _to_answer(who: Principal) -> Iterable[todo.Waiting]:
    if who.merchant_id is None or not who.may("compliance.answer"):
        return
    if count := reading.unanswered(who.merchant_id):
        text = ngettext("%(num)s rule of the marketplace to read and accept",
                        "%(num)s rules of the marketplace to read and accept", count)  # fmt: skip
        yield todo.Waiting("book-open", text, url_for("merchant.policies"))
