"""What the pages of disputes share, whichever side looks: amounts that are typed, steps, lists, bundles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.http.listing import Column, Listing, View
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tx import read_only, transaction
from core.processes.conflicts import bundling, opening, reading, talking
from web import conflict_files
from web.badges import badge
from web.complaint_forms import word

PAGE = 50
VIEWS = (("", _l("All")), ("negotiation", _l("Negotiated")), ("mediation", _l("Mediated")),
         ("outside", _l("Outside")), ("agreed", _l("Agreed")), ("decided", _l("Decided")), ("closed", _l("Closed")))  # fmt: skip


def amount(name: str, currency: str) -> int:
    """Return an amount that was typed, in minor units; nothing typed is zero. Raise Invalid at the field."""
    typed = word(name)
    if not typed:
        return 0
    try:
        return Money.parse(typed, currency).minor
    except (ValueError, Invalid):
        message = _("Give an amount")
        raise Invalid("form.amount", message, fields=(FieldError(name, message),)) from None


def carry_out(conflict_id: UUID, side: str, currency: str) -> bool:
    """Do what a side wants; False for an act that is none of a side's own."""
    acts: Mapping[str, Callable[[], None]] = {
        "write": lambda: talking.write(conflict_id, side, word("message")),
        "offer": lambda: talking.offer(conflict_id, side, amount("amount", currency), word("text")),
        "accept": lambda: talking.accept(conflict_id, UUID(word("offer_id")), side),
        "mediate": lambda: talking.want_mediation(conflict_id, side),
        "elsewhere": lambda: talking.take_elsewhere(conflict_id, word("stage"), word("where"), word("agreement")),
        "withdraw": lambda: opening.withdraw(conflict_id, side),
    }
    act = acts.get(word("act"))
    if act is not None:
        act()
    return act is not None


def make_bundle(conflict_id: UUID) -> UUID:
    """Make a bundle of evidence and return its key; no transaction is open while it is drawn and written."""
    with read_only():
        content = conflict_files.packed(conflict_id)
    digest = bundling.store(content)
    with transaction():
        return bundling.keep(conflict_id, digest, len(content))


def bundle(conflict_id: UUID, bundle_id: UUID) -> Response:
    """Return a bundle as a file to keep."""
    answer = Response(bundling.read(conflict_id, bundle_id), mimetype="application/zip")
    number = reading.find(conflict_id).number
    answer.headers.set("Content-Disposition", "attachment", filename=f"{number}.zip")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def listing(surface: str, *, merchant_id: UUID | None = None) -> Listing:
    """Return disputes as a list page shows them."""
    state, before = request.args.get("state", ""), request.args.get("before", type=UUID)
    home = f"{surface}.conflicts"
    found = reading.listed(state, merchant_id=merchant_id, before=before, limit=PAGE + 1)
    columns = (
        Column("number", gettext("Dispute")), Column("order", gettext("Order"), card="sub"),
        Column("shop", gettext("Shop")), Column("mediator", gettext("Mediator")),
        Column("opened", gettext("Opened"), kind="ago"), Column("due", gettext("Due"), kind="date"),
        Column("asked", gettext("Asked for"), kind="money", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    rows = [
        {"id": str(one.id), "href": url_for(f"{surface}.conflict", conflict_id=one.id), "number": one.number,
         "order": one.order_number, "shop": one.merchant, "mediator": one.mediator or "–", "opened": one.opened_at,
         "due": one.due_at, "asked": one.asked, "state": badge("conflict", one.state)}
        for one in found[:PAGE]
    ]  # fmt: skip
    views = [View(str(label), url_for(home, state=name or None), None, name == state) for name, label in VIEWS]
    following = url_for(home, state=state or None, before=found[PAGE - 1].id) if len(found) > PAGE else ""
    return Listing("conflicts", columns, rows, gettext("Disputes with buyers"), views=views, next_href=following,
                   clear_href=url_for(home))  # fmt: skip
