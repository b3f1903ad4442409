"""Lists of complaints and of notices about rights, for both consoles."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.http.listing import Column, Listing, View
from core.processes.complaints import reading
from core.processes.rights import reading as rights
from web import complaint_words as words
from web.badges import badge

PAGE = 50
VIEWS = (("", _l("All")), ("to_decide", _l("To decide")), ("with_merchant", _l("With the shop")),
         ("answered", _l("Answered")), ("remedy", _l("To be done")), ("closed", _l("Closed")))  # fmt: skip
NOTICES = (("", _l("All")), ("received", _l("To act on")), ("incomplete", _l("Incomplete")), ("acted", _l("Off sale")),
           ("countered", _l("Countered")), ("upheld", _l("Measure stays")), ("lifted", _l("Ended")))  # fmt: skip


def complaints(surface: str, *, merchant_id: UUID | None = None) -> Listing:
    """Return complaints as a list page shows them; a merchant sees only what concerns it."""
    view, kind, before = (
        request.args.get("view", ""),
        request.args.get("kind", ""),
        request.args.get("before", type=UUID),
    )
    home = f"{surface}.complaints"
    found = reading.listed(view, kind=kind, merchant_id=merchant_id, before=before, limit=PAGE + 1)
    shown = [one for one in found[:PAGE] if merchant_id is None or one.kind in ("consumer", "business")]
    columns = (
        Column("number", gettext("Case")), Column("topic", gettext("About"), card="sub"),
        Column("kind", gettext("Class")), Column("shop", gettext("Shop")), Column("owner", gettext("Handled by")),
        Column("filed", gettext("Filed"), kind="ago"), Column("due", gettext("Due"), kind="datetime", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    rows = [
        {"id": str(one.id), "href": url_for(f"{surface}.complaint", complaint_id=one.id), "number": one.number,
         "topic": words.TOPICS[one.topic], "kind": words.KINDS[one.kind], "shop": one.merchant or "–",
         "owner": one.owner_name or "–", "filed": one.filed_at, "due": one.due_at,
         "state": badge("complaint", one.state)}
        for one in shown
    ]  # fmt: skip
    views = [View(str(label), url_for(home, view=name or None, kind=kind or None), None, name == view)
             for name, label in VIEWS]  # fmt: skip
    more = len(found) > PAGE
    following = url_for(home, view=view or None, kind=kind or None, before=found[PAGE - 1].id) if more else ""
    return Listing("complaints", columns, rows, gettext("Complaints"), views=views, next_href=following,
                   clear_href=url_for(home))  # fmt: skip


def notices(surface: str, *, merchant_id: UUID | None = None) -> Listing:
    """Return notices of right holders as a list page shows them."""
    state, before = request.args.get("state", ""), request.args.get("before", type=UUID)
    home = f"{surface}.rights"
    found = rights.listed(state, merchant_id=merchant_id, before=before, limit=PAGE + 1)
    columns = (
        Column("number", gettext("Notice")), Column("goods", gettext("Goods"), card="sub"),
        Column("right", gettext("Right")), Column("holder", gettext("Right holder")), Column("shop", gettext("Shop")),
        Column("received", gettext("Received"), kind="ago"), Column("due", gettext("Due"), kind="datetime", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    rows = [
        {"id": str(one.id), "href": url_for(f"{surface}.notice", notice_id=one.id), "number": one.number,
         "goods": one.listing, "right": words.RIGHTS[one.right_kind], "holder": one.holder, "shop": one.merchant,
         "received": one.received_at, "due": one.due_at, "state": badge("rights_notice", one.state)}
        for one in found[:PAGE]
    ]  # fmt: skip
    hidden = ("received", "incomplete") if merchant_id else ()
    views = [View(str(label), url_for(home, state=name or None), None, name == state)
             for name, label in NOTICES if name not in hidden]  # fmt: skip
    following = url_for(home, state=state or None, before=found[PAGE - 1].id) if len(found) > PAGE else ""
    return Listing("notices", columns, rows, gettext("Notices"), views=views, next_href=following,
                   clear_href=url_for(home))  # fmt: skip
