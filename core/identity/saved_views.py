"""Kept states of the consoles' lists: one's own, and those that a colleague shares."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from core.identity.models import SavedViewRow
from core.identity.principals import Principal
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name

MOST = 30
"""Views that one person may keep of one list."""
_LONGEST_NAME, _LONGEST_QUERY = 40, 1000


@dataclass(frozen=True, slots=True)
class SavedView:
    """A kept state of a list. `query` is the address after the `?`; `is_mine` says who may delete it."""

    id: UUID
    listing: str
    name: str
    query: str
    is_shared: bool
    is_mine: bool


def _team(who: Principal) -> ColumnElement[bool]:
    return (SavedViewRow.realm == who.realm.value) & SavedViewRow.merchant_id.is_not_distinct_from(who.merchant_id)


def views(who: Principal, listing: str | None = None) -> list[SavedView]:
    """Return one's own views and those shared in the same console, of a list or of all, by age."""
    seen = or_(SavedViewRow.is_shared, SavedViewRow.user_id == who.user_id)
    query = select(SavedViewRow).where(_team(who), seen).order_by(SavedViewRow.id)
    if listing is not None:
        query = query.where(SavedViewRow.listing == listing)
    return [_value(row, who) for row in session().scalars(query)]


def _value(row: SavedViewRow, who: Principal) -> SavedView:
    return SavedView(row.id, row.listing, row.name, row.query, row.is_shared, row.user_id == who.user_id)


def keep(who: Principal, listing: str, name: str, query: str, *, is_shared: bool = False) -> SavedView:
    """Keep a state of a list under a name; the same name again replaces one's own view.

    Raise Invalid without a name, Denied for a key, Conflict beyond the most that a person may keep.
    """
    if who.user_id is None:
        raise Denied("views.no_person", _("Only a person who signed in keeps views"))
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise _wrong("name", _("Give the view a name of at most 40 characters"))
    if len(query) > _LONGEST_QUERY or len(listing) > _LONGEST_QUERY:
        raise _wrong("query", _("This view has too many filters to be kept"))
    lock_name(f"views:{who.user_id}")
    mine = session().scalars(select(SavedViewRow).where(
        _team(who), SavedViewRow.user_id == who.user_id, SavedViewRow.listing == listing)).all()  # fmt: skip
    row = next((one for one in mine if one.name == name), None)
    if row is None:
        if len(mine) >= MOST:
            raise Conflict("views.too_many", _("You keep {most} views of this list; delete one first"), most=MOST)
        row = SavedViewRow(id=new_id(), realm=who.realm.value, merchant_id=who.merchant_id, user_id=who.user_id,
                           listing=listing, name=name)  # fmt: skip
        session().add(row)
    row.query, row.is_shared = query.lstrip("?"), is_shared
    session().flush()
    audit.record("view.kept", "view", row.id, name=name, listing=listing, is_shared=is_shared)
    return _value(row, who)


def _wrong(path: str, message: str) -> Invalid:
    return Invalid("views.invalid", message, fields=(FieldError(path, message),))


def delete(who: Principal, view_id: UUID) -> SavedView:
    """Delete a view and return it: one's own, or a shared one if one manages the team. Raise Missing or Denied."""
    row = session().scalars(select(SavedViewRow).where(_team(who), SavedViewRow.id == view_id)).one_or_none()
    if row is None or not (row.is_shared or row.user_id == who.user_id):
        raise Missing("views.missing", _("There is no such view"))
    if row.user_id != who.user_id and not who.may("team.manage"):
        raise Denied("views.not_yours", _("A colleague shares this view; they or the team's manager can delete it"))
    gone = _value(row, who)
    session().delete(row)
    session().flush()
    audit.record("view.deleted", "view", view_id, name=gone.name, listing=gone.listing)
    return gone
