"""Each person's wishes in a console, and the kept views of lists: the page, and the forms behind lists' tools."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from core.http.answers import Answer, local_path, page, see
from core.http.edge import edge, principal
from core.http.errors import message
from core.identity import preferences, saved_views
from core.identity.preferences import Preferences
from core.identity.principals import Realm
from core.kernel.errors import AppError, Denied, Invalid, _
from web import languages


def mount(blueprint: Blueprint, realm: Realm) -> None:
    """Add the page and the forms to a console."""
    _mount_preferences(blueprint, realm)
    _mount_views(blueprint, realm)


def _person() -> UUID:
    key = principal().user_id
    if key is None:
        raise Denied("preferences.no_person", _("Only a person who signed in has preferences"))
    return key


def _entered(before: Preferences) -> Preferences:
    form = request.form
    size = form.get("page_size", type=int)
    return replace(
        before, language=form.get("language", ""), theme=form.get("theme", ""), density=form.get("density", ""),
        has_shortcuts="has_shortcuts" in form, page_size=before.page_size if size is None else size,
    )  # fmt: skip


def _mount_preferences(blueprint: Blueprint, realm: Realm) -> None:
    to = f"{blueprint.name}.preferences"

    @blueprint.get("/preferences", endpoint="preferences")
    @edge(realm)
    def shown(error: AppError | None = None) -> Answer:
        wish = preferences.of(_person())
        return page("consoles/preferences.html", wish=wish if error is None else _entered(wish),
                    said=message(error) if error else "", sizes=[(str(n), str(n)) for n in preferences.PAGE_SIZES],
                    views=saved_views.views(principal()))  # fmt: skip

    @blueprint.post("/preferences")
    @edge(realm, again=shown)
    def save_preferences() -> Answer:
        wish = _entered(preferences.of(_person()))
        preferences.choose(_person(), wish)
        languages.show_as(wish)
        return see(url_for(to), gettext("Saved"))

    @blueprint.post("/preferences/<any(theme,has_shortcuts):name>")
    @edge(realm)
    def save_preference(name: str) -> Answer:
        wish, value = preferences.of(_person()), request.form.get("value", "")
        chosen = replace(wish, theme=value) if name == "theme" else replace(wish, has_shortcuts=value == "on")
        preferences.choose(_person(), chosen)
        languages.show_as(chosen)
        return Response("", 204)


def _back() -> str:
    """Return the list that a form of its tools came from."""
    return local_path(request.form.get("back"), "./")


def _mount_views(blueprint: Blueprint, realm: Realm) -> None:
    @blueprint.post("/lists/columns")
    @edge(realm)
    def set_list() -> Answer:
        """Store which columns a list shows, and how many rows a page of every list has."""
        form, person = request.form, _person()
        away = tuple(key for key in form.getlist("known") if key not in form.getlist("column"))
        preferences.put_away(person, form.get("listing", ""), away)
        size = form.get("page_size", type=int)
        if size is not None:
            preferences.choose(person, replace(preferences.of(person), page_size=size))
        return see(_back(), gettext("Saved"))

    @blueprint.post("/lists/views")
    @edge(realm)
    def keep_view() -> Answer:
        """Keep the present state of a list under a name."""
        form = request.form
        try:
            kept = saved_views.keep(principal(), form.get("listing", ""), form.get("name", ""), form.get("query", ""),
                                    is_shared="is_shared" in form)  # fmt: skip
        except Invalid as error:
            return see(_back(), message(error))
        return see(_back(), gettext("The view %(name)s is kept", name=kept.name))

    @blueprint.post("/lists/views/<uuid:view_id>/delete")
    @edge(realm)
    def delete_view(view_id: UUID) -> Answer:
        """Delete a kept view; it can be brought back."""
        gone = saved_views.delete(principal(), view_id)
        again = {"listing": gone.listing, "name": gone.name, "query": gone.query, "back": _back()}
        fields = {**again, "is_shared": "1"} if gone.is_shared else again
        return see(_back(), gettext("The view %(name)s is deleted", name=gone.name),
                   undo=(url_for(f"{blueprint.name}.keep_view"), fields))  # fmt: skip
