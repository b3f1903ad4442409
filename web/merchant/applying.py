"""The application: a wizard of one question group a screen, kept as a draft until it is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from marshmallow import Schema

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.kernel.tenancy import current
from core.kernel.tx import transaction
from core.media import uploads
from core.merchants import applying, documents, founding, shop_settings, shops
from core.merchants.applying import Application
from web import files
from web.merchant.surface import blueprint
from web.schemas.merchants import AddressIn, BusinessIn, ShopIn, WhoIn, countries
from web.submitting import controls, load, refused

STEPS: Mapping[str, str] = {
    "you": _("Who you are"),
    "business": _("Your business"),
    "address": _("Address"),
    "documents": _("Documents"),
    "shop": _("Your shop"),
    "review": _("Look it over"),
}
_FORMS: Mapping[str, type[Schema]] = {"you": WhoIn, "business": BusinessIn, "address": AddressIn, "shop": ShopIn}
_FIELD_STEPS = {
    "name": "you", "kind": "you", "country": "you", "email": "business", "phone": "business",
    "registration_number": "business", "address": "address", "documents": "documents", "shop": "shop",
}  # fmt: skip


@blueprint.get("/apply")
@edge(Realm.MERCHANT)
def apply() -> Answer:
    """Show where the application stands; without one, offer to begin."""
    who = principal()
    if who.merchant_id is None:
        return page("merchant/apply_start.html", is_open=applying.are_open())
    found = applying.application(who.merchant_id)
    return page(
        "merchant/apply.html", application=found, steps=_track(found), lacks=_lacks(found), country=_country(found)
    )


@blueprint.post("/apply")
@edge(Realm.MERCHANT)
def start() -> Answer:
    """Begin an application; who begins it owns the merchant."""
    who = principal()
    founding.begin(who.user_id, who.session_id)
    return see(url_for("merchant.apply_step", step="you"))


@blueprint.get("/apply/<any(you, business, address, documents, shop, review):step>")
@edge(Realm.MERCHANT, "shop.manage")
def apply_step(step: str, error: AppError | None = None) -> Answer:
    """Show one screen of the wizard."""
    return _screen(step, error)


def _screen(step: str, error: AppError | None) -> Answer:
    found = applying.application(principal().merchant_id)
    if not found.is_editable:
        return see(url_for("merchant.apply"))
    return page(
        "merchant/apply_step.html",
        step=step, application=found, steps=_track(found), items=_items(step, found, error), said=refused(error),
        previous=_beside(step, -1), lacks=_lacks(found), country=_country(found), number=list(STEPS).index(step),
        handed_in={d.requirement: d for d in found.documents}, shops=shops.of_merchant(found.merchant.id),
    )  # fmt: skip


@blueprint.post("/apply/<any(you, business, address, shop):step>")
@edge(Realm.MERCHANT, "shop.manage", again=apply_step)
def save_step(step: str) -> Answer:
    """Keep what was filled in and go on."""
    _save(step, principal().merchant_id, load(_FORMS[step]()))
    return see(url_for("merchant.apply_step", step=_beside(step, 1)))


@blueprint.post("/apply/documents")
@edge(Realm.MERCHANT, "shop.manage", tx=Tx.OWN, again=lambda error: _screen("documents", error))
def hand_in() -> Answer:
    """Hand in a document, agree to a statement, or take one back; stay on the screen until all are there."""
    merchant_id, code = principal().merchant_id, request.form.get("requirement", "")
    action = request.form.get("action", "hand_in")
    paper = files.paper("file") if action == "hand_in" else None
    with transaction():
        if paper is not None:
            documents.hand_in(merchant_id, code, files.keep(paper, merchant_id))
        elif action == "agree":
            documents.agree(merchant_id, code)
        else:
            documents.withdraw(merchant_id, code)
    return see(url_for("merchant.apply_step", step="documents"), gettext("Saved"))


@blueprint.get("/apply/documents/<uuid:document_id>")
@edge(Realm.MERCHANT, "shop.manage")
def own_document(document_id: UUID) -> Answer:
    """Send a document back to the merchant that handed it in."""
    merchant_id = principal().merchant_id
    found = documents.find(merchant_id, document_id)
    if found.media_id is None:
        raise Missing("merchants.document_missing", _("There is no such document"))
    return files.shown(uploads.original(found.media_id, merchant_id))


@blueprint.post("/apply/review")
@edge(Realm.MERCHANT, "shop.manage", again=lambda error: _screen("review", error))
def submit() -> Answer:
    """Hand the application in."""
    applying.submit(principal().merchant_id)
    return see(url_for("merchant.apply"), gettext("Your application is on its way"))


def _save(step: str, merchant_id: UUID | None, given: dict[str, str]) -> None:
    if step in ("you", "business"):
        applying.edit(merchant_id, given)
    elif step == "address":
        applying.set_address(merchant_id, given)
    else:
        _save_shop(merchant_id, given)


def _save_shop(merchant_id: UUID | None, given: Mapping[str, str]) -> None:
    mine = shops.of_merchant(merchant_id)
    if not mine:
        shops.create(merchant_id, **given)
        return
    first = mine[0]
    shop_settings.describe(merchant_id, first.id, name=given["name"], story=given["story"], city=given["city"])
    if given["slug"]:
        shop_settings.rename_address(merchant_id, first.id, given["slug"])


def _items(step: str, found: Application, error: AppError | None) -> list[object]:
    if step not in _FORMS:
        return []
    return list(controls(_FORMS[step](), _values(step, found), error, {"country": countries()}))


def _values(step: str, found: Application) -> Mapping[str, object]:
    merchant = found.merchant
    if step == "address":
        return {"country": merchant.country, "name": merchant.name, **merchant.address}
    if step == "shop":
        mine = shops.of_merchant(merchant.id)
        return asdict(mine[0]) if mine else {}
    return asdict(merchant)


def _track(found: Application) -> list[tuple[str, str, bool]]:
    """Return (step, title, is done) in order."""
    open_steps = {_step_of(fault.path) for fault in found.lacks}
    return [(name, gettext(title), name not in open_steps and name != "review") for name, title in STEPS.items()]


def _lacks(found: Application) -> list[tuple[str, str]]:
    """Return (what is missing, the step where it is supplied)."""
    return [(gettext(fault.message), _step_of(fault.path)) for fault in found.lacks]


def _step_of(path: str) -> str:
    return _FIELD_STEPS.get(path.split(".", 1)[0], "review")


def _beside(step: str, by: int) -> str:
    names = list(STEPS)
    place = names.index(step) + by
    return names[place] if 0 <= place < len(names) else ""


def _country(found: Application) -> str:
    return dict(countries()).get(found.merchant.country, found.merchant.country or current().country)
