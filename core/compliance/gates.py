"""Gates: what enforced rules refuse in a request, with the reader's words and where to put it right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.compliance import snapshots, waivers
from core.compliance.applying import ask, rules_for
from core.compliance.checking import now
from core.compliance.facts import Tree
from core.compliance.models import FindingRow
from core.compliance.outcomes import Outcome, Status
from core.compliance.packs import RULES
from core.compliance.phrases import phrase
from core.compliance.ruling import Rule, judge
from core.compliance.snapshots import Snapshot
from core.compliance.switches import InForce, Mode, in_force
from core.kernel.db import fetched, session
from core.kernel.errors import Conflict, FieldError, Phrase, _
from core.kernel.tenancy import current_id
from core.merchants.models import MerchantRow

PUBLISH_MERCHANT = ("cn.otm.24.1", "eu.dsa.30.1", "cn.ecl.10.1")
"""Rules about a merchant that stand against new listings of any kind."""
PUBLISH_FOOD = ("cn.fsl.62.1",)
APPROVE = ("cn.ecl.10.1", "cn.ecl.27.1")
"""Rules that stand against letting a merchant sell."""
_CRITICAL = 15
"""From this score on, what cannot be judged is refused like what fails."""
_MESSAGE = _("{title}: {why}. {where}")
_WHERE: Mapping[str, str] = {
    "listing": _("Change it in the listing, or answer what is asked on your compliance page."),
    "merchant": _("Put it right on your compliance page."),
    "food": _("Hand in your food registration and its licence on your compliance page."),
    "licence": _("Hand in the licence on your compliance page."),
}
_PLACES = {"cn.fsl.62.1": "food", "cn.fsl.62.2": "licence", "cn.ecl.12.1": "licence"}


def against_listing(row: ListingRow) -> Sequence[FieldError]:
    """Return what enforced rules have against putting a listing on the shelf."""
    force = in_force()
    held = _held((row.id, row.merchant_id))
    if not force.modes:
        return held
    session().flush()
    listing = snapshots.build(snapshots.LISTING, [row.id])
    merchant = snapshots.build(snapshots.MERCHANT, [row.merchant_id])
    asked = [(rule, one) for one in listing for rule in rules_for(one, force)]
    is_food = any(one.facts.get("food_kind") for one in listing)
    names = (*PUBLISH_MERCHANT, *(PUBLISH_FOOD if is_food else ()))
    asked += [(RULES[name], _food_aware(one, is_food)) for one in merchant for name in names if name in force.modes]
    return [*held, *_refusals(asked, force)]


def _food_aware(one: Snapshot, is_food: bool) -> Snapshot:
    """A first listing of food makes its merchant a food seller before anything of it is on the shelf."""
    return replace(one, facts={**one.facts, "sells_food": True}) if is_food else one


def against_merchant(row: MerchantRow) -> Sequence[FieldError]:
    """Return what enforced rules have against letting a merchant sell; approving accepts what it has handed in."""
    force = in_force()
    names = [name for name in APPROVE if force.mode(name) is Mode.ENFORCE]
    held = _held((row.id,))
    if not names or row.is_house:
        return held
    session().flush()
    when = now()
    outcomes = [
        (RULES[name], one, judge(RULES[name], _as_accepted(one), when, force.numbers.get(name)))
        for one in snapshots.build(snapshots.MERCHANT, [row.id])
        for name in names
    ]
    return [*held, *(_error(rule, outcome) for rule, _one, outcome in outcomes if _is_refused(rule, outcome))]


def _as_accepted(one: Snapshot) -> Mapping[str, Tree]:
    papers = one.facts.get("documents")
    rows: Sequence[Tree] = papers if isinstance(papers, list) else ()
    today = now().today.isoformat()
    given: list[Tree] = [{**paper, "verified_at": today} for paper in rows if isinstance(paper, Mapping)]
    return {**one.facts, "documents": given}


def check_purchase(listing_ids: Iterable[UUID]) -> None:
    """Refuse a purchase of what an enforced rule holds back. Raise Conflict with the goods' names; one query."""
    found = fetched(_HOLDING, {"tenant": current_id(), "listings": list(listing_ids)})
    names = sorted({label for (label,) in found})
    if names:
        raise Conflict("compliance.held_back", _("This cannot be sold at present: {goods}"), goods=", ".join(names))


_HOLDING = """
    select label from compliance_findings
     where tenant_id = %(tenant)s and subject_id = any(%(listings)s) and is_blocking and state = 'open'"""


def _refusals(asked: Sequence[tuple[Rule, Snapshot]], force: InForce) -> list[FieldError]:
    when = now()
    enforced = [(rule, one) for rule, one in asked if force.mode(rule.id) is Mode.ENFORCE]
    waived = waivers.until([one.id for _rule, one in enforced], when.today) if enforced else {}
    outcomes = [(rule, ask(rule, one, when, force)) for rule, one in enforced if (rule.id, one.id) not in waived]
    return [_error(rule, outcome) for rule, outcome in outcomes if _is_refused(rule, outcome)]


def _is_refused(rule: Rule, outcome: Outcome) -> bool:
    is_unclear = outcome.status is Status.UNKNOWN and rule.law.score >= _CRITICAL
    return outcome.status is Status.FAIL or is_unclear


def _error(rule: Rule, outcome: Outcome) -> FieldError:
    where = _WHERE[_PLACES.get(rule.id, rule.law.subject if rule.law.subject in _WHERE else "merchant")]
    why = phrase(outcome.why, outcome.facts)
    return FieldError("compliance", Phrase(_MESSAGE, title=(rule.law.title,), why=why, where=(where,)))


def _held(ids: Sequence[UUID]) -> list[FieldError]:
    """What findings of plugins hold back until a person clears them."""
    query = select(FindingRow).where(
        FindingRow.subject_id.in_(ids), FindingRow.is_blocking, FindingRow.state == "open",
        FindingRow.rule.not_in(list(RULES)),
    )  # fmt: skip
    return [FieldError("compliance", phrase(row.why, row.facts)) for row in session().scalars(query)]
