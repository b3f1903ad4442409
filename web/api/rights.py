"""Notices of right holders in the API: anybody sends one, everybody reads results, each side takes its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import request

from core.http.answers import Answer
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, Missing, _
from core.processes.rights import countering, noticing, reading
from core.processes.rights.reading import Notice
from web import signing
from web.api.surface import api_edge, resource
from web.complaint_forms import listing_of
from web.languages import language
from web.merchant.compliance import mine
from web.schemas import complaints as shape
from web.store.rights import visible_notice

blueprint = resource("rights", "/rights", "Notices of right holders about goods, with measures, statements and results")
LIMIT = 50
Body = Mapping[str, Any]
_HOLDER = ("complete", "prove")


def _dumped(notice: Notice) -> dict[str, object]:
    return {name: getattr(notice, name) for name in shape.NoticeOut().fields if name != "sig"}


@blueprint.get("")
@blueprint.response(200, shape.NoticesOut)
@api_edge(Realm.BUYER, login=False)
def notices() -> Answer:
    """List notices newest first: all to the staff, otherwise those that were acted on (`before` goes on)."""
    who = principal()
    is_staff = who.realm is Realm.OPERATOR and who.may("compliance.view")
    found = reading.listed(only_public=not is_staff, before=request.args.get("before", type=UUID), limit=LIMIT + 1)
    return {
        "data": [_dumped(one) for one in found[:LIMIT]],
        "next": found[LIMIT - 1].id if len(found) > LIMIT else None,
    }


@blueprint.post("")
@blueprint.arguments(shape.NoticeIn)
@blueprint.response(201, shape.NoticeOut)
@api_edge(Realm.BUYER, login=False)
def send(body: Body) -> Answer:
    """Send a notice; `sig` of the answer opens it to its sender."""
    listing_id = listing_of(body["listing"])
    if listing_id is None:
        raise Missing("catalogue.no_listing", _("There is no such listing"))
    values = {name: value for name, value in body.items() if name != "listing"}
    key = noticing.send(noticing.Notice(listing_id=listing_id, locale=language(), **values))
    return {**_dumped(reading.find(key)), "sig": signing.case_signature(key)}


@blueprint.get("/<uuid:notice_id>")
@blueprint.response(200, shape.NoticeOut)
@api_edge(Realm.BUYER, login=False)
def notice(notice_id: UUID) -> Answer:
    """Show a notice to the staff, the merchant, or its sender, who adds `sig` to the address."""
    return _dumped(_visible(notice_id))


def _visible(notice_id: UUID) -> Notice:
    who = principal()
    if who.realm is Realm.OPERATOR:
        who.require("compliance.view")
        return reading.find(notice_id)
    if who.realm is Realm.MERCHANT:
        who.require("compliance.answer")
        return reading.find(notice_id, merchant_id=mine())
    return visible_notice(notice_id)


@blueprint.post("/<uuid:notice_id>/steps")
@blueprint.arguments(shape.NoticeStepIn)
@blueprint.response(200, shape.NoticeOut)
@api_edge(Realm.BUYER, login=False)
def step(body: Body, notice_id: UUID) -> Answer:
    """Take the next step that falls to one's side."""
    _visible(notice_id)
    who, name, text = principal(), body["step"], body["text"]
    if who.realm is Realm.MERCHANT and name == "counter":
        countering.counter(notice_id, mine(), text, body["evidence"])
    elif who.realm is Realm.BUYER and name in _HOLDER:
        (countering.prove_action if name == "prove" else noticing.complete)(notice_id, text)
    elif who.realm is Realm.OPERATOR and name not in ("counter", "complete"):
        who.require("compliance.manage")
        _staff(notice_id, text, body["days"])[name]()
    else:
        raise Denied("rights.not_yours", _("This step falls to another side"))
    return _dumped(_visible(notice_id))


def _staff(key: UUID, text: str, days: int) -> Mapping[str, Callable[[], None]]:
    return {
        "ask": lambda: noticing.ask(key, text),
        "act": lambda: noticing.act(key, text),
        "refuse": lambda: noticing.refuse(key, text),
        "excuse": lambda: countering.excuse(key, days),
        "prove": lambda: countering.prove_action(key, text),
        "uphold": lambda: countering.uphold(key),
        "lift": lambda: countering.lift(key, text),
    }
