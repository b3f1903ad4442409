"""A merchant's compliance: what to fix and where, what comes up, its risk, and what it declares."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.compliance import checking, food, licences, plugged, reading, switches
from core.compliance.packs import RULES
from core.compliance.questions import of_rule
from core.compliance.snapshots import LISTING, MERCHANT, SHOP
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from web import compliance
from web.compliance_words import SCORE
from web.merchant.surface import blueprint, menu
from web.submitting import refused

menu.add("Settings", 30, "Compliance", "merchant.compliance", "scale", "compliance.answer")

_LICENCED = ("cn.fsl.62.1", "cn.fsl.62.2", "cn.ecl.12.1")
_IDENTITY = ("cn.ecl.27.1", "cn.ecl.10.1", "eu.dsa.30.1")


def mine() -> UUID:
    """Return the merchant that acts. Raise Missing for somebody without one."""
    key = principal().merchant_id
    if key is None:
        raise Missing("merchants.missing", _("There is no such merchant"))
    return key


@blueprint.get("/compliance", endpoint="compliance")
@edge(Realm.MERCHANT, "compliance.answer")
def to_fix() -> Answer:
    """Show what to fix, what stops sales first; then what comes up, and the risk with its parts."""
    key = mine()
    found = reading.findings(merchant_id=key, shown=True, limit=200)
    ordered = sorted(found, key=lambda one: (not one.is_blocking, -one.score, one.opened_at))
    fixes = [(one, compliance.title(one.rule), compliance.reason(one), _where(one)) for one in ordered]
    coming = [(one, compliance.title(one.rule), compliance.reason(one), _where(one)) for one in reading.coming(key)]
    return page(
        "merchant/compliance.html", fixes=fixes, coming=coming, score=reading.score(key), parts=SCORE,
        registration=food.of_merchant(key), licences=licences.of_merchant(key),
        asks_food="cn_food" in switches.in_force().packs,
    )  # fmt: skip


def _where(one: reading.Finding | reading.Checked) -> list[tuple[str, str]]:
    """Return links to the places where it can be put right."""
    places = []
    if one.rule in _LICENCED:
        places.append((gettext("Food registration and licences"), url_for("merchant.food")))
    if one.subject_kind == LISTING:
        places.append((gettext("The listing"), url_for("merchant.product", listing_id=one.subject_id)))
    if one.subject_kind == SHOP:
        places.append((gettext("The shop"), url_for("merchant.shop", shop_id=one.subject_id, tab="profile")))
    if one.rule in _IDENTITY and principal().may("shop.manage"):
        places.append((gettext("Your application"), url_for("merchant.apply")))
    if one.rule in RULES and of_rule(one.rule):
        here = url_for("merchant.compliance_answers", kind=one.subject_kind, subject_id=one.subject_id, rule=one.rule)
        places.append((gettext("Answer what is asked"), here))
    return places


@blueprint.post("/compliance/check")
@edge(Realm.MERCHANT, "compliance.answer")
def check_compliance() -> Answer:
    """Ask every rule again that something is open of: I fixed it."""
    key = mine()
    subjects: dict[str, set[UUID]] = {MERCHANT: {key}}
    for one in reading.findings(merchant_id=key, shown=True, limit=200):
        subjects.setdefault(one.subject_kind, set()).add(one.subject_id)
    for kind, ids in subjects.items():
        checking.evaluate(kind, sorted(ids))
        plugged.findings(kind, sorted(ids))
    return see(url_for("merchant.compliance"), gettext("Checked"))


@blueprint.get("/compliance/answers/<kind>/<uuid:subject_id>/<rule>")
@edge(Realm.MERCHANT, "compliance.answer")
def compliance_answers(kind: str, subject_id: UUID, rule: str, error: AppError | None = None) -> Answer:
    """Ask for what a rule needs to know of something of the merchant's own."""
    checked = _own(kind, subject_id, rule)
    return page(
        "merchant/compliance_answers.html", rule=switches.rule_of(rule), title=compliance.title(rule), checked=checked,
        why=compliance.reason(checked), fields=compliance.fields(rule, subject_id, error), said=refused(error),
        evidence_error=compliance.evidence_error(error),
    )  # fmt: skip


@blueprint.post("/compliance/answers/<kind>/<uuid:subject_id>/<rule>")
@edge(Realm.MERCHANT, "compliance.answer",
      again=compliance_answers)  # fmt: skip
def answer_compliance(kind: str, subject_id: UUID, rule: str) -> Answer:
    """Store answers with their evidence and ask the rule at once."""
    own_declared(kind, subject_id, rule, compliance.typed(rule), request.form.get("evidence", ""))
    return see(url_for("merchant.compliance"), gettext("Saved and checked"))


def own_declared(kind: str, subject_id: UUID, rule: str, typed: dict[str, str], evidence: str) -> None:
    """Store answers about something of the merchant's own. Raise Missing if it is another's, or not asked about."""
    _own(kind, subject_id, rule)
    compliance.declare_and_check(kind, subject_id, rule, typed, evidence)


def _own(kind: str, subject_id: UUID, rule: str) -> reading.Checked:
    key = mine()
    for one in reading.of_subject(subject_id):
        if one.rule == rule and one.subject_kind == kind and one.merchant_id == key and kind != "record":
            return one
    raise Missing("compliance.not_checked", _("The rule was not asked about this"))
