"""The category tree and its attributes in the API: anyone with a key reads them, operators write."""

from __future__ import annotations

from uuid import UUID

from flask_smorest import Blueprint

from core.catalogue import attributes, categories
from core.catalogue.values import AttributeInput, AttributeKind, Option
from core.http.answers import Answer
from core.http.edge import edge
from core.identity.principals import Realm
from web.api.answers import answer, listed
from web.api.surface import api_edge, resource
from web.schemas.catalogue import AttributeBody, Body, CategoryBody, CategoryChange

blueprint: Blueprint = resource("categories", "/categories", "The tree of categories and their attributes")


@blueprint.get("/")
@edge(Realm.BUYER, login=False)
def tree() -> Answer:
    """Return all categories, each before those below it."""
    return listed(categories.tree())


@blueprint.get("/<uuid:category_id>")
@edge(Realm.BUYER, login=False)
def one(category_id: UUID) -> Answer:
    """Return a category and its attributes, inherited ones included."""
    found = {"category": categories.category(category_id), "attributes": attributes.of_category(category_id)}
    return answer(found)


@blueprint.post("/")
@blueprint.arguments(CategoryBody)
@api_edge(Realm.OPERATOR, "catalogue.manage")
def create(body: Body) -> Answer:
    """Add a category."""
    key = categories.create(body["names"], parent_id=body["parent_id"], slug=body["slug"])
    return answer(categories.category(key), 201)


@blueprint.patch("/<uuid:category_id>")
@blueprint.arguments(CategoryChange)
@api_edge(Realm.OPERATOR, "catalogue.manage")
def change(body: Body, category_id: UUID) -> Answer:
    """Rename, move, show or hide a category."""
    now = categories.category(category_id)
    if "names" in body:
        categories.rename(category_id, body["names"])
    if "parent_id" in body or "place" in body:
        categories.move(category_id, body.get("parent_id", now.parent_id), body.get("place", now.position))
    if "is_active" in body:
        (categories.activate if body["is_active"] else categories.deactivate)(category_id)
    return answer(categories.category(category_id))


@blueprint.delete("/<uuid:category_id>")
@api_edge(Realm.OPERATOR, "catalogue.manage")
def delete(category_id: UUID) -> Answer:
    """Remove an empty category."""
    categories.delete(category_id)
    return answer(None, 204)


@blueprint.put("/<uuid:category_id>/attributes")
@blueprint.arguments(AttributeBody)
@api_edge(Realm.OPERATOR, "catalogue.manage")
def save_attribute(body: Body, category_id: UUID) -> Answer:
    """Add an attribute, or change the one of that code."""
    options = tuple(Option(option["code"], option["names"]) for option in body.pop("options"))
    kind = AttributeKind(body.pop("kind"))
    attributes.save(category_id, AttributeInput(kind=kind, options=options, **body))
    return answer({"attributes": attributes.of_category(category_id)})


@blueprint.delete("/<uuid:category_id>/attributes/<code>")
@api_edge(Realm.OPERATOR, "catalogue.manage")
def delete_attribute(category_id: UUID, code: str) -> Answer:
    """Remove an attribute."""
    attributes.delete(category_id, code)
    return answer(None, 204)
