"""Compliance in the API, for the operator: packs, rules, findings, evidence, waivers, food sellers, categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import request

from core.compliance import answers, food, licences, plugged, profiles, reading, switches, waivers
from core.compliance.checking import now
from core.compliance.packs import PACKS
from core.compliance.switches import Mode
from core.http.answers import Answer
from core.identity.principals import Realm
from core.merchants import directory
from web import compliance
from web.api.surface import api_edge, resource
from web.operator.compliance_findings import by
from web.schemas import compliance as shape

blueprint = resource("compliance", "/compliance", "What laws ask, what is due and failing, and what proves it")
LIMIT = 50
Body = Mapping[str, Any]


def finding_out(one: reading.Finding) -> dict[str, object]:
    """Return a finding as the API shows it, its reason in the caller's language."""
    return {**{name: getattr(one, name) for name in one.__slots__}, "why": compliance.reason(one),
            "law": compliance.law(one.rule)}  # fmt: skip


def checked_out(one: reading.Checked) -> dict[str, object]:
    """Return what a rule said as the API shows it."""
    return {**{name: getattr(one, name) for name in one.__slots__}, "why": compliance.reason(one)}


def food_out(found: food.Registration | None) -> dict[str, object]:
    """Return a registration. Raise Missing if there is none."""
    return asdict(found) if found is not None else food.missing()


def _pack(name: str, mode: Mode | None) -> dict[str, object]:
    pack = PACKS[name]
    return {
        "id": pack.id, "version": pack.version, "title": str(compliance.words(pack.title)), "mode": mode,
        "reviewed_on": pack.reviewed_on, "review_by": pack.review_by, "is_stale": pack.is_stale(now().today),
        "rules": [rule.id for rule in pack.rules],
    }  # fmt: skip


