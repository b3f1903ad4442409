"""Each person's wishes and kept views of lists over the API, for whoever signed in to a console."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema, fields, validate

from core.http.answers import Answer
from core.identity import preferences, saved_views
from core.identity.preferences import DENSITIES, LANGUAGES, PAGE_SIZES, THEMES, Preferences
from core.identity.principals import Principal, Realm
from core.kernel.errors import Denied, _
from web.api.identity import me_blueprint, someone
from web.api.surface import Strict, api_edge, resource

Values = Mapping[str, Any]
view_blueprint = resource("views", "/views", "Kept states of the consoles' lists")
_WORD = validate.Length(min=1, max=60)


class PreferencesIn(Strict):
    """All of a person's wishes; empty texts follow the browser. `columns` names the columns put away, by list."""

    language = fields.String(load_default="", validate=validate.OneOf(LANGUAGES))
    theme = fields.String(load_default="", validate=validate.OneOf(THEMES))
    density = fields.String(load_default="", validate=validate.OneOf(DENSITIES))
    has_shortcuts = fields.Boolean(load_default=True)
    page_size = fields.Integer(load_default=PAGE_SIZES[0], validate=validate.OneOf(PAGE_SIZES))
    columns = fields.Dict(
        keys=fields.String(validate=_WORD), validate=validate.Length(max=60), load_default=dict,
        values=fields.List(fields.String(validate=_WORD), validate=validate.Length(max=30)),
    )  # fmt: skip


class PreferencesOut(Schema):
    """A person's wishes."""

    language = fields.String()
    theme = fields.String()
    density = fields.String()
    has_shortcuts = fields.Boolean()
    page_size = fields.Integer()
    columns = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class ViewIn(Strict):
    """A state of a list to keep: `listing` as the console names it, such as "merchant.orders"; `query` after the ?."""

    listing = fields.String(required=True, validate=_WORD)
    name = fields.String(required=True, validate=validate.Length(min=1, max=40))
    query = fields.String(load_default="", validate=validate.Length(max=1000))
    is_shared = fields.Boolean(load_default=False)


class ViewOut(Schema):
    """A kept state of a list; `is_mine` says whether the asker kept it."""

    id = fields.UUID()
    listing = fields.String()
    name = fields.String()
    query = fields.String()
    is_shared = fields.Boolean()
    is_mine = fields.Boolean()


class ViewsOut(Schema):
    """All that one may see, by age; there is no second page."""

    data = fields.List(fields.Nested(ViewOut))
    next = fields.String(allow_none=True)


def _console() -> Principal:
    """Return who asks, of a console. Raise Denied for a buyer, who has no lists."""
    who = someone()
    if who.realm is Realm.BUYER:
        raise Denied("views.no_console", _("This belongs to the consoles"))
    return who


def _person() -> UUID:
    who = _console()
    if who.user_id is None:
        raise Denied("preferences.no_person", _("Only a person who signed in has preferences"))
    return who.user_id


@me_blueprint.get("/preferences")
@me_blueprint.response(200, PreferencesOut)
@api_edge(Realm.BUYER, login=False)
def own_preferences() -> Answer:
    """Return how the person who asks wants the consoles."""
    return preferences.of(_person())  # type: ignore[return-value]  # smorest dumps it


@me_blueprint.put("/preferences")
@me_blueprint.arguments(PreferencesIn)
@me_blueprint.response(200, PreferencesOut)
@api_edge(Realm.BUYER, login=False)
def put_preferences(body: Values) -> Answer:
    """Store how the person who asks wants the consoles."""
    columns = {name: tuple(keys) for name, keys in body["columns"].items()}
    preferences.choose(_person(), Preferences(**{**body, "columns": columns}))
    return preferences.of(_person())  # type: ignore[return-value]  # smorest dumps it


@view_blueprint.get("/")
@view_blueprint.response(200, ViewsOut)
@api_edge(Realm.BUYER, login=False)
def own_views() -> Answer:
    """List kept views, of one list by ?listing=."""
    return {"data": saved_views.views(_console(), request.args.get("listing")), "next": None}


@view_blueprint.post("/")
@view_blueprint.arguments(ViewIn)
@view_blueprint.response(201, ViewOut)
@api_edge(Realm.BUYER, login=False)
def keep_view(body: Values) -> Answer:
    """Keep a state of a list; the same name again replaces it."""
    name, query = body["name"], body["query"]
    return saved_views.keep(  # type: ignore[return-value]  # smorest dumps it
        _console(), body["listing"], name, query, is_shared=body["is_shared"]
    )


@view_blueprint.delete("/<uuid:view_id>")
@view_blueprint.response(204)
@api_edge(Realm.BUYER, login=False)
def delete_view(view_id: UUID) -> Answer:
    """Delete a kept view: one's own, or a shared one as the team's manager."""
    saved_views.delete(_console(), view_id)
    return ""
