"""Made-up goods in: costs for the house's goods of a demo, and a count that misses two units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import VariantRow
from core.hooks.data import Seed
from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.self_operated import counts, offers, receipts
from plugins.self_operated.models import ReceiptRow
from plugins.self_operated.offers import Offer
from plugins.self_operated.receipts import LineDraft, ReceiptDraft

_ITEMS, _RECEIPTS = 12, 3
_SUPPLIERS = ("Northwind Supply", "Harbour Imports", "Lindqvist & Co.")


def seed(given: Seed) -> None:
    """Book costs for up to 12 own goods on 3 receipts, and count one of them two short; the same again does nothing."""
    key = f"demo:{given.number}"
    if session().scalars(select(ReceiptRow.id).where(ReceiptRow.external_key == f"{key}:0")).first() is not None:
        return
    wanted = select(VariantRow.id).where(VariantRow.listing_id.in_(given.listing_ids))
    found = sorted(offers.named(session().scalars(wanted).all()).values(), key=lambda offer: offer.id)[:_ITEMS]
    dice = Random(given.number)  # made-up goods, no secret
    shelves = offers.shelves(offer.id for offer in found)
    stocked = [offer for offer in found if shelves.get(offer.id, 0) > 0]
    for place in range(_RECEIPTS):
        lines = tuple(_line(offer, shelves[offer.id], dice) for offer in stocked[place::_RECEIPTS])
        if lines:
            draft = ReceiptDraft(
                _SUPPLIERS[place], clock.today(current().timezone), lines, Money(1500, current().currency),
                is_on_shelf=True, external_key=f"{key}:{place}",
            )  # fmt: skip
            receipts.agreed(receipts.create(draft, by=None))
    _count(stocked, shelves)


def _line(offer: Offer, units: int, dice: Random) -> LineDraft:
    return LineDraft(offer.id, units, Money(offer.price.minor * dice.randint(45, 70) // 100, offer.price.currency))


def _count(stocked: Sequence[Offer], shelves: Mapping[UUID, int]) -> None:
    chosen = next((offer for offer in stocked if shelves[offer.id] > 2), None)
    if chosen is None:
        return
    count_id = counts.start([chosen.id], by=None)
    counts.fill(count_id, {chosen.id: shelves[chosen.id] - 2})
    counts.submit(count_id)
