"""The operator's pages of simulation and replay: begin one, watch it, read and download what came out."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext

from core.http import csv
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.submitting import refused
from core.identity.principals import Realm
from core.kernel import clock
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.commission import comparing, drafts, presenting, runs
from plugins.commission.surface import operator

_DAYS = 90
_SHOWN = 50
"""Rows of each table on the page; the file has them all."""


def day_of_form(name: str) -> date | None:
    """Return a day that a form sent; None for an empty field. Raise Invalid for what is no day."""
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        wrong = FieldError(name, _("Enter a date that exists"))
        raise Invalid("commission.no_day", _("Enter a date that exists"), fields=(wrong,)) from None


def _period() -> tuple[date, date]:
    """Return the days that the form names, the last one included there; the last 90 days without them."""
    today = clock.today(current().timezone)
    start, last = day_of_form("start") or today - timedelta(days=_DAYS), day_of_form("last") or today
    return start, last + timedelta(days=1)


@operator.get("/simulations")
@edge(Realm.OPERATOR, "commission.view")
def simulations(error: AppError | None = None) -> Answer:
    """Show what was tried on past orders, and offer to try the draft."""
    today = clock.today(current().timezone)
    draft = drafts.present()
    return page(
        "commission/simulations.html", runs=runs.latest("simulation"), refused=refused(error), draft=draft,
        start=request.form.get("start") or (today - timedelta(days=_DAYS)).isoformat(),
        last=request.form.get("last") or today.isoformat(),
    )  # fmt: skip


@operator.post("/simulations")
@edge(Realm.OPERATOR, "commission.view", again=simulations)
def simulate() -> Answer:
    """Begin to try the draft, or today's list without one, on the orders of a period."""
    run_id = runs.simulate(drafts.present().rates, *_period())
    return see(url_for("commission_operator.simulation", run_id=run_id))


@operator.get("/simulations/<uuid:run_id>")
@edge(Realm.OPERATOR, "commission.view")
def simulation(run_id: UUID) -> Answer:
    """Show how far a simulation is, then what it has found."""
    run = runs.find(run_id, "simulation")
    rows = {kind: presenting.named(run.tally, kind) for kind in comparing.GROUPS} if run.state == "done" else {}
    merchants = rows.get("merchant", [])
    return page(
        "commission/simulation.html", fragment="commission/_simulation.html", run=run, totals=comparing.totals(run.tally),
        groups={kind: found[:_SHOWN] for kind, found in rows.items()}, money=Money,
        winners=sum(1 for row in merchants if row.outcome.change < 0),
        losers=sum(1 for row in merchants if row.outcome.change > 0),
        negative=[row for row in merchants if row.outcome.left < 0],
    )  # fmt: skip


@operator.get("/simulations/<uuid:run_id>/csv")
@edge(Realm.OPERATOR, "commission.view")
def simulation_csv(run_id: UUID) -> Response:
    """Download everything that a simulation has found; amounts in major units, fees with their tax."""
    run = runs.find(run_id, "simulation")
    head = [gettext("Kind"), gettext("Name"), gettext("Currency"), gettext("Lines"), gettext("Sales"),
            gettext("Fees as they were"), gettext("Fees as they would be"), gettext("Difference"), gettext("Left")]  # fmt: skip
    words = {"merchant": gettext("Merchant"), "shop": gettext("Shop"), "category": gettext("Category")}
    rows = []
    for kind, word in words.items():
        for row in presenting.named(run.tally, kind):
            one = row.outcome
            amounts = [
                Money(minor, one.currency).decimal for minor in (one.sold, one.was, one.now, one.change, one.left)
            ]
            rows.append([word, row.name, one.currency, one.lines, *amounts])
    return csv.answer("commission-simulation", head, rows)


@operator.get("/replays")
@edge(Realm.OPERATOR, "commission.view")
def replays(error: AppError | None = None) -> Answer:
    """Show which periods were worked out again, and offer to do it."""
    today = clock.today(current().timezone)
    return page(
        "commission/replays.html", runs=runs.latest("replay"), refused=refused(error),
        start=request.form.get("start") or (today - timedelta(days=_DAYS)).isoformat(),
        last=request.form.get("last") or today.isoformat(),
    )  # fmt: skip


@operator.post("/replays")
@edge(Realm.OPERATOR, "commission.view", again=replays)
def replay() -> Answer:
    """Begin to work out again every charge of a period."""
    return see(url_for("commission_operator.replayed", run_id=runs.replay(*_period())))


@operator.get("/replays/<uuid:run_id>")
@edge(Realm.OPERATOR, "commission.view")
def replayed(run_id: UUID) -> Answer:
    """Show how far a replay is, then its differences: there must be none."""
    run = runs.find(run_id, "replay")
    return page("commission/replay.html", fragment="commission/_replay.html", run=run, money=Money)
