"""The marketplace's own rules: what applies, what is under way, one version with its clocks, and who leaves."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.processes.policies import commenting, drafting, finding, leaving, publishing, reading, states
from core.processes.policies.kinds import KINDS, kind_of
from web import compliance, policies
from web.badges import badge
from web.operator.compliance_findings import by
from web.operator.surface import blueprint, menu
from web.submitting import refused

menu.add("Marketplace", 62, "Policies", "operator.policies", "book-open", "compliance.view")
PAGE = 50


@blueprint.get("/policies", endpoint="policies")
@edge(Realm.OPERATOR, "compliance.view")
def all_policies(error: AppError | None = None) -> Answer:
    """List every policy with what applies and what is under way."""
    standing, coming = reading.standing(), reading.coming(only_public=False)
    columns = (
        Column("title", gettext("Policy")), Column("number", gettext("In force"), kind="number", card="sub"),
        Column("since", gettext("Since"), kind="date"), Column("next", gettext("Under way"), kind="number"),
        Column("until", gettext("Next date"), kind="date", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    rows = []
    for code, kind in KINDS.items():
        now, then = standing.get(code), coming.get(code)
        stands = then or now
        rows.append({
            "id": code, "title": gettext(kind.title), "href": url_for("operator.policy", policy=code),
            "number": now.number if now else None, "since": now.effective_at if now else None,
            "next": then.number if then else None,
            "until": (then.effective_at or then.comment_closes_at) if then else None,
            "state": badge("policy_version", stands.state if stands else "none"),
        })  # fmt: skip
    return page("operator/policies.html", listing=Listing("policies", columns, rows, gettext("Policies")),
                said=refused(error))  # fmt: skip


@blueprint.get("/policies/<policy>")
@edge(Realm.OPERATOR, "compliance.view")
def policy(policy: str, error: AppError | None = None) -> Answer:
    """Show a policy's versions."""
    kind = kind_of(policy)
    found = reading.versions(policy, only_public=False)
    columns = (
        Column("title", gettext("Version")), Column("summary", gettext("What changes"), card="sub"),
        Column("published", gettext("Published"), kind="date"),
        Column("effective", gettext("In force from"), kind="date", card="amt"),
        Column("ended", gettext("Ended"), kind="date"), Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    rows = [
        {"id": str(one.id), "title": gettext("Version %(number)s", number=one.number),
         "href": url_for("operator.policy_version", version_id=one.id),
         "summary": policies.text_of(one.summaries)[:120], "published": one.published_at,
         "effective": one.effective_at, "ended": one.ended_at, "state": badge("policy_version", one.state)}
        for one in found
    ]  # fmt: skip
    return page(
        "operator/policy.html", kind=kind, title=gettext(kind.title), said=refused(error),
        listing=Listing("versions", columns, rows, gettext("Versions")),
        may_start=principal().may("compliance.manage") and not any(one.state in states.OPEN for one in found),
    )  # fmt: skip


@blueprint.post("/policies/<policy>")
@edge(Realm.OPERATOR, "compliance.manage", again=policy)
def start_policy(policy: str) -> Answer:
    """Begin the next version."""
    key = drafting.start(policy)
    return see(url_for("operator.policy_version", version_id=key), gettext("Begun from what is in force"))


@blueprint.get("/policies/versions/<uuid:version_id>")
@edge(Realm.OPERATOR, "compliance.view")
def policy_version(version_id: UUID, error: AppError | None = None) -> Answer:
    """Show a version: where it stands, what comes next, its text, changes, comments and acceptances."""
    version = reading.find(version_id)
    row = finding.row_of(version_id)
    return page(
        "operator/policy_version.html", version=version, title=policies.title(version), words=policies,
        clocks=publishing.clocks_of(row), earliest=publishing.earliest(row), lines=policies.changes(version),
        corrected=policies.corrections(version), counts=reading.acceptance_counts(version_id),
        comments=reading.comments(version_id, limit=200) if version.comment_opens_at else (),
        may_manage=principal().may("compliance.manage"), said=refused(error), wrong=compliance.field_errors(error),
        typed=request.form, is_again=error is not None,
    )  # fmt: skip


@blueprint.post("/policies/versions/<uuid:version_id>")
@edge(Realm.OPERATOR, "compliance.manage", again=policy_version)
def move_policy(version_id: UUID) -> Answer:
    """Save a draft, or take the next step."""
    act = request.form.get("act", "")
    steps = {
        "save": lambda: drafting.write(version_id, policies.typed_draft()),
        "propose": lambda: publishing.propose(version_id, by=by()),
        "correct": lambda: drafting.correct(version_id, policies.typed_texts("text"), request.form.get("reason", "")),
        "reopen": lambda: drafting.reopen(version_id),
        "conclude": lambda: publishing.conclude(version_id),
        "publish": lambda: publishing.publish(version_id, _day(request.form.get("effective_on", ""))),
        "withdraw": lambda: publishing.withdraw(version_id, request.form.get("reason", "")),
    }  # fmt: skip
    if act == "propose":
        drafting.write(version_id, policies.typed_draft())
    if act in steps:
        steps[act]()
    return see(url_for("operator.policy_version", version_id=version_id), _DONE.get(act, lambda: "")())


_DONE = {
    "save": lambda: gettext("Saved"),
    "propose": lambda: gettext("Asked; a second person must agree"),
    "correct": lambda: gettext("Corrected"),
    "reopen": lambda: gettext("Write it anew; it goes to comment again"),
    "conclude": lambda: gettext("The answers are published"),
    "publish": lambda: gettext("Published; merchants are being told"),
    "withdraw": lambda: gettext("Withdrawn"),
}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


@blueprint.post("/policies/versions/<uuid:version_id>/comments/<uuid:comment_id>")
@edge(Realm.OPERATOR, "compliance.manage", again=lambda version_id, error, **_ids: policy_version(version_id, error))
def answer_comment(version_id: UUID, comment_id: UUID) -> Answer:
    """Answer a comment: taken or not, and why."""
    commenting.answer(comment_id, request.form.get("outcome", ""), request.form.get("answer", ""))
    return see(url_for("operator.policy_version", version_id=version_id), gettext("Answered"))


@blueprint.get("/policies/exits")
@edge(Realm.OPERATOR, "compliance.view")
def policy_exits(error: AppError | None = None) -> Answer:
    """List the merchants that leave because they do not accept a change."""
    before = request.args.get("before", type=UUID)
    found = reading.exits(before=before, limit=PAGE + 1)
    following = url_for("operator.policy_exits", before=found[PAGE - 1].id) if len(found) > PAGE else ""
    return page("operator/policy_exits.html", exits=found[:PAGE], titles={code: kind.title for code, kind in KINDS.items()},
                following=following, said=refused(error), may_manage=principal().may("compliance.manage"))  # fmt: skip


@blueprint.post("/policies/exits/<uuid:exit_id>")
@edge(Realm.OPERATOR, "compliance.manage", again=lambda exit_id, error: policy_exits(error))
def settle_exit(exit_id: UUID) -> Answer:
    """Close the merchant's account once nothing of it is open."""
    leaving.settle(exit_id)
    return see(url_for("operator.policy_exits"), gettext("Settled; the account is closed"))
