"""Forms of the surfaces: the same functions that plugins use (core.http.submitting)."""

from __future__ import annotations

from core.http.submitting import Options, amount, controls, load, refused, text_of

__all__ = ["Options", "amount", "controls", "load", "refused", "text_of"]
