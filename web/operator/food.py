"""Food sellers: who waits, the twelve checks of one, its licences; and what laws ask of categories."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.catalogue import categories
from core.compliance import food, licences, profiles
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.media import uploads
from core.merchants import directory
from web import files, languages
from web.compliance_words import CHECKS, FIELDS, FOOD_SELLERS, FOODS, LICENCES
from web.operator.surface import blueprint
from web.submitting import refused


@blueprint.get("/compliance/food")
@edge(Realm.OPERATOR, "compliance.view")
def food_sellers() -> Answer:
    """List the registrations of food sellers that wait, oldest first."""
    found = food.waiting()
    return page("operator/food_sellers.html", waiting=found, kinds=FOOD_SELLERS,
                merchants=directory.found(one.merchant_id for one in found))  # fmt: skip


@blueprint.get("/compliance/food/<uuid:merchant_id>")
@edge(Realm.OPERATOR, "compliance.view")
def food_seller(merchant_id: UUID, error: AppError | None = None) -> Answer:
    """Show a food seller's registration, licences and checks."""
    return page(
        "operator/food_seller.html", merchant=directory.find(merchant_id), found=food.of_merchant(merchant_id),
        licences=licences.of_merchant(merchant_id), kinds=FOOD_SELLERS, foods=FOODS, names=FIELDS, checks=CHECKS,
        licence_words=LICENCES, results=food.RESULTS, said=refused(error), typed=request.form,
        may_manage=principal().may("compliance.manage"),
    )  # fmt: skip


@blueprint.post("/compliance/food/<uuid:merchant_id>")
@edge(Realm.OPERATOR, "compliance.manage", again=food_seller)
def decide_food_seller(merchant_id: UUID) -> Answer:
    """Put down a check, approve, or refuse."""
    act, reason = request.form.get("act", ""), request.form.get("reason", "")
    if act == "approve":
        food.approve(merchant_id)
    elif act == "refuse":
        food.refuse(merchant_id, reason)
    else:
        food.record_check(merchant_id, act, request.form.get("result", ""), request.form.get("note", ""))
    return see(url_for("operator.food_seller", merchant_id=merchant_id), gettext("Saved"))


@blueprint.post("/compliance/food/<uuid:merchant_id>/licences/<uuid:licence_id>")
@edge(Realm.OPERATOR, "compliance.manage",
      again=lambda merchant_id, licence_id, error: food_seller(merchant_id, error))  # fmt: skip
def decide_licence(merchant_id: UUID, licence_id: UUID) -> Answer:
    """Verify or refuse a licence."""
    if request.form.get("act") == "verify":
        licences.verify(merchant_id, licence_id)
    else:
        licences.refuse(merchant_id, licence_id, request.form.get("reason", ""))
    return see(url_for("operator.food_seller", merchant_id=merchant_id), gettext("Saved"))


@blueprint.get("/compliance/food/<uuid:merchant_id>/licences/<uuid:licence_id>/file")
@edge(Realm.OPERATOR, "compliance.view")
def licence_file(merchant_id: UUID, licence_id: UUID) -> Answer:
    """Send a licence's file to the person who checks it."""
    found = next((one for one in licences.of_merchant(merchant_id) if one.id == licence_id), None)
    if found is None or found.media_id is None:
        raise Missing("compliance.no_licence", _("There is no such licence"))
    return files.shown(uploads.original(found.media_id, merchant_id))


@blueprint.get("/compliance/categories")
@edge(Realm.OPERATOR, "compliance.view")
def compliance_categories(error: AppError | None = None) -> Answer:
    """Show what laws ask of each category."""
    tree = [(one, one.name(languages.language()), one.path) for one in categories.tree()]
    return page("operator/compliance_categories.html", tree=tree, owned=profiles.owned(), foods=FOODS,
                licence_words=LICENCES, said=refused(error), may_manage=principal().may("compliance.manage"))  # fmt: skip


@blueprint.post("/compliance/categories/<uuid:category_id>")
@edge(Realm.OPERATOR, "compliance.manage", again=lambda category_id, error: compliance_categories(error))
def set_category(category_id: UUID) -> Answer:
    """Set what laws ask of a category and those below it."""
    needed = request.form.getlist("requires")
    profiles.set_profile(category_id, food_kind=request.form.get("food_kind", ""),
                         requires=[[kind for kind in needed if kind in licences.KINDS]] if needed else [],
                         is_banned=request.form.get("is_banned") == "1")  # fmt: skip
    return see(url_for("operator.compliance_categories"), gettext("Saved"))
