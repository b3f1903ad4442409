"""Runs over past orders: begun by a person, carried out piece by piece by the worker, each piece a job of its own.

A piece's result and its mark commit together, so a worker that is killed loses one piece and repeats none. Nothing is
posted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import CategoryRow
from core.hooks.runtime import move
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.machine import machine
from core.kernel.tenancy import current
from plugins.commission import comparing, documents, past, replaying, services, volumes
from plugins.commission.checking import check
from plugins.commission.choices import Settings
from plugins.commission.comparing import Ground
from plugins.commission.documents import RateDraft
from plugins.commission.models import RunRow
from plugins.commission.past import PastOrder
from plugins.commission.rules import day_of
from plugins.commission.values import Lineage, Rate, RateList
from plugins.commission.volumes import midnight

MACHINE = machine("commission.run", running="done failed", done="", failed="")
MOST = 10_000
"""Orders of one simulation: the newest of its period."""
MOST_REPLAYED = 10_000_000
PIECE = 1_000
GLANCE = 300
"""Orders that the draft's page looks at by itself."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as pages and the API show it; `tally` is what is known so far."""

    id: UUID
    kind: str
    state: str
    start_on: date
    end_on: date
    done: int
    most: int
    author: str
    created_at: datetime
    finished_at: datetime | None
    tally: Mapping[str, Any]


def simulate(rates: Sequence[RateDraft], start_on: date, end_on: date) -> UUID:
    """Begin to try a list on the orders of a period, at most the newest 10,000; return the run.

    Raise Invalid for a list that could not be released or an empty period.
    """
    check(rates)
    _check_period(start_on, end_on)
    mark = past.mark_before_newest(start_on, end_on, MOST)
    tally = comparing.empty()
    settings = Settings.of(current())
    if any(documents.rate_of(rate, settings).tiers for rate in rates):
        tally["volumes"] = _earlier(mark, start_on)
    row = RunRow(
        id=new_id(), kind="simulation", start_on=start_on, end_on=end_on, mark=mark, tally=tally,
        rates=[documents.as_data(rate) for rate in rates], most=past.count(start_on, end_on, MOST),
    )  # fmt: skip
    return _begin(row)


def replay(start_on: date, end_on: date) -> UUID:
    """Begin to work out again every charge of a period; return the run. Raise Invalid for an empty period."""
    _check_period(start_on, end_on)
    row = RunRow(id=new_id(), kind="replay", start_on=start_on, end_on=end_on, tally=replaying.empty(),
                 most=past.count(start_on, end_on, MOST_REPLAYED))  # fmt: skip
    return _begin(row)


def _check_period(start_on: date, end_on: date) -> None:
    if not start_on < end_on:
        raise Invalid("commission.empty_period", _("The period is empty: its last day comes before its first"))


def _begin(row: RunRow) -> UUID:
    row.author, row.state = audit.actor().name, "running"
    session().add(row)
    session().flush()
    audit.record(f"commission.{row.kind}", "commission.run", row.id, orders=row.most)
    jobs.soon("commission.run", {"run": str(row.id)}, subject=f"commission.run:{row.id}")
    return row.id


def _earlier(mark: str, start_on: date) -> dict[str, list[int]]:
    """Return what each merchant had sold in the first month before the first order that is read."""
    begin = datetime.fromisoformat(mark.partition("|")[0]) if mark else midnight(start_on)
    day = day_of(begin, current().timezone)
    first, _end = volumes.month_of(day)
    sold = volumes.of_merchants(None, current().currency, first, begin)
    return {f"{key}|{day:%Y-%m}|{current().currency}": [one.net, one.gross, one.delivery] for key, one in sold.items()}


def find(run_id: UUID, kind: str | None = None) -> Run:
    """Return a run. Raise Missing if there is none of this kind."""
    query = select(RunRow).where(RunRow.id == run_id)
    row = session().scalars(query if kind is None else query.where(RunRow.kind == kind)).one_or_none()
    if row is None:
        raise Missing("commission.no_run", _("There is no such run"))
    return _value(row)


