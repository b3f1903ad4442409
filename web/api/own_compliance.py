"""Compliance in the API, for a merchant: what to fix, its risk, its declarations, food registration and licences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.compliance import food, licences, reading
from core.compliance.licences import Terms
from core.http.answers import Answer
from core.identity.principals import Realm
from web.api.compliance import finding_out, food_out, score_out
from web.api.surface import api_edge, resource
from web.merchant.compliance import mine, own_declared
from web.schemas.compliance import (
    AgreeIn,
    AnswersIn,
    FindingsOut,
    FoodIn,
    FoodOut,
    IdOut,
    LicenceIn,
    LicencesOut,
    ScoreOut,
)

blueprint = resource("own_compliance", "/own/compliance", "What a merchant has to put right, and what it declares")
Body = Mapping[str, Any]


@blueprint.get("/findings")
@blueprint.response(200, FindingsOut)
@api_edge(Realm.MERCHANT, "compliance.answer")
def own_findings() -> Answer:
    """List what is open and to be fixed, newest first."""
    found = reading.findings(merchant_id=mine(), shown=True, limit=200)
    return {"data": [finding_out(one) for one in found], "next": None}


@blueprint.get("/score")
@blueprint.response(200, ScoreOut)
@api_edge(Realm.MERCHANT, "compliance.answer")
def own_score() -> Answer:
    """Show the risk with its parts."""
    return score_out(reading.score(mine()))


@blueprint.put("/answers/<kind>/<uuid:subject_id>")
@blueprint.arguments(AnswersIn)
@blueprint.response(204)
@api_edge(Realm.MERCHANT, "compliance.answer")
def own_answers(body: Body, kind: str, subject_id: UUID) -> Answer:
    """Declare facts about the merchant itself, its shop or its listing."""
    own_declared(kind, subject_id, body["rule"], body["values"], body["evidence"])
    return ""


@blueprint.get("/food")
@blueprint.response(200, FoodOut)
@api_edge(Realm.MERCHANT, "compliance.answer")
def own_food() -> Answer:
    """Show the registration as a food seller."""
    return food_out(food.of_merchant(mine()))


@blueprint.put("/food")
@blueprint.arguments(FoodIn)
@blueprint.response(200, FoodOut)
@api_edge(Realm.MERCHANT, "compliance.answer")
def state_food(body: Body) -> Answer:
    """State or change the registration."""
    food.state(mine(), body["kind"], body["stated"])
    return food_out(food.of_merchant(mine()))


@blueprint.post("/food/submit")
@blueprint.arguments(AgreeIn)
@blueprint.response(200, FoodOut)
@api_edge(Realm.MERCHANT, "compliance.answer")
def submit_food(body: Body) -> Answer:
    """Hand the registration in."""
    food.submit(mine(), agrees=body["agrees"])
    return food_out(food.of_merchant(mine()))


@blueprint.get("/licences")
@blueprint.response(200, LicencesOut)
@api_edge(Realm.MERCHANT, "compliance.answer")
def own_licences() -> Answer:
    """List the licences that were handed in."""
    return {"data": licences.of_merchant(mine())}


@blueprint.post("/licences")
@blueprint.arguments(LicenceIn)
@blueprint.response(201, IdOut)
@api_edge(Realm.MERCHANT, "compliance.answer")
def hand_in_licence(body: Body) -> Answer:
    """Hand a licence in."""
    terms = Terms(body["kind"], body["number"], body["issuer"], tuple(body["scope"]), body["valid_until"],
                  body["media_id"])  # fmt: skip
    return {"id": licences.hand_in(mine(), terms)}
