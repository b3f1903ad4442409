"""Where the consoles show what processes hold, so that pages of compliance lead to it instead of asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from core.compliance import answers

PLACES: Mapping[str, tuple[str, str]] = {
    "policy_version": ("operator.policy_version", "version_id"),
    "policy_exit": ("operator.policy_exits", ""),
    "complaint": ("operator.complaint", "complaint_id"),
    "conflict": ("operator.conflict", "conflict_id"),
    "rights_notice": ("operator.notice", "notice_id"),
    "subject_request": ("operator.privacy", ""),
}
"""By the kind of process: the operator's page and its argument."""


def place_of(kind: str, subject_id: UUID) -> str:
    """Return the page of the process that holds a record; "" for what people declare."""
    if kind != answers.RECORD:
        return ""
    held = answers.record(subject_id)
    endpoint, argument = PLACES.get(held.source_kind, ("", ""))
    if not endpoint or held.source_id is None:
        return ""
    values: dict[str, Any] = {argument: held.source_id} if argument else {}
    return url_for(endpoint, **values)
