"""Facts that people declare, with evidence, and records of single things that rules are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from core.compliance.facts import Tree
from core.compliance.models import AnswerRow, CheckRow, RecordRow
from core.compliance.questions import Question, of_rule, read
from core.compliance.switches import rule_of
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current

RECORD = "record"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was declared, by whom, when, and what proves it."""

    path: str
    value: Tree
    evidence: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """A single thing that a rule is about; with a source a process of the marketplace holds it."""

    id: UUID
    rule: str
    title: str
    created_at: datetime
    source_kind: str = ""
    source_id: UUID | None = None


def declare(kind: str, subject_id: UUID, rule: str, typed: Mapping[str, str], *, evidence: str) -> None:
    """Store the answers to a rule's questions about a subject; "" takes one back.

    Raise Invalid with an error for each answer that cannot be read, or without evidence where something is stated.
    """
    rule_of(rule)
    asked = {question.path: question for question in of_rule(rule)}
    wrong: list[FieldError] = []
    values: dict[str, Tree] = {}
    for path, text in typed.items():
        if path not in asked:
            wrong.append(FieldError(path, _("This is not asked")))
            continue
        try:
            values[path] = _local(asked[path], read(asked[path], text))
        except Invalid as error:
            wrong += error.fields
    if not evidence.strip() and any(value is not None for value in values.values()):
        wrong.append(FieldError("evidence", _("Say what proves it: a document, its number, or where it is kept")))
    if wrong:
        raise Invalid("compliance.answers", _("Some of this cannot be right"), fields=tuple(wrong))
    _store(kind, subject_id, values, evidence.strip()[:500])
    audit.record("compliance.declared", kind, subject_id, rule=rule, fields=" ".join(sorted(values)),
                 evidence=evidence.strip()[:500])  # fmt: skip


def _local(question: Question, value: Tree) -> Tree:
    """Give a moment without an offset the marketplace's own."""
    if question.kind != "moment" or not isinstance(value, str):
        return value
    moment = datetime.fromisoformat(value)
    return value if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(current().timezone)).isoformat()


def _store(kind: str, subject_id: UUID, values: Mapping[str, Tree], evidence: str) -> None:
    known = {row.path: row for row in session().scalars(select(AnswerRow).where(AnswerRow.subject_id == subject_id))}
    for path, value in values.items():
        row = known.get(path)
        if value is None:
            if row is not None:
                session().delete(row)
            continue
        if row is None:
            row = AnswerRow(subject_kind=kind, subject_id=subject_id, path=path)
            session().add(row)
        row.value, row.evidence, row.by_name, row.at = value, evidence, audit.actor().name, clock.now()
    session().flush()


def of_subject(subject_id: UUID) -> Mapping[str, Answer]:
    """Return what was declared about a subject, by path."""
    rows = session().scalars(select(AnswerRow).where(AnswerRow.subject_id == subject_id))
    return {row.path: Answer(row.path, row.value, row.evidence, row.by_name, row.at) for row in rows}


def trees(subject_ids: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Tree]]:
    """Return declared values by subject and path, in one query."""
    found: dict[UUID, dict[str, Tree]] = {}
    query = select(AnswerRow.subject_id, AnswerRow.path, AnswerRow.value)
    for row in session().execute(query.where(AnswerRow.subject_id.in_(list(subject_ids)))):
        found.setdefault(row.subject_id, {})[row.path] = row.value
    return found


def open_record(rule: str, title: str) -> UUID:
    """Begin a record of a rule. Raise Invalid without a title."""
    rule_of(rule)
    if not title.strip():
        message = _("Give it a title by which you find it again")
        raise Invalid("compliance.no_title", message, fields=(FieldError("title", message),))
    row = RecordRow(id=new_id(), rule=rule, title=title.strip()[:200])
    session().add(row)
    session().flush()
    audit.record("compliance.record_opened", RECORD, row.id, rule=rule, title=row.title)
    return row.id


def remove_record(record_id: UUID) -> None:
    """Remove a record with its answers and check; the evidence stays.

    Raise Missing if there is none, Conflict for one that a process holds.
    """
    found = record(record_id)
    if found.source_id is not None:
        raise Conflict("compliance.held", _("The marketplace's own records hold this; it stays"))
    session().execute(delete(AnswerRow).where(AnswerRow.subject_id == record_id))
    session().execute(delete(CheckRow).where(CheckRow.subject_id == record_id))
    session().execute(delete(RecordRow).where(RecordRow.id == record_id))
    audit.record("compliance.record_removed", RECORD, record_id, rule=found.rule, title=found.title)


def record(record_id: UUID) -> Record:
    """Return a record. Raise Missing if there is none."""
    row = session().scalars(select(RecordRow).where(RecordRow.id == record_id)).one_or_none()
    if row is None:
        raise Missing("compliance.no_record", _("There is no such record"))
    return Record(row.id, row.rule, row.title, row.created_at, row.source_kind, row.source_id)


def grown(tree: dict[str, Tree], answers: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return a tree with declared values put in at their paths; what the records hold is not overwritten by nothing."""
    for path, value in answers.items():
        place = tree
        *parents, name = path.split(".")
        for parent in parents:
            inner = place.get(parent)
            place[parent] = inner = dict(inner) if isinstance(inner, Mapping) else {}
            place = inner
        place[name] = value
    return tree
