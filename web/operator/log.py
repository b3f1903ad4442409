"""The log: who did what, newest first, of everything or of one subject."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page
from core.http.edge import edge
from core.http.listing import Chip, Column, Listing
from core.identity.principals import Realm
from core.kernel import audit
from core.kernel.errors import _
from web.operator.surface import blueprint, menu

menu.add("Settings", 90, _("Log"), "operator.audit", "history", "audit.view")
_PAGE = 50


@blueprint.get("/audit", endpoint="audit")
@edge(Realm.OPERATOR, "audit.view")
def audit_log() -> Answer:
    """Show a page of the log."""
    subject, before = _key("subject"), _key("before")
    found = audit.deeds(subject_id=subject, before=before, limit=_PAGE + 1)
    shown = found[:_PAGE]
    here: dict[str, Any] = {"subject": str(subject)} if subject else {}
    following = url_for("operator.audit", before=shown[-1][0], **here) if len(found) > _PAGE else ""
    listing = Listing(
        "log", _columns(), [_row(deed) for _id, deed in shown], gettext("Log"), next_href=following,
        previous_href=url_for("operator.audit", **here) if before else "",
        chips=[Chip(str(subject), url_for("operator.audit"))] if subject else (), clear_href=url_for("operator.audit"),
    )  # fmt: skip
    return page("team/audit.html", log=listing)


def _columns() -> list[Column]:
    return [
        Column("action", gettext("Deed")), Column("who", gettext("Who"), card="sub"),
        Column("facts", gettext("Facts")), Column("at", gettext("When"), "datetime", card="st"),
    ]  # fmt: skip


def _row(deed: audit.Deed) -> dict[str, object]:
    facts = ", ".join(f"{name}: {value}" for name, value in deed.facts.items() if value not in ("", None))
    href = url_for("operator.audit", subject=deed.subject_id) if deed.subject_id else ""
    return {"action": deed.action, "who": deed.actor_name or deed.actor_kind, "facts": facts[:200], "at": deed.at,
            "href": href}  # fmt: skip


def _key(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
