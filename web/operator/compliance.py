"""Compliance: the checklist, one rule with its law, numbers, subjects and evidence, and the packs."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.compliance import answers, reading, switches
from core.compliance.applying import subject_of
from core.compliance.checking import now
from core.compliance.packs import PACKS
from core.compliance.switches import Mode
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing, View
from core.identity.principals import Realm
from core.kernel import jobs
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.tenancy import current_id
from web import compliance
from web.badges import badge
from web.compliance_words import NUMBERS, SUBJECTS
from web.operator.surface import blueprint, menu
from web.submitting import refused

menu.add("Marketplace", 60, "Compliance", "operator.compliance", "scale", "compliance.view")

MODES = {
    Mode.OBSERVE: (_l("Observe"), _l("Only you see what it finds")),
    Mode.WARN: (_l("Warn"), _l("The merchant sees it too")),
    Mode.ENFORCE: (_l("Enforce"), _l("What breaks it is held back")),
}
VIEWS = (("", _l("All")), ("failing", _l("Failing")), ("due", _l("Due")), ("warn", _l("Watch")),
         ("unknown", _l("Not known")), ("waived", _l("Waived")), ("fine", _l("Fine")))  # fmt: skip
PAGE = 50


@blueprint.get("/compliance", endpoint="compliance")
@edge(Realm.OPERATOR, "compliance.view")
def checklist(error: AppError | None = None) -> Answer:
    """Show every rule of the packs that are on, the worst first, and the packs."""
    force = switches.in_force()
    lines = reading.checklist(force)
    view, pack = request.args.get("view", ""), request.args.get("pack", "")
    counts = {name: sum(line.stands == name for line in lines) for name, _label in VIEWS if name}
    order = {name: place for place, (name, _label) in enumerate(VIEWS)}
    shown = [line for line in lines if (not view or line.stands == view) and (not pack or line.law.pack == pack)]
    shown.sort(key=lambda line: (order[line.stands], -line.law.score))
    return page(
        "operator/compliance.html", rules=_listing(shown, counts, len(lines), view, pack), counts=counts, force=force,
        packs=[(one, force.packs.get(one.id), one.is_stale(now().today)) for one in PACKS.values()],
        proposed=switches.proposed(), modes=MODES, may_manage=principal().may("compliance.manage"), said=refused(error),
    )  # fmt: skip


@blueprint.post("/compliance/packs/<pack>")
@edge(Realm.OPERATOR, "compliance.manage", again=lambda pack, error: checklist(error))
def switch_pack(pack: str) -> Answer:
    """Switch a pack on in a mode, or off."""
    wanted = request.form.get("mode", "")
    if wanted == "off":
        switches.switch_off(pack)
        return see(url_for("operator.compliance"), gettext("Switched off"))
    switches.switch_on(pack, _mode(wanted) or Mode.OBSERVE)
    return see(url_for("operator.compliance"), gettext("Switched on; everything is being checked"))


@blueprint.get("/compliance/rules/<rule>")
@edge(Realm.OPERATOR, "compliance.view")
def compliance_rule(rule: str, error: AppError | None = None) -> Answer:
    """Show a rule: its law, how it is set, whom it was asked about, and what was put down."""
    found = switches.rule_of(rule)
    force = switches.in_force()
    own, numbers, why = switches.setting_of(rule)
    status = request.args.get("status", "")
    after = request.args.get("after", type=UUID)
    kind = subject_of(found)
    checked = reading.subjects(rule, status=status, after=after, limit=PAGE + 1)
    trial = {name: request.args.get(f"try_{name}", type=int) for name in found.parameters}
    asked = {name: value for name, value in trial.items() if value is not None}
    return page(
        "operator/compliance_rule.html", rule=found, law=found.law, pack=PACKS[found.law.pack], mode=force.mode(rule),
        is_on=rule in force.modes, own=own, numbers=numbers, why=why, modes=MODES, number_words=NUMBERS, kind=kind,
        subjects=_subjects(rule, checked, status), evidence=reading.evidence(rule=rule, limit=20), said=refused(error),
        reason=compliance.reason, told=compliance.reason_of, wrong=compliance.field_errors(error), tried=asked,
        would=reading.replay(rule, {**numbers, **asked}) if asked and rule in force.modes else (),
        fields=compliance.fields(rule, current_id(), error) if kind == "tenant" else [],
        evidence_error=compliance.evidence_error(error), tenant_id=current_id(), subject_words=SUBJECTS,
        may_manage=principal().may("compliance.manage"),
    )  # fmt: skip


@blueprint.post("/compliance/rules/<rule>")
@edge(Realm.OPERATOR, "compliance.manage", again=compliance_rule)
def set_rule(rule: str) -> Answer:
    """Set a rule's mode and numbers."""
    found = switches.rule_of(rule)
    numbers, wrong = {}, []
    for name in found.parameters:
        typed = request.form.get(name, "").strip()
        if not typed.isdecimal():
            wrong.append(FieldError(name, _("Give a whole number")))
            continue
        numbers[name] = int(typed)
    if wrong:
        raise Invalid("form.invalid", _("Some of this cannot be right."), fields=tuple(wrong))
    switches.set_rule(rule, mode=_mode(request.form.get("mode", "")), numbers=numbers,
                      reason=request.form.get("reason", ""))  # fmt: skip
    return see(url_for("operator.compliance_rule", rule=rule), gettext("Saved"))


