"""Findings, what one subject's rules say and are told, waivers, and one merchant's compliance."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.compliance import answers, checking, plugged, reading, switches, waivers
from core.compliance.snapshots import KINDS
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing, View
from core.identity.principals import Realm
from core.kernel.errors import AppError, Denied, Missing, _
from core.merchants import directory
from web import compliance
from web.badges import badge
from web.compliance_words import SCORE, SUBJECTS
from web.operator.surface import blueprint
from web.processes import place_of
from web.submitting import refused

PAGE = 50
STATES = (("open", _l("To fix")), ("waived", _l("Waived")), ("closed", _l("Put right")), ("", _l("All")))
WAIVERS = (("", _l("All")), ("asked", _l("Waiting")), ("granted", _l("In force")), ("refused", _l("Refused")),
           ("ended", _l("Ended")))  # fmt: skip


def by() -> UUID:
    """Return the person who acts. Raise Denied for a key, which is nobody who could answer for a decision."""
    key = principal().user_id
    if key is None:
        raise Denied("compliance.no_person", _("A person must do this"))
    return key


@blueprint.get("/compliance/findings")
@edge(Realm.OPERATOR, "compliance.view")
def compliance_findings() -> Answer:
    """List findings by state, newest first."""
    state, before = request.args.get("state", "open"), request.args.get("before", type=UUID)
    found = reading.findings(state=state, before=before, limit=PAGE + 1)
    following = ""
    if len(found) > PAGE:
        following = url_for("operator.compliance_findings", state=state, before=found[PAGE - 1].id)
    views = [View(str(label), url_for("operator.compliance_findings", state=name), None, name == state)
             for name, label in STATES]  # fmt: skip
    return page("operator/compliance_findings.html", findings=listing_of(found[:PAGE], views, following))


def listing_of(found: tuple[reading.Finding, ...], views: list[View], following: str = "") -> Listing:
    """Return findings as a list page shows them."""
    columns = (
        Column("title", gettext("Rule")), Column("label", gettext("About"), card="sub"),
        Column("why", gettext("Why"), card="opt"), Column("held", gettext("Effect"), card="opt"),
        Column("at", gettext("Found"), kind="ago", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    rows = [
        {
            "id": str(one.id), "href": url_for("operator.compliance_finding", finding_id=one.id),
            "title": compliance.title(one.rule), "label": one.label, "why": compliance.reason(one),
            "held": gettext("Held back") if one.is_blocking else "–", "at": one.opened_at,
            "state": badge("compliance", one.state),
        }
        for one in found
    ]  # fmt: skip
    return Listing("findings", columns, rows, gettext("Findings"), views=views, next_href=following,
                   clear_href=url_for("operator.compliance_findings"))  # fmt: skip


@blueprint.get("/compliance/findings/<uuid:finding_id>")
@edge(Realm.OPERATOR, "compliance.view")
def compliance_finding(finding_id: UUID, error: AppError | None = None) -> Answer:
    """Show a finding with its evidence, and what may be done about it."""
    found = reading.finding(finding_id)
    return page(
        "operator/compliance_finding.html", finding=found, title=compliance.title(found.rule),
        why=compliance.reason(found), evidence=reading.evidence(rule=found.rule, subject_id=found.subject_id),
        told=compliance.reason_of, said=refused(error), wrong=compliance.field_errors(error), typed=request.form,
        subject=SUBJECTS.get(found.subject_kind, gettext("Merchant")), may_manage=principal().may("compliance.manage"),
    )  # fmt: skip


@blueprint.post("/compliance/findings/<uuid:finding_id>")
@edge(Realm.OPERATOR, "compliance.manage", again=compliance_finding)
def act_on_finding(finding_id: UUID) -> Answer:
    """Check again, ask for a waiver, or clear a plugin's finding."""
    found, act = reading.finding(finding_id), request.form.get("act", "check")
    if act == "waive":
        waivers.ask(found.rule, found.subject_id, reason=request.form.get("reason", ""),
                    measure=request.form.get("measure", ""), ends_on=_day(request.form.get("ends_on", "")), by=by())  # fmt: skip
        return see(url_for("operator.compliance_waivers"), gettext("Asked; a second person must agree"))
    if act == "clear":
        plugged.clear(finding_id, request.form.get("reason", ""))
    else:
        checking.evaluate(found.subject_kind, [found.subject_id])
    return see(url_for("operator.compliance_finding", finding_id=finding_id), gettext("Checked"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


@blueprint.get("/compliance/waivers")
@edge(Realm.OPERATOR, "compliance.view")
def compliance_waivers(error: AppError | None = None) -> Answer:
    """List waivers; those that wait can be decided by another person than the one who asked."""
    state, before = request.args.get("state", ""), request.args.get("before", type=UUID)
    found = waivers.of(state, before=before, limit=PAGE + 1)
    following = ""
    if len(found) > PAGE:
        following = url_for("operator.compliance_waivers", state=state or None, before=found[PAGE - 1].id)
    views = [View(str(label), url_for("operator.compliance_waivers", state=name or None), None, name == state)
             for name, label in WAIVERS]  # fmt: skip
    return page("operator/compliance_waivers.html", waivers=found[:PAGE], views=views, title=compliance.title,
                me=principal().user_id, said=refused(error), following=following,
                may_manage=principal().may("compliance.manage"))  # fmt: skip


@blueprint.post("/compliance/waivers/<uuid:waiver_id>")
@edge(Realm.OPERATOR, "compliance.manage", again=lambda waiver_id, error: compliance_waivers(error))
def decide_waiver(waiver_id: UUID) -> Answer:
    """Grant, refuse or end a waiver."""
    act = request.form.get("act", "")
    if act == "grant":
        waivers.grant(waiver_id, by=by())
    elif act == "end":
        waivers.end(waiver_id)
    else:
        waivers.refuse(waiver_id, by=by())
    return see(url_for("operator.compliance_waivers"), gettext("Saved"))


@blueprint.get("/compliance/answers/<kind>/<uuid:subject_id>/<rule>")
@edge(Realm.OPERATOR, "compliance.view")
def compliance_answers(kind: str, subject_id: UUID, rule: str, error: AppError | None = None) -> Answer:
    """Show what a rule says of one subject, what it was told, and ask for what is not known."""
    checked = compliance.known_subject(kind, subject_id, rule)
    return page(
        "operator/compliance_answers.html", kind=kind, subject_id=subject_id, rule=switches.rule_of(rule),
        title=compliance.title(rule), checked=checked, why=compliance.reason(checked) if checked else "",
        label=checked.label if checked else answers.record(subject_id).title,
        fields=compliance.fields(rule, subject_id, error), said=refused(error), held_at=place_of(kind, subject_id), given=answers.of_subject(subject_id),
        evidence_error=compliance.evidence_error(error), typed=request.form, told=compliance.reason_of,
        evidence=reading.evidence(rule=rule, subject_id=subject_id), may_manage=principal().may("compliance.manage"),
    )  # fmt: skip


@blueprint.post("/compliance/answers/<kind>/<uuid:subject_id>/<rule>")
@edge(Realm.OPERATOR, "compliance.manage",
      again=compliance_answers)  # fmt: skip
def declare(kind: str, subject_id: UUID, rule: str) -> Answer:
    """Store answers with their evidence, and ask the rule at once; or remove a record."""
    if kind not in KINDS:
        raise Missing("compliance.not_checked", _("The rule was not asked about this"))
    compliance.known_subject(kind, subject_id, rule)
    if kind == "record" and request.form.get("act") == "remove":
        answers.remove_record(subject_id)
        return see(url_for("operator.compliance_rule", rule=rule), gettext("Removed"))
    answers.declare(kind, subject_id, rule, compliance.typed(rule), evidence=request.form.get("evidence", ""))
    checking.evaluate(kind, [subject_id])
    here = url_for("operator.compliance_answers", kind=kind, subject_id=subject_id, rule=rule)
    return see(
        here if kind != "tenant" else url_for("operator.compliance_rule", rule=rule), gettext("Saved and checked")
    )


@blueprint.get("/compliance/merchants/<uuid:merchant_id>")
@edge(Realm.OPERATOR, "compliance.view")
def compliance_merchant(merchant_id: UUID) -> Answer:
    """Show a merchant's risk with its parts, its findings, and what every rule says of it."""
    merchant = directory.find(merchant_id)
    return page(
        "operator/compliance_merchant.html", merchant=merchant, score=reading.score(merchant_id), parts=SCORE,
        findings=listing_of(reading.findings(state="", merchant_id=merchant_id), []),
        checked=reading.of_subject(merchant_id), title=compliance.title, reason=compliance.reason,
    )  # fmt: skip
