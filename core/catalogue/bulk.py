"""One deed for many listings: each is carried out by itself, and what is refused stays as it was and is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.catalogue import moderation
from core.catalogue.models import ListingRow
from core.catalogue.values import Seller
from core.kernel import audit, jobs
from core.kernel.db import session
from core.kernel.errors import AppError, Invalid, _
from core.kernel.many import each

AT_ONCE = 50
"""Listings that are done while somebody waits; more become work in the background."""
MOST = 10_000
_A_JOB = 50

Deed = Callable[[UUID, Seller], object]
DEEDS: Mapping[str, Deed] = {
    "submit": moderation.submit,
    "hide": lambda key, who: moderation.hide(key, who.merchant_id),
    "unhide": lambda key, who: moderation.unhide(key, who.merchant_id),
    "archive": lambda key, who: moderation.archive(key, who.merchant_id),
    "restore": lambda key, who: moderation.restore(key, who.merchant_id),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A listing that stayed as it was, and why."""

    title: str
    error: AppError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a deed: the listings it changed, those it did not, and how many wait for the background."""

    done: tuple[UUID, ...] = ()
    refused: tuple[Refusal, ...] = ()
    waiting: int = 0


def carry_out(deed: str, ids: Iterable[UUID], seller: Seller) -> Outcome:
    """Do it to a merchant's own listings: up to `AT_ONCE` now, more in the background. Raise Invalid for no deed.

    Listings that are not the merchant's are refused like those that are not there.
    """
    if deed not in DEEDS:
        raise Invalid("catalogue.no_deed", _("Choose what to do with the products"))
    wanted = sorted(set(ids))[:MOST]
    if len(wanted) <= AT_ONCE:
        return _done(deed, wanted, seller)
    who = {"merchant_id": str(seller.merchant_id), "shop_id": str(seller.shop_id),
           "is_approved": seller.is_approved, "is_trusted": seller.is_trusted}  # fmt: skip
    for start in range(0, len(wanted), _A_JOB):
        some = wanted[start : start + _A_JOB]
        jobs.soon("catalogue.bulk", {**who, "deed": deed, "ids": [str(key) for key in some]})
    audit.record("listing.bulk_asked", "merchant", seller.merchant_id, deed=deed, listings=len(wanted))
    return Outcome(waiting=len(wanted))


def _done(deed: str, ids: Sequence[UUID], seller: Seller) -> Outcome:
    done, errors = each(ids, lambda key: DEEDS[deed](key, seller))
    titles = _titles(errors, seller.merchant_id)
    return Outcome(done, tuple(Refusal(titles.get(key, ""), error) for key, error in errors.items()))


def _titles(ids: Iterable[UUID], merchant_id: UUID) -> dict[UUID, str]:
    wanted = list(ids)
    if not wanted:
        return {}
    query = select(ListingRow.id, ListingRow.title)
    query = query.where(ListingRow.id.in_(wanted), ListingRow.merchant_id == merchant_id)
    return {row[0]: row[1] for row in session().execute(query)}


@jobs.job("catalogue.bulk")
def _in_the_background(payload: jobs.Payload) -> None:
    seller = Seller(UUID(payload["merchant_id"]), UUID(payload["shop_id"]), is_approved=payload["is_approved"],
                    is_trusted=payload["is_trusted"])  # fmt: skip
    outcome = _done(payload["deed"], [UUID(key) for key in payload["ids"]], seller)
    for one in outcome.refused:
        audit.record("listing.bulk_refused", "merchant", seller.merchant_id, deed=payload["deed"], title=one.title,
                     message=one.error.message.format(**one.error.facts))  # fmt: skip
