"""What the pages about policies share: texts in the reader's language, words, forms of two languages, differences."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from core.processes.policies import reading
from core.processes.policies.drafting import Draft
from core.processes.policies.reading import Version
from web.languages import LOCALES, language

OUTCOMES: Mapping[str, LazyString] = {
    "taken": _l("Taken"),
    "partly": _l("Taken in part"),
    "not_taken": _l("Not taken"),
}
Lines = tuple[tuple[str, str], ...]


def text_of(texts: Mapping[str, str]) -> str:
    """Return a text in the reader's language, else in any."""
    return texts.get(language()) or next((texts[code] for code in LOCALES if texts.get(code)), "")


def title(version: Version) -> str:
    """Return a policy's name in the reader's language."""
    return str(gettext(version.kind.title))


def changes(version: Version) -> Lines:
    """Return how a version differs from the one that applies before it; nothing for a first one."""
    before = reading.earlier(version)
    return reading.difference(text_of(before.texts), text_of(version.texts)) if before else ()


def corrections(version: Version) -> Lines:
    """Return what was changed after the comments."""
    if not version.commented_texts:
        return ()
    return reading.difference(text_of(version.commented_texts), text_of(version.texts))


def typed_texts(prefix: str) -> dict[str, str]:
    """Return what was typed in each language."""
    return {code: request.form.get(f"{prefix}_{code}", "") for code in LOCALES}


def typed_draft() -> Draft:
    """Return the draft that was typed."""
    days = request.form.get("adaptation_days", "").strip() or "0"
    return Draft(
        typed_texts("text"), typed_texts("summary"), is_weighty="is_weighty" in request.form,
        weight_reason=request.form.get("weight_reason", ""), adaptation_days=int(days) if days.isdecimal() else -1,
    )  # fmt: skip
