"""Writing a version: it begins as a copy of what is in force, and is corrected or written anew after comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select

from core.compliance.outcomes import Status
from core.compliance.packs import RULES
from core.compliance.phrases import said
from core.compliance.ruling import at, judge
from core.compliance.switches import in_force as rules_in_force
from core.hooks.runtime import move
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.processes.policies import clocks, finding
from core.processes.policies.kinds import kind_of
from core.processes.policies.models import VersionRow
from core.processes.policies.states import OPEN, VERSION

LONGEST = 100_000
_LANGUAGES = ("en", "zh")
_VOID = "cn.crpl.26.1"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is written of a version. `texts` (Markdown) and `summaries` of what changes are by language.

    `weight_reason` is needed where a weighty policy's change is called light; `adaptation_days` is what merchants
    need to adapt.
    """

    texts: Mapping[str, str]
    summaries: Mapping[str, str] = field(default_factory=dict)
    is_weighty: bool = True
    weight_reason: str = ""
    adaptation_days: int = 0


def start(kind: str) -> UUID:
    """Begin the next version of a policy from what is in force. Raise Conflict while another is under way."""
    known = kind_of(kind)
    lock_name(f"policies:{kind}")
    if session().scalar(select(VersionRow.id).where(VersionRow.kind == kind, VersionRow.state.in_(OPEN))):
        raise Conflict("policies.under_way", _("Another version of this policy is under way; finish or withdraw it"))
    last = session().scalar(select(func.max(VersionRow.number)).where(VersionRow.kind == kind)) or 0
    now = finding.in_force(kind)
    row = VersionRow(id=new_id(), kind=kind, number=last + 1, texts=dict(now.texts) if now else {},
                     is_weighty=known.is_weighty)  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("policy_version.started", "policy_version", row.id, kind=kind, number=row.number)
    return row.id


def write(version_id: UUID, draft: Draft) -> None:
    """Write a draft. Raise Invalid for what cannot be right, Conflict once it is no draft any more."""
    row = finding.locked(version_id)
    finding.require(row, "draft")
    texts = _texts(draft.texts)
    _check(row, draft, texts)
    row.texts, row.summaries = texts, _texts(draft.summaries)
    row.is_weighty, row.weight_reason = draft.is_weighty, draft.weight_reason.strip()[:500]
    row.adaptation_days = draft.adaptation_days
    audit.record("policy_version.written", "policy_version", row.id, is_weighty=row.is_weighty)


def correct(version_id: UUID, texts: Mapping[str, str], reason: str) -> None:
    """Change the words after the comments without changing the substance; both texts stay public.

    Raise Invalid without a text or a reason, Conflict unless the comments are closed.
    """
    row = finding.locked(version_id)
    finding.require(row, "closed")
    written = _texts(texts)
    wrong = list(_void(written))
    if not written:
        wrong.append(FieldError("text_en", _("Write the text")))
    if not reason.strip():
        wrong.append(FieldError("reason", _("Say what was changed and why it changes nothing in substance")))
    if wrong:
        raise Invalid("policies.wrong", _("Some of this cannot be right"), fields=tuple(wrong))
    row.commented_texts = row.commented_texts or dict(row.texts)
    row.texts, row.correction = written, reason.strip()[:1000]
    audit.record("policy_version.corrected", "policy_version", row.id, reason=row.correction)


def reopen(version_id: UUID) -> None:
    """Take a version back to be written anew after its comments; it then goes to comment again."""
    row = finding.locked(version_id)
    finding.require(row, "closed")
    row.commented_texts, row.correction = {}, ""
    row.comment_opens_at = row.comment_closes_at = None
    move(VERSION, row, "draft")


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: texts[code].strip()[:LONGEST] for code in _LANGUAGES if texts.get(code, "").strip()}


def _check(row: VersionRow, draft: Draft, texts: Mapping[str, str]) -> None:
    wrong = list(_void(texts))
    if not texts:
        wrong.append(FieldError("text_en", _("Write the text in at least one language")))
    if kind_of(row.kind).is_weighty and not draft.is_weighty and not draft.weight_reason.strip():
        wrong.append(FieldError("weight_reason", _("Say why this change touches no major interests")))
    if not 0 <= draft.adaptation_days <= 365:
        wrong.append(FieldError("adaptation_days", _("Give between 0 and 365 days")))
    if wrong:
        raise Invalid("policies.wrong", _("Some of this cannot be right"), fields=tuple(wrong))


def _void(texts: Mapping[str, str]) -> list[FieldError]:
    """Return what the law on void clauses has against the texts, where its pack is on."""
    force = rules_in_force()
    if _VOID not in force.modes:
        return []
    outcomes = [(code, judge(RULES[_VOID], {"text": text}, at(clocks.today()))) for code, text in texts.items()]
    return [FieldError(f"text_{code}", said(one.why, one.facts)) for code, one in outcomes if one.status is Status.FAIL]
