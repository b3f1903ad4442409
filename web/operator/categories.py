"""The category tree and its attributes, for those who run the marketplace."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.catalogue import attributes, categories
from core.catalogue.values import AttributeInput, AttributeKind, Option
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.tenancy import current
from web import languages
from web.operator.surface import blueprint, menu

menu.add("Marketplace", 20, "Categories", "operator.category_tree", "layers", "catalogue.manage")


def _names() -> dict[str, str]:
    return {language: request.form.get(f"name-{language}", "") for language in current().languages}


@blueprint.get("/categories")
@edge(Realm.OPERATOR, "catalogue.manage")
def category_tree(error: AppError | None = None) -> Answer:
    """Show the tree and the form for a further category."""
    return page(
        "operator/categories.html", tree=categories.tree(), language=languages.language(), form=request.form,
        languages_of_tenant=current().languages, said=message(error) if error else "",
    )  # fmt: skip


@blueprint.post("/categories")
@edge(Realm.OPERATOR, "catalogue.manage", again=category_tree)
def add_category() -> Answer:
    """Add a category."""
    parent = request.form.get("parent", type=UUID)
    key = categories.create(_names(), parent_id=parent, slug=request.form.get("slug", ""))
    return see(url_for("operator.category", category_id=key), gettext("Category added"))


@blueprint.get("/categories/<uuid:category_id>")
@edge(Realm.OPERATOR, "catalogue.manage")
def category(category_id: UUID, code: str = "", error: AppError | None = None) -> Answer:
    """Show a category: its names, its place, and the attributes of its listings."""
    found = categories.category(category_id)
    known = attributes.of_category(category_id)
    wanted = code or request.args.get("attribute", "")
    return page(
        "operator/category.html", category=found, line=categories.ancestors(category_id), attributes=known,
        tree=categories.tree(), language=languages.language(), languages_of_tenant=current().languages,
        kinds=_kinds(), edited=next((a for a in known if a.code == wanted and not a.is_inherited), None),
        form=request.form, said=message(error) if error else "",
    )  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    return [("text", gettext("Text")), ("number", gettext("Number")), ("choice", gettext("Choice")),
            ("yes_no", gettext("Yes or no"))]  # fmt: skip


@blueprint.post("/categories/<uuid:category_id>")
@edge(Realm.OPERATOR, "catalogue.manage", again=category)
def change_category(category_id: UUID) -> Answer:
    """Rename, move, show, hide or delete a category."""
    target = url_for("operator.category", category_id=category_id)
    match request.form.get("act"):
        case "move":
            categories.move(category_id, request.form.get("parent", type=UUID), request.form.get("place", 0, type=int))
        case "activate":
            categories.activate(category_id)
        case "deactivate":
            categories.deactivate(category_id)
        case "delete":
            categories.delete(category_id)
            target = url_for("operator.category_tree")
        case _:
            categories.rename(category_id, _names())
    return see(target, gettext("Saved"))


@blueprint.post("/categories/<uuid:category_id>/attributes")
@edge(Realm.OPERATOR, "catalogue.manage", again=category)
def save_attribute(category_id: UUID) -> Answer:
    """Add or change an attribute."""
    attributes.save(category_id, _attribute())
    return see(url_for("operator.category", category_id=category_id), gettext("Saved"))


def _attribute() -> AttributeInput:
    form = request.form
    kind = AttributeKind(form["kind"]) if form.get("kind") in set(AttributeKind) else AttributeKind.TEXT
    options = tuple(
        Option(code, dict(zip(current().languages, [part.strip() for part in (*parts, *parts)], strict=False)))
        for code, *parts in (line.split("|") for line in form.get("options", "").splitlines() if "|" in line)
        for code in [code.strip()]
    )
    return AttributeInput(
        code=form.get("code", "").strip(), names=_names(), kind=kind, unit=form.get("unit", ""),
        options=options if kind is AttributeKind.CHOICE else (), is_required="is_required" in form,
        is_facet="is_facet" in form, position=form.get("position", 0, type=int),
    )  # fmt: skip


@blueprint.post("/categories/<uuid:category_id>/attributes/<code>/delete")
@edge(Realm.OPERATOR, "catalogue.manage", again=category)
def delete_attribute(category_id: UUID, code: str) -> Answer:
    """Remove an attribute."""
    attributes.delete(category_id, code)
    return see(url_for("operator.category", category_id=category_id), gettext("Removed"))
