"""The states of a month's statements and of an entry that waits for a second person."""

from __future__ import annotations

from core.kernel.machine import machine

STATEMENT_RUN = machine("statement_run", closing="issued", issued="")
MANUAL_ENTRY = machine("manual_entry", waiting="posted rejected", posted="", rejected="")
