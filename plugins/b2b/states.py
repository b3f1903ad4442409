"""The machines of companies, requisitions and quotes as data: which event leads from which state to which."""

from __future__ import annotations

from core.kernel.errors import Conflict, _
from core.kernel.machine import Machine, machine

COMPANY = machine("b2b.company", applied="active rejected", rejected="applied", active="closed", closed="")
COMPANY_EVENTS = {
    ("applied", "approve"): "active",
    ("applied", "reject"): "rejected",
    ("rejected", "apply"): "applied",
    ("active", "close"): "closed",
}
REQUISITION = machine(
    "b2b.requisition", waiting="approved rejected withdrawn lapsed", approved="placed withdrawn lapsed", rejected="",
    withdrawn="", lapsed="", placed="",
)  # fmt: skip
REQUISITION_EVENTS = {
    ("waiting", "approve"): "approved",
    ("waiting", "reject"): "rejected",
    ("waiting", "withdraw"): "withdrawn",
    ("waiting", "lapse"): "lapsed",
    ("approved", "place"): "placed",
    ("approved", "withdraw"): "withdrawn",
    ("approved", "lapse"): "lapsed",
}
QUOTE = machine(
    "b2b.quote", asked="offered declined withdrawn expired", offered="offered asked accepted withdrawn expired",
    accepted="", declined="", withdrawn="", expired="",
)  # fmt: skip
QUOTE_EVENTS = {
    ("asked", "answer"): "offered",
    ("asked", "decline"): "declined",
    ("asked", "withdraw"): "withdrawn",
    ("asked", "expire"): "expired",
    ("offered", "answer"): "offered",
    ("offered", "counter"): "asked",
    ("offered", "accept"): "accepted",
    ("offered", "withdraw"): "withdrawn",
    ("offered", "expire"): "expired",
}


def target(rules: Machine, events: dict[tuple[str, str], str], state: str, event: str) -> str:
    """Return where an event leads. Raise Conflict if it means nothing in this state."""
    found = events.get((state, event))
    if found is None:
        text = _("This cannot be done in its present state; look again")
        raise Conflict(f"{rules.name}.not_now", text, source=state, event=event)
    return found