@blueprint.get("/packs")
@blueprint.response(200, shape.PacksOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def packs() -> Answer:
    """List every pack, and in which mode it is on."""
    on = switches.in_force().packs
    return {"data": [_pack(name, on.get(name)) for name in PACKS]}


@blueprint.put("/packs/<pack>")
@blueprint.arguments(shape.PackIn)
@blueprint.response(200, shape.PackOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def set_pack(body: Body, pack: str) -> Answer:
    """Switch a pack on in a mode, or off."""
    mode = Mode(body["mode"]) if body["mode"] else None
    if mode is None:
        switches.switch_off(pack)
    else:
        switches.switch_on(pack, mode)
    return _pack(pack, mode)


def _rule(line: reading.Line) -> dict[str, object]:
    law = asdict(line.law) | {"score": line.law.score}
    return {
        **{name: law[name] for name in shape.RuleOut().fields if name in law},
        "title": str(compliance.words(line.law.title)), "duty": str(compliance.words(line.law.duty)),
        "mode": line.mode, "numbers": switches.setting_of(line.law.id)[1], "stands": line.stands,
        "counts": line.counts, "waived": line.waived, "next_due": line.next_due,
    }  # fmt: skip


@blueprint.get("/rules/<rule>")
@blueprint.response(200, shape.RuleOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def rule(rule: str) -> Answer:
    """Show a rule, as it is set and as it stands."""
    return _rule(_line(rule))


def _line(rule: str) -> reading.Line:
    """Return the line of a rule; one of a pack that is off was never asked."""
    found, force = switches.rule_of(rule), switches.in_force()
    lines = {line.law.id: line for line in reading.checklist(force)}
    return lines.get(rule) or reading.Line(found.law, force.mode(rule), {}, 0, None, None)


@blueprint.get("/checklist")
@blueprint.response(200, shape.RulesOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def checklist() -> Answer:
    """List every rule of the packs that are on, with how it stands."""
    return {"data": [
        {"id": line.law.id, "pack": line.law.pack, "title": str(compliance.words(line.law.title)), "law": line.law.law,
         "mode": line.mode, "stands": line.stands, "counts": line.counts, "waived": line.waived,
         "next_due": line.next_due, "score": line.law.score}
        for line in reading.checklist()
    ]}  # fmt: skip


@blueprint.patch("/rules/<rule>")
@blueprint.arguments(shape.RuleIn)
@blueprint.response(200, shape.RuleOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def set_rule(body: Body, rule: str) -> Answer:
    """Set a rule's mode and numbers; none may be looser than the law."""
    mode = Mode(body["mode"]) if body["mode"] else None
    numbers = {**switches.setting_of(rule)[1], **body["numbers"]}
    switches.set_rule(rule, mode=mode, numbers=numbers, reason=body["reason"])
    return _rule(_line(rule))


@blueprint.get("/rules/<rule>/subjects")
@blueprint.response(200, shape.CheckedPageOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def subjects(rule: str) -> Answer:
    """List what a rule said, subject by subject (`status` narrows, `after` goes on)."""
    switches.rule_of(rule)
    found = reading.subjects(rule, status=request.args.get("status", ""), after=request.args.get("after", type=UUID),
                             limit=LIMIT + 1)  # fmt: skip
    following = found[LIMIT - 1].id if len(found) > LIMIT else None
    return {"data": [checked_out(one) for one in found[:LIMIT]], "next": following}


@blueprint.post("/rules/<rule>/replay")
@blueprint.arguments(shape.ReplayIn)
@blueprint.response(200, shape.WouldsOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def replay(body: Body, rule: str) -> Answer:
    """Tell who would fail if the rule had other numbers; changes nothing."""
    numbers = {**switches.setting_of(rule)[1], **body["numbers"]}
    return {"data": [
        {"label": one.label, "subject_id": one.subject_id, "before": one.before, "after": one.after,
         "why": compliance.reason_of(one.why, one.facts)}
        for one in reading.replay(rule, numbers)
    ]}  # fmt: skip


@blueprint.get("/findings")
@blueprint.response(200, shape.FindingsOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def findings() -> Answer:
    """List findings newest first (`state`, `merchant_id` and `before` narrow)."""
    found = reading.findings(
        state=request.args.get("state", "open"), merchant_id=request.args.get("merchant_id", type=UUID),
        before=request.args.get("before", type=UUID), limit=LIMIT + 1,
    )  # fmt: skip
    following = found[LIMIT - 1].id if len(found) > LIMIT else None
    return {"data": [finding_out(one) for one in found[:LIMIT]], "next": following}


@blueprint.post("/findings/<uuid:finding_id>/clear")
@blueprint.arguments(shape.ClearIn)
@blueprint.response(200, shape.FindingOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def clear(body: Body, finding_id: UUID) -> Answer:
    """Clear a plugin's finding."""
    plugged.clear(finding_id, body["reason"])
    return finding_out(reading.finding(finding_id))


@blueprint.get("/evidence")
@blueprint.response(200, shape.ProofsOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def evidence() -> Answer:
    """List what was put down, newest first, of a `rule`, a `subject_id`, or both."""
    found = reading.evidence(rule=request.args.get("rule", ""), subject_id=request.args.get("subject_id", type=UUID))
    return {
        "data": [
            {**{name: getattr(one, name) for name in one.__slots__}, "why": compliance.reason_of(one.why, one.facts)}
            for one in found
        ]
    }


@blueprint.get("/waivers")
@blueprint.response(200, shape.WaiversOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def list_waivers() -> Answer:
    """List waivers newest first (`state` narrows, `before` goes on)."""
    found = waivers.of(request.args.get("state", ""), before=request.args.get("before", type=UUID))
    return {"data": found}


@blueprint.post("/waivers")
@blueprint.arguments(shape.WaiverIn)
@blueprint.response(201, shape.IdOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def ask_waiver(body: Body) -> Answer:
    """Ask to set a rule aside; another person grants it."""
    return {"id": waivers.ask(body["rule"], body["subject_id"], reason=body["reason"], measure=body["measure"],
                              ends_on=body["ends_on"], by=by())}  # fmt: skip


@blueprint.post("/waivers/<uuid:waiver_id>/<any(grant, refuse, end):decision>")
@blueprint.response(204)
@api_edge(Realm.OPERATOR, "compliance.manage")
def decide_waiver(waiver_id: UUID, decision: str) -> Answer:
    """Grant or refuse as another person, or end what was granted."""
    if decision == "end":
        waivers.end(waiver_id)
    else:
        (waivers.grant if decision == "grant" else waivers.refuse)(waiver_id, by=by())
    return ""


@blueprint.post("/records")
@blueprint.arguments(shape.RecordIn)
@blueprint.response(201, shape.IdOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def open_record(body: Body) -> Answer:
    """Begin a record that a rule is asked about."""
    return {"id": answers.open_record(body["rule"], body["title"])}


@blueprint.put("/answers/<kind>/<uuid:subject_id>")
@blueprint.arguments(shape.AnswersIn)
@blueprint.response(204)
@api_edge(Realm.OPERATOR, "compliance.manage")
def declare(body: Body, kind: str, subject_id: UUID) -> Answer:
    """Declare facts about a subject that the rule was asked about, or of a record."""
    compliance.known_subject(kind, subject_id, body["rule"])
    compliance.declare_and_check(kind, subject_id, body["rule"], body["values"], body["evidence"])
    return ""


@blueprint.get("/merchants/<uuid:merchant_id>/score")
@blueprint.response(200, shape.ScoreOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def score(merchant_id: UUID) -> Answer:
    """Show a merchant's risk with its parts."""
    directory.find(merchant_id)
    return score_out(reading.score(merchant_id))


def score_out(found: reading.Score) -> dict[str, object]:
    """Return a score as the API shows it."""
    parts = [{"name": name, "points": points, "most": most} for name, points, most in found.parts]
    return {"points": found.points, "band": found.band, "parts": parts}


@blueprint.get("/food/<uuid:merchant_id>")
@blueprint.response(200, shape.FoodOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def food_seller(merchant_id: UUID) -> Answer:
    """Show a food seller's registration and its checks."""
    return food_out(food.of_merchant(merchant_id))


@blueprint.post("/food/<uuid:merchant_id>/checks")
@blueprint.arguments(shape.FoodCheckIn)
@blueprint.response(200, shape.FoodOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def food_check(body: Body, merchant_id: UUID) -> Answer:
    """Put down what a check has shown."""
    food.record_check(merchant_id, body["code"], body["result"], body["note"])
    return food_out(food.of_merchant(merchant_id))


@blueprint.post("/food/<uuid:merchant_id>/decision")
@blueprint.arguments(shape.FoodDecisionIn)
@blueprint.response(200, shape.FoodOut)
@api_edge(Realm.OPERATOR, "compliance.manage")
def decide_food(body: Body, merchant_id: UUID) -> Answer:
    """Approve or refuse a food seller."""
    if body["decision"] == "approve":
        food.approve(merchant_id)
    else:
        food.refuse(merchant_id, body["reason"])
    return food_out(food.of_merchant(merchant_id))


@blueprint.get("/licences/<uuid:merchant_id>")
@blueprint.response(200, shape.LicencesOut)
@api_edge(Realm.OPERATOR, "compliance.view")
def merchant_licences(merchant_id: UUID) -> Answer:
    """List a merchant's licences."""
    return {"data": licences.of_merchant(merchant_id)}


@blueprint.post("/licences/<uuid:merchant_id>/<uuid:licence_id>/decision")
@blueprint.arguments(shape.LicenceDecisionIn)
@blueprint.response(204)
@api_edge(Realm.OPERATOR, "compliance.manage")
def decide_licence(body: Body, merchant_id: UUID, licence_id: UUID) -> Answer:
    """Verify or refuse a licence."""
    if body["decision"] == "verify":
        licences.verify(merchant_id, licence_id)
    else:
        licences.refuse(merchant_id, licence_id, body["reason"])
    return ""


@blueprint.put("/categories/<uuid:category_id>")
@blueprint.arguments(shape.CategoryIn)
@blueprint.response(204)
@api_edge(Realm.OPERATOR, "compliance.manage")
def set_category(body: Body, category_id: UUID) -> Answer:
    """Set what laws ask of a category and those below it."""
    profiles.set_profile(category_id, food_kind=body["food_kind"], requires=body["requires"],
                         is_banned=body["is_banned"])  # fmt: skip
    return ""