@blueprint.post("/compliance/rules/<rule>/records")
@edge(Realm.OPERATOR, "compliance.manage", again=compliance_rule)
def open_record(rule: str) -> Answer:
    """Begin a record that a rule is asked about."""
    key = answers.open_record(rule, request.form.get("title", ""))
    return see(url_for("operator.compliance_answers", kind="record", subject_id=key, rule=rule), gettext("Begun"))


@blueprint.post("/compliance/check")
@edge(Realm.OPERATOR, "compliance.manage")
def check_again() -> Answer:
    """Check everything again, in the background."""
    jobs.soon(switches.EVERYTHING, {})
    return see(url_for("operator.compliance"), gettext("Everything is being checked"))


def _mode(text: str) -> Mode | None:
    return Mode(text) if text in list(Mode) else None


def _listing(lines: list[reading.Line], counts: dict[str, int], total: int, view: str, pack: str) -> Listing:
    views = [
        View(str(label), url_for("operator.compliance", view=name or None, pack=pack or None),
             counts.get(name, total), name == view)
        for name, label in VIEWS
    ]  # fmt: skip
    columns = (
        Column("title", gettext("Rule")), Column("law", gettext("Law"), card="sub"),
        Column("mode", gettext("Mode"), card="opt"), Column("counts", gettext("Stands"), card="opt"),
        Column("due", gettext("Next due"), kind="date", card="amt"),
        Column("checked", gettext("Last asked"), kind="ago", card="opt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    rows = [
        {
            "id": line.law.id, "href": url_for("operator.compliance_rule", rule=line.law.id),
            "title": compliance.title(line.law.id), "law": line.law.law.split(";")[0][:60],
            "mode": str(MODES[line.mode][0]), "counts": _counts(line), "due": line.next_due,
            "checked": line.checked_at, "state": badge("compliance", line.stands),
        }
        for line in lines
    ]  # fmt: skip
    return Listing("rules", columns, rows, gettext("Rules"), views=views, clear_href=url_for("operator.compliance"))


def _counts(line: reading.Line) -> str:
    words = {"fail": gettext("failing"), "due": gettext("due"), "warn": gettext("to watch"),
             "unknown": gettext("not known"), "pass": gettext("fine"), "n/a": gettext("not concerned"),}  # fmt: skip
    parts = [f"{line.counts[name]} {word}" for name, word in words.items() if line.counts.get(name)]
    return ", ".join(parts) or gettext("not asked yet")


def _subjects(rule: str, checked: tuple[reading.Checked, ...], status: str) -> Listing:
    statuses = ("", "fail", "due", "warn", "unknown", "pass")
    views = [
        View(str(badge("compliance", name).word) if name else gettext("All"),
             url_for("operator.compliance_rule", rule=rule, status=name or None), None, name == status)
        for name in statuses
    ]  # fmt: skip
    columns = (
        Column("label", gettext("About")), Column("why", gettext("Why"), card="sub"),
        Column("due", gettext("Due"), kind="date", card="amt"),
        Column("at", gettext("Asked"), kind="ago", card="opt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    rows = [
        {
            "id": str(one.id), "label": one.label, "why": compliance.reason(one), "due": one.due_on,
            "at": one.checked_at, "state": badge("compliance", one.status),
            "href": url_for("operator.compliance_answers", kind=one.subject_kind, subject_id=one.subject_id, rule=rule),
        }
        for one in checked[:PAGE]
    ]  # fmt: skip
    following = ""
    if len(checked) > PAGE:
        following = url_for("operator.compliance_rule", rule=rule, status=status or None, after=checked[PAGE - 1].id)
    return Listing("subjects", columns, rows, gettext("Asked about"), views=views, next_href=following,
                   clear_href=url_for("operator.compliance_rule", rule=rule))  # fmt: skip
