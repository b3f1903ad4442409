"""The operator's pages of stock-taking: list, and one count made for a phone in the warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing
from core.http.submitting import refused
from core.identity.principals import Realm
from core.kernel.errors import AppError, FieldError, Invalid, _
from plugins.self_operated import counts, wording
from plugins.self_operated.counts import Count
from plugins.self_operated.surface import operator


@operator.get("/counts")
@edge(Realm.OPERATOR, "self_operated.view")
def list_counts(error: AppError | None = None) -> Answer:
    """List counts, newest first."""
    found, more = counts.listed(before=request.args.get("after", type=UUID))
    columns = (
        Column("begun", gettext("Begun on"), kind="datetime", card="lead"),
        Column("author", gettext("By"), card="sub"),
        Column("progress", gettext("Counted"), card="amt"),
        Column("state", gettext("State"), card="st"),
    )
    next_href = url_for("self_operated_operator.list_counts", after=more) if more else ""
    listing = Listing("counts", columns, [_row(one) for one in found], gettext("Counts"), next_href=next_href)
    may_manage = principal().may("self_operated.manage")
    return page("self_operated/counts.html", counts=listing, refused=refused(error), may_manage=may_manage)


def _row(one: Count) -> Mapping[str, object]:
    return {
        "id": str(one.id), "begun": one.created_at, "author": one.author, "progress": f"{one.counted} / {one.most}",
        "state": wording.count_state(one.state),
        "href": url_for("self_operated_operator.count", count_id=one.id),
    }  # fmt: skip


@operator.post("/counts")
@edge(Realm.OPERATOR, "self_operated.manage", again=list_counts)
def start_count() -> Answer:
    """Begin to count the own goods that were chosen, or all of them."""
    chosen = [UUID(key) for key in request.form.getlist("offer") if _is_key(key)]
    made = counts.start(chosen, by=principal().person_id)
    return see(url_for("self_operated_operator.count", count_id=made))


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@operator.get("/counts/<uuid:count_id>")
@edge(Realm.OPERATOR, "self_operated.view")
def count(count_id: UUID, error: AppError | None = None) -> Answer:
    """Show a count: the lines to fill in, or the differences with their value."""
    found, who = counts.find(count_id), principal()
    return page(
        "self_operated/count.html", count=found, refused=refused(error), typed=request.form,
        state=wording.count_state(found.state, waits=found.waits is not None),
        may_manage=who.may("self_operated.manage"), may_approve=who.may("self_operated.approve_count"),
    )  # fmt: skip


@operator.post("/counts/<uuid:count_id>")
@edge(Realm.OPERATOR, "self_operated.manage", again=count)
def fill_count(count_id: UUID) -> Answer:
    """Keep what was counted, and submit it where that was asked for."""
    counts.fill(count_id, {key: _units(text) for key, text in _typed(counts.find(count_id))})
    if "submit" in request.form:
        counts.submit(count_id)
    return see(url_for("self_operated_operator.count", count_id=count_id), gettext("Saved"))


def _typed(found: Count) -> list[tuple[UUID, str]]:
    names = [(line.offer_id, f"n-{line.offer_id}") for line in found.lines]
    return [(key, request.form[name].strip()) for key, name in names if name in request.form]


def _units(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        fault = FieldError("counted", _("Give the number of units that lie there, 0 or more"))
        raise Invalid("form.invalid", _("Some of this cannot be right."), fields=(fault,))
    return int(text)


@operator.post("/counts/<uuid:count_id>/reopen")
@edge(Realm.OPERATOR, "self_operated.manage", again=count)
def reopen_count(count_id: UUID) -> Answer:
    """Send a count back to be counted again."""
    counts.reopen(count_id)
    return see(url_for("self_operated_operator.count", count_id=count_id))


@operator.post("/counts/<uuid:count_id>/approve")
@edge(Realm.OPERATOR, "self_operated.approve_count", again=count)
def approve_count(count_id: UUID) -> Answer:
    """Book the differences, or ask a second person."""
    asked = counts.approve(count_id, by=principal().person_id)
    said = gettext("A second person is asked") if asked else gettext("The differences are booked")
    return see(url_for("self_operated_operator.count", count_id=count_id), said)
