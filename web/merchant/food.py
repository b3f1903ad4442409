"""A merchant as a food seller: its registration, by kind, and its licences."""

from __future__ import annotations

from datetime import date

from flask import request, url_for
from flask_babel import gettext

from core.compliance import food, licences
from core.compliance.licences import Terms
from core.compliance.rules.cn_food import FOOD_FIELDS
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.tx import transaction
from web import compliance, files
from web.compliance_words import CHECKS, FIELDS, FOOD_SELLERS, FOODS, LICENCES
from web.merchant.compliance import mine
from web.merchant.surface import blueprint
from web.submitting import refused


@blueprint.get("/compliance/food", endpoint="food")
@edge(Realm.MERCHANT, "compliance.answer")
def registration(error: AppError | None = None) -> Answer:
    """Show the registration, what it still lacks, where its checks stand, and the licences."""
    key = mine()
    found = food.of_merchant(key)
    kind = request.form.get("kind") or request.args.get("kind") or (found.kind if found else "")
    sent = request.form if error is not None else None
    values = {name: _typed(found, name) if sent is None else sent.get(name, "") for name in food.STATED}
    return page(
        "merchant/food.html", found=found, kind=kind, kinds=FOOD_SELLERS, foods=FOODS, names=FIELDS, values=values,
        needed=FOOD_FIELDS.get(kind, ()), fields=_fields(kind), licences=licences.of_merchant(key),
        licence_words=LICENCES, checks=CHECKS, said=refused(error), wrong=compliance.field_errors(error),
        typed=request.form,
    )  # fmt: skip


def _fields(kind: str) -> tuple[str, ...]:
    """The fields of a kind in the order of the form, those that may be left empty included."""
    needed = FOOD_FIELDS.get(kind, ())
    also = ("actual_address", "safety_manager", "suppliers")
    return tuple(name for name in food.STATED if name in needed or (kind and name in also))


def _typed(found: food.Registration | None, name: str) -> str:
    value = found.stated.get(name) if found else None
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else "yes" if value is True else "no" if value is False else str(value)


@blueprint.post("/compliance/food")
@edge(Realm.MERCHANT, "compliance.answer", again=registration)
def state_food() -> Answer:
    """Save the registration, or save it and hand it in."""
    key = mine()
    typed = {name: request.form.get(name, "") for name in food.STATED}
    typed["main_food_kinds"] = ", ".join(request.form.getlist("main_food_kinds"))
    food.state(key, request.form.get("kind", ""), typed)
    if request.form.get("act") == "submit":
        food.submit(key, agrees=request.form.get("agrees") == "1")
        return see(url_for("merchant.food"), gettext("Handed in; the marketplace checks it now"))
    return see(url_for("merchant.food"), gettext("Saved"))


@blueprint.post("/compliance/licences")
@edge(Realm.MERCHANT, "compliance.answer", tx=Tx.OWN, again=registration)
def hand_in_licence() -> Answer:
    """Hand a licence in, with its file."""
    paper = files.paper("file") if request.files.get("file") else None
    end = _day(request.form.get("valid_until", ""))
    with transaction():
        key = mine()
        media_id = files.keep(paper, key) if paper is not None else None
        licences.hand_in(key, Terms(request.form.get("licence_kind", ""), request.form.get("number", ""),
                                    request.form.get("issuer", ""), (), end, media_id))  # fmt: skip
    return see(url_for("merchant.food"), gettext("Handed in; the marketplace checks it now"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        message = _("Give a date such as 2026-11-30")
        raise Invalid("form.invalid", message, fields=(FieldError("valid_until", message),)) from None
