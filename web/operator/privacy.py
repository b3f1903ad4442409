"""What buyers have asked about their own data, and what became of it: the operator must be able to show it."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.compliance import own_data
from core.compliance.own_data import Request
from core.http.answers import Answer, page
from core.http.edge import edge
from core.http.listing import Column, Listing
from core.identity.principals import Realm
from core.kernel.errors import _
from web.operator.surface import blueprint, menu

menu.add("Settings", 88, _("Privacy requests"), "operator.privacy", "shield-check", "customers.view")
_PAGE = 50


@blueprint.get("/privacy", endpoint="privacy")
@edge(Realm.OPERATOR, "customers.view")
def privacy_requests() -> Answer:
    """List the requests, newest first."""
    before = request.args.get("before", type=UUID)
    found = own_data.all_requests(before=before, limit=_PAGE + 1)
    shown = found[:_PAGE]
    columns = (
        Column("what", gettext("Request")), Column("asked_at", gettext("Asked"), kind="datetime", card="sub"),
        Column("done_at", gettext("Done"), kind="datetime"), Column("kept", gettext("What stays, and why")),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    listing = Listing(
        "privacy", columns, [_row(one) for one in shown], gettext("Privacy requests"),
        next_href=url_for("operator.privacy", before=shown[-1].id) if len(found) > _PAGE else "",
        previous_href=url_for("operator.privacy") if before else "",
    )  # fmt: skip
    return page("operator/privacy.html", requests=listing)


def _row(one: Request) -> dict[str, object]:
    kept = [str(part["table"]) for part in one.report if part["kept"]]
    what = gettext("Copy of the own data") if one.kind == "export" else gettext("Erasure")
    return {"id": str(one.id), "what": what, "asked_at": one.asked_at, "done_at": one.done_at,
            "kept": ", ".join(kept), "state": ("subject_request", one.state)}  # fmt: skip
