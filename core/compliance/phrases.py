"""Reasons as text: templates filled in English where no reader is known, as phrases where one will be."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.errors import Phrase

Stored = Mapping[str, object]


def said(why: str, facts: Stored) -> str:
    """Return a reason in English; for places that are read without a language, such as logs and stored notes."""
    return why.format(
        **{name: ", ".join(map(str, v)) if isinstance(v, (list, tuple)) else v for name, v in facts.items()}
    )


def phrase(why: str, facts: Stored) -> Phrase:
    """Return a reason that the edge puts into the reader's language, its words included."""
    plain = {name: tuple(map(str, v)) if isinstance(v, (list, tuple)) else v for name, v in facts.items()}
    return Phrase(why, **plain)
