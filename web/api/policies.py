"""Policies in the API: everybody reads, merchants answer, the operator brings versions through their clocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from flask import request

from core.http.answers import Answer
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, _
from core.processes.policies import accepting, commenting, drafting, leaving, publishing, reading
from core.processes.policies.commenting import Voice
from core.processes.policies.drafting import Draft
from core.processes.policies.reading import Version
from web.api.surface import api_edge, resource
from web.merchant.compliance import mine
from web.operator.compliance_findings import by
from web.schemas import policies as shape
from web.store.policies import voice

blueprint = resource("policies", "/policies", "The marketplace's own rules, with their versions, comments and clocks")
LIMIT = 50
Body = Mapping[str, Any]


def _dumped(one: Version, acceptance: str = "") -> dict[str, object]:
    plain = {name: getattr(one, name) for name in shape.VersionOut().fields if name not in ("policy", "acceptance")}
    return {**plain, "policy": one.kind.code, "acceptance": acceptance}


@blueprint.get("")
@blueprint.response(200, shape.VersionsOut)
@api_edge(Realm.BUYER, login=False)
def policies() -> Answer:
    """List what applies and what is coming, as anybody may read it."""
    found = [*reading.standing().values(), *reading.coming(only_public=True).values()]
    return {"data": [_dumped(one) for one in found]}


@blueprint.post("")
@blueprint.arguments(shape.StartIn)
@blueprint.response(201, shape.VersionOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def start(body: Body) -> Answer:
    """Begin the next version of a policy from what is in force."""
    return _dumped(reading.find(drafting.start(body["policy"])))


@blueprint.get("/<policy>/versions")
@blueprint.response(200, shape.VersionsOut)
@api_edge(Realm.BUYER, login=False)
def versions(policy: str) -> Answer:
    """List every version of a policy that anybody may read; the operator's staff sees drafts too."""
    who = principal()
    only_public = not (who.realm is Realm.OPERATOR and who.may("compliance.view"))
    return {"data": [_dumped(one) for one in reading.versions(policy, only_public=only_public)]}


@blueprint.put("/versions/<uuid:version_id>")
@blueprint.arguments(shape.DraftIn)
@blueprint.response(200, shape.VersionOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def write(body: Body, version_id: UUID) -> Answer:
    """Write a draft."""
    drafting.write(version_id, Draft(**body))
    return _dumped(reading.find(version_id))


@blueprint.post("/versions/<uuid:version_id>/steps")
@blueprint.arguments(shape.StepIn)
@blueprint.response(200, shape.VersionOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def step(body: Body, version_id: UUID) -> Answer:
    """Take the next step of a version; proposing it asks for a decision of a second person."""
    steps: Mapping[str, Callable[[], None]] = {
        "propose": lambda: publishing.propose(version_id, by=by()),
        "reopen": lambda: drafting.reopen(version_id),
        "conclude": lambda: publishing.conclude(version_id),
        "publish": lambda: publishing.publish(version_id, body["effective_on"] or date.min),
        "withdraw": lambda: publishing.withdraw(version_id, body["reason"]),
        "correct": lambda: drafting.correct(version_id, body["texts"], body["reason"]),
    }
    steps[body["step"]]()
    return _dumped(reading.find(version_id))


@blueprint.get("/versions/<uuid:version_id>/comments")
@blueprint.response(200, shape.CommentsOut)
@api_edge(Realm.BUYER, login=False)
def comments(version_id: UUID) -> Answer:
    """List comments on a version, oldest first (`after` goes on)."""
    reading.public_by_id(version_id)
    found = reading.comments(version_id, after=request.args.get("after", type=UUID), limit=LIMIT + 1)
    return {"data": [asdict(one) for one in found[:LIMIT]], "next": found[LIMIT - 1].id if len(found) > LIMIT else None}


@blueprint.post("/versions/<uuid:version_id>/comments")
@blueprint.arguments(shape.CommentIn)
@blueprint.response(201, shape.KeyOut)
@api_edge(Realm.BUYER, login=False)
def comment(body: Body, version_id: UUID) -> Answer:
    """Comment on a version while it is open: as a merchant, a buyer, or a visitor."""
    reading.public_by_id(version_id)
    return {"id": commenting.say(version_id, body["text"], _voice(body["name"]))}


def _voice(name: str) -> Voice:
    who = principal()
    if who.realm is Realm.OPERATOR:
        raise Denied("policies.own", _("The marketplace does not comment on its own rules"))
    return Voice(merchant_id=who.merchant_id) if who.merchant_id else voice(name)


@blueprint.put("/comments/<uuid:comment_id>/answer")
@blueprint.arguments(shape.CommentAnswerIn)
@blueprint.response(204)
@api_edge(Realm.OPERATOR, "compliance.manage")
def answer(body: Body, comment_id: UUID) -> Answer:
    """Answer a comment: taken or not, and why."""
    commenting.answer(comment_id, body["outcome"], body["answer"])
    return ""


@blueprint.get("/own")
@blueprint.response(200, shape.VersionsOut)
@api_edge(Realm.MERCHANT)
def own() -> Answer:
    """List the versions that bind the merchant, with what it has said to each."""
    return {"data": [_dumped(one.version, one.state) for one in reading.of_merchant(mine())]}


@blueprint.put("/versions/<uuid:version_id>/acceptance")
@blueprint.arguments(shape.AcceptanceIn)
@blueprint.response(204)
@api_edge(Realm.MERCHANT, "compliance.answer")
def accept(body: Body, version_id: UUID) -> Answer:
    """Accept a version as a merchant, or object and leave under the one before."""
    say = accepting.accept if body["decision"] == "accepted" else accepting.object_
    say(mine(), version_id, by=principal().user_id)
    return ""


@blueprint.delete("/own/exit")
@blueprint.response(204)
@api_edge(Realm.MERCHANT, "compliance.answer")
def stay() -> Answer:
    """Stay after all, and accept the version."""
    leaving.stay(mine())
    return ""


@blueprint.get("/exits")
@blueprint.response(200, shape.ExitsOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def exits() -> Answer:
    """List the merchants that leave because of a change, newest first (`before` goes on)."""
    found = reading.exits(before=request.args.get("before", type=UUID), limit=LIMIT + 1)
    return {"data": [asdict(one) for one in found[:LIMIT]], "next": found[LIMIT - 1].id if len(found) > LIMIT else None}


@blueprint.post("/exits/<uuid:exit_id>/settle")
@blueprint.response(204)
@api_edge(Realm.OPERATOR, "compliance.manage")
def settle(exit_id: UUID) -> Answer:
    """Close a merchant that leaves, once nothing of it is open."""
    leaving.settle(exit_id)
    return ""
