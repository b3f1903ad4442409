"""Which subjects a rule concerns at all: a law about food sellers says nothing about a seller of books."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.compliance.facts import Facts
from core.compliance.outcomes import Outcome, na, unknown
from core.compliance.questions import of_rule
from core.compliance.ruling import At, Rule, judge
from core.compliance.snapshots import MERCHANT, PACKAGED, RECORD, SPECIAL, TENANT, Snapshot
from core.compliance.switches import InForce
from core.kernel.errors import _

_CONCERNS: Mapping[str, Callable[[Facts], bool]] = {
    "cn.fsl.62.1": lambda facts: facts.has("sells_food"),
    "cn.fsl.62.2": lambda facts: facts.has("food_kind"),
    "cn.fsl.67.1": lambda facts: facts.text("food_kind") in PACKAGED,
    "cn.fsl.78.1": lambda facts: facts.text("food_kind") in SPECIAL,
}
_AFTER_THE_END = ("eu.dsa.30.5",)
_HELD = ("tenant", "merchant", "shop", "listing")


def subject_of(rule: Rule) -> str:
    """Return the kind of subject that a rule is asked about: a record where the marketplace holds no such things."""
    return rule.law.subject if rule.law.subject in _HELD else RECORD


def rules_for(snapshot: Snapshot, force: InForce) -> tuple[Rule, ...]:
    """Return the rules in force about a subject."""
    if snapshot.kind == RECORD:
        return tuple(rule for rule in force.rules() if rule.id == snapshot.rule)
    return force.rules(snapshot.kind)


def ask(rule: Rule, snapshot: Snapshot, when: At, force: InForce) -> Outcome:
    """Ask a rule about a subject; it does not apply where it does not concern it."""
    facts = Facts(snapshot.facts)
    concerns = _CONCERNS.get(rule.id)
    if concerns and not concerns(facts):
        return na(_("It does not concern this"))
    if snapshot.kind in (TENANT, RECORD) and not any(facts.is_given(asked.path) for asked in of_rule(rule.id)):
        return unknown(_("Nobody has told this yet"))
    if snapshot.kind == MERCHANT:
        stands = facts.text("merchant.status")
        if stands == "applying" or (stands == "left") is not (rule.id in _AFTER_THE_END):
            return na(_("The merchant does not trade"))
    return judge(rule, snapshot.facts, when, force.numbers.get(rule.id))