def latest(kind: str, most: int = 10) -> list[Run]:
    """Return the newest runs of a kind."""
    rows = session().scalars(select(RunRow).where(RunRow.kind == kind).order_by(RunRow.id.desc()).limit(most))
    return [_value(row) for row in rows]


def _value(row: RunRow) -> Run:
    return Run(
        row.id, row.kind, row.state, row.start_on, row.end_on, row.done, row.most, row.author, row.created_at,
        row.finished_at, row.tally,
    )  # fmt: skip


@jobs.job("commission.run")
def go_on(payload: jobs.Payload) -> None:
    """Carry out the next piece of a run, and leave word for the one after it."""
    rows = lock(RunRow, [UUID(payload["run"])])
    if not rows or rows[0].state != "running":
        return
    row = rows[0]
    orders = past.piece(row.start_on, row.end_on, row.mark, PIECE, _parts(row))
    tally = deepcopy(row.tally)
    _carry_out(row, orders, tally)
    row.done += len(orders)
    if len(orders) == PIECE:
        row.tally, row.mark = tally, orders[-1].mark
        jobs.soon("commission.run", dict(payload), subject=f"commission.run:{row.id}")
        return
    tally.pop("volumes", None)
    row.tally, row.finished_at = tally, clock.now()
    move(MACHINE, row, "done", orders=row.done)


def _parts(row: RunRow) -> Sequence[str]:
    """What a run needs of the explanations of charges: the volume before a line only where tiers may count."""
    if row.kind == "replay":
        return replaying.PARTS
    return comparing.PARTS if any(rate.get("tiers") for rate in row.rates) else ()


def _carry_out(row: RunRow, orders: Sequence[PastOrder], tally: dict[str, Any]) -> None:
    if row.kind == "replay":
        _replay(orders, tally)
        return
    settings = Settings.of(current())
    rates = tuple(documents.rate_of(documents.from_data(rate), settings) for rate in row.rates)
    ground = Ground(RateList(0, rates), _lineage(), settings.fee_tax_bps)
    for order in orders:
        comparing.add(tally, order, ground)


def _replay(orders: Sequence[PastOrder], tally: dict[str, Any]) -> None:
    named = {
        int(line.charged.explanation.get("version") or 0)
        for order in orders
        for line in order.lines
        if line.charged is not None
    }
    lists, above = services.of_versions(sorted(named)), _lineage()
    eras = services.eras()
    for order in orders:
        replaying.add(tally, order, lists, services.of_era(eras, order.placed_at), above)


def replayed_at_once(start_on: date, end_on: date) -> dict[str, Any]:
    """Work out again every charge of a period within this transaction, and keep nothing; for the command."""
    _check_period(start_on, end_on)
    tally, mark = replaying.empty(), ""
    while orders := past.piece(start_on, end_on, mark, PIECE, replaying.PARTS):
        _replay(orders, tally)
        mark = orders[-1].mark
    return tally


def _lineage() -> Lineage:
    """Return every category of the marketplace with those above it."""
    parents = {key: parent for key, parent in session().execute(select(CategoryRow.id, CategoryRow.parent_id))}
    found: dict[UUID, frozenset[UUID]] = {}
    for key, above in parents.items():
        chain, at = {key}, above
        while at is not None and at not in chain:
            chain.add(at)
            at = parents.get(at)
        found[key] = frozenset(chain)
    return found


def glance(rates: Sequence[Rate]) -> tuple[int, int]:
    """Return how many of the newest few hundred orders would be charged something else, and how many that are."""
    orders = past.newest(GLANCE, comparing.PARTS if any(rate.tiers for rate in rates) else ())
    ground = Ground(RateList(0, tuple(rates)), _lineage(), Settings.of(current()).fee_tax_bps)
    tally = comparing.empty()
    for order in orders:
        comparing.add(tally, order, ground)
    return tally["changed"], len(orders)
