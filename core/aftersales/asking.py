"""A buyer asks for something after goods were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.aftersales import eligible, exchanging, moves, terms
from core.aftersales.eligible import Article, Eligible
from core.aftersales.exchanging import Replacement
from core.aftersales.reasons import CHANGED_MIND, Kind
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.money import Money, total
from core.orders import progress, timeline
from core.orders.aftersale_models import AftersaleLineRow, AftersaleRow
from core.orders.models import OrderRow
from core.orders.numbers import next_number


@dataclass(frozen=True, slots=True)
class Ask:
    """What a buyer wants. `amount` is for a claim, `variant_id` for an exchange (None: the same once more).

    `is_sealed` is the buyer's word that a seal is unbroken. The same `key` again asks for nothing new.
    """

    order_id: UUID
    kind: str
    reason: str
    units: Mapping[UUID, int]
    text: str = ""
    amount: Money | None = None
    variant_id: UUID | None = None
    is_sealed: bool = False
    key: str | None = None


def request(ask: Ask) -> UUID:
    """Open a case and return its key. The caller has checked whose order it is.

    Raise Invalid (nothing chosen, no reason, no such kind, no amount) or Conflict (too many units, window over,
    excluded goods, more money than is left).
    """
    order = progress.locked(ask.order_id)
    if ask.key:
        known = session().scalar(
            select(AftersaleRow.id).where(AftersaleRow.key == ask.key, AftersaleRow.order_id == order.id)
        )
        if known is not None:
            return known
    found = eligible.of_order(order)
    picked = check(found, ask)
    case = _row(order, found, ask)
    if ask.kind == Kind.EXCHANGE and ask.variant_id is not None:
        case.difference_minor = _chosen_instead(picked, ask.variant_id).less.minor
    session().add(case)
    session().add_all(
        AftersaleLineRow(id=new_id(), case_id=case.id, line_id=article.line.id, quantity=quantity)
        for article, quantity in picked
    )
    session().flush()
    timeline.note(order.id, "aftersale_opened", {"number": case.number, "kind": case.kind})
    audit.record("aftersale.requested", "aftersale", case.id, number=case.number, kind=case.kind, reason=case.reason)
    moves.began(order, case, case.text)
    return case.id


def check(found: Eligible, ask: Ask) -> list[tuple[Article, int]]:
    """Return the chosen articles if this may be asked for. Raise as `request` does."""
    picked = eligible.chosen(found, ask.units)
    eligible.check_reason(found, picked, ask.reason, is_sealed=ask.is_sealed)
    if ask.kind not in eligible.kinds(picked, ask.reason):
        raise Invalid("aftersales.no_kind", _("This cannot be asked for because of this reason"))
    if ask.kind == Kind.CLAIM:
        _check_amount(picked, ask.amount)
    if ask.kind == Kind.EXCHANGE and ask.variant_id is not None:
        _chosen_instead(picked, ask.variant_id)
    if ask.reason != CHANGED_MIND:
        moves.said(ask.text)
    return picked


def _chosen_instead(picked: Sequence[tuple[Article, int]], variant_id: UUID) -> Replacement:
    found = next((one for one in exchanging.replacements(*picked[0]) if one.variant_id == variant_id), None)
    if found is None:
        raise Conflict("aftersales.no_variant", _("Choose a variant that costs no more"))
    return found


def _check_amount(picked: Sequence[tuple[Article, int]], amount: Money | None) -> None:
    currency = picked[0][0].left.currency
    if amount is None or amount.currency != currency or amount.minor <= 0:
        fault = FieldError("amount", _("Give an amount above zero"))
        raise Invalid("aftersales.no_amount", _("Say how much you ask for"), fields=(fault,))
    left = total((article.left for article, _units in picked), currency)
    if amount > left:
        raise Conflict("aftersales.too_much", _("At most {left} can go back for this"), left=left)


def _row(order: OrderRow, found: Eligible, ask: Ask) -> AftersaleRow:
    return AftersaleRow(
        id=new_id(), order_id=order.id, merchant_id=order.merchant_id, customer_id=order.customer_id,
        number=f"A{next_number('aftersale')}", key=ask.key, kind=ask.kind, reason=ask.reason, state="requested",
        text=ask.text.strip()[: moves.LONGEST], currency=order.currency,
        asked_minor=ask.amount.minor if ask.amount and ask.kind == Kind.CLAIM else None,
        variant_id=ask.variant_id if ask.kind == Kind.EXCHANGE else None, is_sealed=ask.is_sealed,
        by_law=_is_by_law(found, ask), payer=terms.payer(ask.reason, eligible.country_of(order)), answer="", is_lessened=False,
        return_address={}, carrier="", tracking="", condition="unknown", opened_at=clock.now(),
    )  # fmt: skip


def _is_by_law(found: Eligible, ask: Ask) -> bool:
    until = found.windows.by_law_until
    return ask.reason == CHANGED_MIND and ask.kind == Kind.RETURN and until is not None and clock.now() < until
