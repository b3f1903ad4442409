"""Lists, drafts and runs as the API and the pages show them: plain data with names and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext

from plugins.commission import choosing, comparing, documents, drafts, wording
from plugins.commission.choosing import Shown
from plugins.commission.comparing import Outcome
from plugins.commission.runs import Run
from plugins.commission.values import Condition, Rate

_KINDS = {"merchant": Condition.MERCHANT, "shop": Condition.SHOP, "category": Condition.CATEGORY}


def rates(listed: Sequence[Rate]) -> list[dict[str, Any]]:
    """Return rates in order as the API shows them."""
    never = choosing.hidden_of(listed)
    return [
        {
            **documents.as_data(documents.draft_of(rate)),
            "id": rate.id,
            "reachable": rate.id not in never,
            "hidden_because": choosing.why_hidden(never.get(rate.id)),
            "sentence": wording.formula(rate),
        }
        for rate in listed
    ]


def draft(found: drafts.Draft) -> dict[str, Any]:
    """Return the draft as the API shows it."""
    listed = found.listed()
    return {
        "state": found.state,
        "revision": found.revision,
        "based_on": found.based_on,
        "reason": found.reason,
        "effective_on": found.effective_on,
        "earliest_on": drafts.earliest(listed),
        "needs_second_person": drafts.needs_second_person(),
        "rates": rates(listed),
    }


@dataclass(frozen=True, slots=True)
class Change:
    """What is new about one rate, or about their order: `was` is empty for an added one, `now` for one that is gone."""

    name: str
    was: str
    now: str
    is_order: bool = False


def changes(before: Sequence[Shown], after: Sequence[Shown]) -> list[Change]:
    """Return what changes from one list to another, rate by rate; rates are known by their names."""
    left: dict[str, list[Shown]] = {}
    for rate in before:
        left.setdefault(rate.name, []).append(rate)
    found, kept = [], []
    for rate in after:
        same = left.get(rate.name)
        was = same.pop(0) if same else None
        if was is not None:
            kept.append(was.place)
        if was is None or was.words != rate.words:
            found.append(Change(rate.name, _said(was) if was else "", _said(rate)))
    found += [Change(rate.name, _said(rate), "") for rates in left.values() for rate in rates]
    if kept != sorted(kept):
        found.append(
            Change(gettext("The order of the rates"), "", gettext("The first that fits counts, so look at it."), True)
        )
    return found


def _said(rate: Shown) -> str:
    where = gettext(", ").join(rate.conditions) or gettext("for everything")
    return " · ".join(part for part in (rate.formula, where, rate.policy, rate.tax) if part)


@dataclass(frozen=True, slots=True)
class Announced:
    """A list that is to count later, in words, with what it changes."""

    version: int
    since: datetime
    rates: list[Shown]
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Named:
    """An outcome with the name of whose it is."""

    name: str
    outcome: Outcome


def named(tally: Mapping[str, Any], kind: str) -> list[Named]:
    """Return the outcomes of one kind by name, the greatest change first."""
    names = choosing.names_of(_KINDS[kind], comparing.keys(tally, kind))
    return [Named(names.get(UUID(row.key), "?"), row) for row in comparing.outcomes(tally, kind)]


def outcome(row: Outcome, name: str = "") -> dict[str, Any]:
    """Return an outcome as the API shows it."""
    return {
        "id": row.key, "name": name, "currency": row.currency, "lines": row.lines, "sold_minor": row.sold,
        "was_minor": row.was, "now_minor": row.now, "change_minor": row.change, "is_negative": row.left < 0,
    }  # fmt: skip


def simulation(run: Run) -> dict[str, Any]:
    """Return a simulation as the API shows it, also while it runs."""
    tally = run.tally
    groups = {plural: [outcome(row.outcome, row.name) for row in named(tally, kind)]
              for kind, plural in (("merchant", "merchants"), ("shop", "shops"), ("category", "categories"))}  # fmt: skip
    return {
        **_run(run), "changed": tally.get("changed", 0), "orders_below_zero": tally.get("below", 0),
        "totals": [outcome(row) for row in comparing.totals(tally)], **groups,
    }  # fmt: skip


def replay(run: Run) -> dict[str, Any]:
    """Return a replay as the API shows it, also while it runs."""
    tally = run.tally
    sums = {
        currency: {"fee_minor": s[0], "tax_minor": s[1], "again_fee_minor": s[2], "again_tax_minor": s[3]}
        for currency, s in tally.get("sums", {}).items()
    }
    told = {name: tally.get(name, 0) for name in ("lines", "charged", "different")}
    return {**_run(run), **told, "sums": sums, "differences": tally.get("differences", [])}


def _run(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in ("id", "state", "done", "most", "start_on", "end_on")}
