"""Taking many orders on at once; what cannot be taken on stays as it was and is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from core.kernel import audit, jobs
from core.kernel.errors import AppError
from core.kernel.many import each
from core.orders import progress, queries

AT_ONCE = 50
"""Orders that are done while somebody waits; more become work in the background."""
MOST = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order that stayed as it was, and why."""

    number: str
    error: AppError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the orders taken on, those that were not, and how many wait for the background."""

    done: tuple[UUID, ...] = ()
    refused: tuple[Refusal, ...] = ()
    waiting: int = 0


def accept(ids: Iterable[UUID], *, merchant_id: UUID) -> Outcome:
    """Take a merchant's orders on: up to `AT_ONCE` now, more in the background. Those of others are refused."""
    wanted = sorted(set(ids))[:MOST]
    if len(wanted) <= AT_ONCE:
        return _accepted(wanted, merchant_id)
    for start in range(0, len(wanted), AT_ONCE):
        some = [str(key) for key in wanted[start : start + AT_ONCE]]
        jobs.soon("orders.accept_many", {"merchant_id": str(merchant_id), "ids": some})
    audit.record("orders.accepting_asked", "merchant", merchant_id, orders=len(wanted))
    return Outcome(waiting=len(wanted))


def _accepted(ids: Iterable[UUID], merchant_id: UUID) -> Outcome:
    done, refused = each(ids, lambda key: progress.accept(key, merchant_id=merchant_id))
    numbers = queries.numbers_of(refused, merchant_id=merchant_id)
    return Outcome(done, tuple(Refusal(numbers.get(key, ""), error) for key, error in refused.items()))


@jobs.job("orders.accept_many")
def _in_the_background(payload: jobs.Payload) -> None:
    merchant_id = UUID(payload["merchant_id"])
    outcome = _accepted([UUID(key) for key in payload["ids"]], merchant_id)
    for one in outcome.refused:
        audit.record("orders.accepting_refused", "merchant", merchant_id, order=one.number,
                     message=one.error.message.format(**one.error.facts))  # fmt: skip
