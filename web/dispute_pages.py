"""What the two consoles share of disputes: the list and its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.billing.disputes import Dispute
from core.http.listing import Column, Listing, View
from core.kernel.money import Money
from web.badges import badge
from web.dispute_words import reason

PAGE = 50
VIEWS = (("", _l("All")), ("open", _l("To answer")), ("submitted", _l("With the bank")), ("won", _l("Won")),
         ("lost", _l("Lost")))  # fmt: skip


def listing(
    found: Sequence[Dispute], amounts: Mapping[UUID, Money], state: str, prefix: str, counts: Mapping[str, int]
) -> Listing:
    """Return disputes as a list; `amounts` is what each is shown with."""
    rows = found[:PAGE]
    columns = (
        Column("reason", gettext("Why"), card="lead"),
        Column("opened", gettext("Opened"), kind="date", card="opt"),
        Column("answer_by", gettext("Answer by"), kind="date", card="sub"),
        Column("amount", gettext("Amount"), kind="money", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )
    cells = [
        {
            "id": str(row.id), "href": url_for(f"{prefix}.dispute", dispute_id=row.id), "reason": reason(row.reason),
            "opened": row.opened_at, "answer_by": row.answer_by if row.state == "open" else None,
            "amount": amounts[row.id], "state": badge("dispute", row.state),
        }
        for row in rows
    ]  # fmt: skip
    views = [
        View(str(label), url_for(f"{prefix}.disputes", state=name or None), counts.get(name) if name else None,
             name == state)
        for name, label in VIEWS
    ]  # fmt: skip
    following = (
        url_for(f"{prefix}.disputes", state=state or None, before=rows[-1].id) if len(found) > PAGE else ""
    )  # fmt: skip
    return Listing("disputes", columns, cells, gettext("Disputes"), views=views, next_href=following,
                   clear_href=url_for(f"{prefix}.disputes"))  # fmt: skip
