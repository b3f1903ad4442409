"""What the pages of both consoles share: reasons in the reader's language, forms of answers, links to what to fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask_babel import gettext

from core.compliance import answers, checking, reading, switches
from core.compliance.packs import RULES
from core.compliance.phrases import phrase
from core.compliance.questions import Question, of_rule, written
from core.compliance.reading import Checked, Finding
from core.http.errors import told
from core.kernel.errors import AppError, Invalid, Missing, _
from web.compliance_words import label

Reason = Finding | Checked


@dataclass(frozen=True, slots=True)
class Field:
    """A question as a form shows it; `options` make it a choice."""

    name: str
    label: str
    kind: str
    value: str
    hint: str
    error: str
    options: tuple[tuple[str, str], ...]


def reason(one: Reason) -> str:
    """Return why, in the reader's language."""
    return str(told(phrase(one.why, one.facts))) if one.why else ""


def reason_of(why: str, facts: Mapping[str, object]) -> str:
    """Return a stored reason in the reader's language."""
    return str(told(phrase(why, facts))) if why else ""


def title(rule: str) -> str:
    """Return a rule's title in the reader's language; a plugin's finding keeps its code."""
    found = RULES.get(rule)
    return str(gettext(found.law.title)) if found else rule


def law(rule: str) -> str:
    """Return the law of a rule as it is cited; nothing for a plugin's finding."""
    found = RULES.get(rule)
    return found.law.law if found else ""


def fields(rule: str, subject_id: UUID, error: AppError | None = None) -> list[Field]:
    """Return a rule's questions about a subject, with what was answered or typed."""
    given = answers.of_subject(subject_id)
    wrong = {fault.path: told(fault.message) for fault in error.fields} if isinstance(error, Invalid) else {}
    return [_field(q, given.get(q.path), wrong.get(q.path, ""), is_again=error is not None) for q in of_rule(rule)]


def _field(question: Question, given: answers.Answer | None, error: str, *, is_again: bool) -> Field:
    value = written(question, given.value) if given else ""
    if is_again:
        value = request.form.get(question.path, "")
    options = tuple((code, str(label(code))) for code in question.choices)
    if question.kind == "flag":
        options = (("yes", gettext("Yes")), ("no", gettext("No")))
    return Field(question.path, str(label(question.path)), question.kind, value, _hint(question), error, options)


def _hint(question: Question) -> str:
    if question.kind == "rows":
        return str(gettext("One a line, separated by commas: %(columns)s",
                       columns=", ".join(str(label(name)) for name in question.columns)))  # fmt: skip
    hints = {
        "words": gettext("Separate with commas."),
        "moment": gettext("Day and time, such as 2026-11-30 14:05"),
    }
    return str(hints.get(question.kind, ""))


def typed(rule: str) -> dict[str, str]:
    """Return what was typed into a rule's questions."""
    return {question.path: request.form.get(question.path, "") for question in of_rule(rule)}


def evidence_error(error: AppError | None) -> str:
    """Return what is wrong with the evidence field, if that was refused."""
    if not isinstance(error, Invalid):
        return ""
    return next((told(fault.message) for fault in error.fields if fault.path == "evidence"), "")


def field_errors(error: AppError | None) -> dict[str, str]:
    """Return what is wrong with each field of a form that was refused."""
    return {fault.path: told(fault.message) for fault in error.fields} if isinstance(error, Invalid) else {}


def declare_and_check(kind: str, subject_id: UUID, rule: str, values: Mapping[str, str], evidence: str) -> None:
    """Store answers with their evidence and ask every rule about the subject at once."""
    answers.declare(kind, subject_id, rule, values, evidence=evidence)
    checking.evaluate(kind, [subject_id])


def known_subject(kind: str, subject_id: UUID, rule: str) -> Checked | None:
    """Find what a rule said of a subject; None for a record that was not asked about yet.

    Raise Missing for anything that the rule was not asked about.
    """
    switches.rule_of(rule)
    found = next((c for c in reading.of_subject(subject_id) if c.rule == rule and c.subject_kind == kind), None)
    if found is None and not (kind == "record" and answers.record(subject_id).rule == rule):
        raise Missing("compliance.not_checked", _("The rule was not asked about this"))
    return found


def words(text: str) -> str:
    """Return a text of a law or pack in the reader's language."""
    return str(gettext(text))
