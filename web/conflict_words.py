"""Words of disputes between buyers and merchants, and what comes next in each stage."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

SIDES: Mapping[str, LazyString] = {"buyer": _l("Buyer"), "merchant": _l("Shop"), "operator": _l("Marketplace")}
STAGES: Mapping[str, LazyString] = {
    "outside": _l("Mediation outside: a consumer association, an authority"), "arbitration": _l("Arbitration"),
    "litigation": _l("Court"),
}  # fmt: skip


def next_of(state: str) -> str:
    """Return in the reader's language what comes next."""
    said = {
        "negotiation": gettext("Both sides make offers, without prejudice. Each may ask the marketplace to mediate."),
        "mediation": gettext("The marketplace mediates. It may propose, and decides if its published rules allow it."),
        "outside": gettext("Somebody outside mediates. Offers may still be accepted here."),
        "arbitration": gettext("Arbitrators have it; their award is final. Every record is kept."),
        "litigation": gettext("A court has it. Every record is kept."),
        "agreed": gettext("Both sides agree. What was agreed is being carried out."),
        "decided": gettext("The marketplace has decided. What it decided is being carried out."),
        "concluded": gettext("There is an award or a judgment. It is to be carried out."),
    }
    return str(said.get(state) or gettext("Nothing is left to do."))
