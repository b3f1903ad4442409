"""How a listing may move: from draft through review to the shelf, off it and back, and into the archive."""

from __future__ import annotations

from core.kernel.machine import machine

LISTING = machine(
    "listing",
    draft="review live hidden archived blocked",
    review="draft live hidden blocked archived",
    live="hidden blocked archived",
    hidden="live review blocked archived",
    blocked="hidden archived",
    archived="draft",
)
"""`hidden` is approved but off the shelf: by the merchant, or until its day has come."""
