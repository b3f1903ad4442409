"""Simulation and replay over HTTP: begin one, ask how far it is, read the result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.http.edge import edge
from core.identity.principals import Realm
from plugins.commission import drafts, presenting, runs
from plugins.commission.api import blueprint, draft
from plugins.commission.schemas import ReplayIn, ReplayOut, RunOut, SimulationIn, SimulationOut


@blueprint.post("/simulations")
@blueprint.arguments(SimulationIn)
@blueprint.response(202, RunOut)
@edge(Realm.OPERATOR, "commission.view")
def simulate(body: dict[str, Any]) -> Any:
    """Begin to try a list on past orders, at most the newest 10,000 of the period. Nothing is posted."""
    given = body["rates"]
    rates = drafts.present().rates if given is None else [draft(rate) for rate in given]
    return runs.find(runs.simulate(rates, body["start"], body["end"]))


@blueprint.get("/simulations/<uuid:run_id>")
@blueprint.response(200, SimulationOut)
@edge(Realm.OPERATOR, "commission.view")
def simulation(run_id: UUID) -> Any:
    """Read how far a simulation is, and what it has found so far, by merchant, shop and category."""
    return presenting.simulation(runs.find(run_id, "simulation"))


@blueprint.post("/replays")
@blueprint.arguments(ReplayIn)
@blueprint.response(202, RunOut)
@edge(Realm.OPERATOR, "commission.view")
def replay(body: dict[str, Any]) -> Any:
    """Begin to work out again every charge of a period with the rates of its time."""
    return runs.find(runs.replay(body["start"], body["end"]))


@blueprint.get("/replays/<uuid:run_id>")
@blueprint.response(200, ReplayOut)
@edge(Realm.OPERATOR, "commission.view")
def replayed(run_id: UUID) -> Any:
    """Read how far a replay is, and every difference to the cent that it has found; there must be none."""
    return presenting.replay(runs.find(run_id, "replay"))
