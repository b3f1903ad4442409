"""The steps of a request about one's own data."""

from __future__ import annotations

from core.kernel.machine import machine

SUBJECT_REQUEST = machine(
    "subject_request", asked="ready done refused", ready="expired", expired="", done="", refused=""
)
