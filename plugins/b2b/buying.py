"""Checkout for a company: whom a purchase is for, the numbers it carries, what a person may buy alone, what was bought."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import format_currency, gettext
from sqlalchemy.dialects.postgresql import insert

from core.hooks.checkout import CheckoutField, FieldKind, PurchaseDraft, PurchaseStage
from core.hooks.types import Basket, Violation
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.kernel.tenancy import current, current_id
from plugins.b2b import quote_reading, quotes, reading, requisitions, rules
from plugins.b2b.models import BoughtRow, MemberRow
from plugins.b2b.quote_reading import Quote
from plugins.b2b.reading import Location, Seat
from plugins.b2b.requisitions import Requisition
from plugins.b2b.settings import Settings

FOR, NUMBER, LOCATION = "b2b.for", "b2b.number", "b2b.location"
MYSELF, NOWHERE = "myself", "none"


def seat_of(basket: Basket) -> Seat | None:
    """Return the seat of who buys for their company; None where they buy for themselves, or cannot buy for one."""
    if basket.answer(FOR) == MYSELF:
        return None
    found = reading.seat(basket.viewer.customer_id)
    return found if found is not None and found.may_buy else None


def questions(basket: Basket) -> Sequence[CheckoutField]:
    """Ask somebody with a company whom they buy for, and for it the order number and the place."""
    found = reading.seat(basket.viewer.customer_id)
    if found is None or not found.may_buy:
        return ()
    choices = (
        ("company", gettext("For %(company)s", company=found.company.name)),
        (MYSELF, gettext("For myself, at the shop's own prices")),
    )
    asked = [CheckoutField(FOR, gettext("Whom do you buy for?"), FieldKind.CHOICE, required=False, choices=choices)]
    if basket.answer(FOR) == MYSELF:
        return asked
    asked.append(CheckoutField(NUMBER, gettext("Your order number"), FieldKind.TEXT, required=False))
    places = reading.locations(found.company.id)
    if places:
        offered = ((NOWHERE, gettext("No place of the company")), *((str(one.id), _shown(one)) for one in places))
        asked.append(
            CheckoutField(LOCATION, gettext("For the place"), FieldKind.CHOICE, required=False, choices=offered)
        )
    return asked


def _shown(place: Location) -> str:
    return f"{place.name} ({place.cost_centre})" if place.cost_centre else place.name


def check(draft: PurchaseDraft, faults: Callable[[Basket], list[Violation]]) -> Sequence[Violation]:
    """Refuse quantities that companies are not sold, and what somebody may not buy alone.

    At placing look once more under lock and note the purchase.
    """
    seat = seat_of(draft.basket)
    if seat is None:
        return ()
    if draft.stage is PurchaseStage.PLACE:
        lock(MemberRow, [seat.member_id])
        requisitions.hold(draft.basket)
        quotes.hold(draft.basket)
        seat = reading.seat(draft.basket.viewer.customer_id)
        if seat is None or not seat.may_buy:
            text = _("You do not buy for this company any more. Look again before you pay")
            return [Violation("b2b.company_inactive", text, field=FOR)]
    approval = requisitions.covering(seat, draft.basket)
    offer = quote_reading.covering(seat, draft.basket)
    packs = faults(draft.basket) if offer is None else []
    refused = [*packs, *_used_up(draft, approval, offer), *_over(seat, draft.total, approval)]
    if not refused and draft.stage is PurchaseStage.PLACE and draft.purchase_id is not None:
        _note(seat, draft)
        if approval is not None:
            requisitions.use(approval.id, draft.purchase_id)
        if offer is not None:
            quotes.use(offer.id, draft.purchase_id)
    return refused


def _used_up(draft: PurchaseDraft, approval: Requisition | None, offer: Quote | None) -> list[Violation]:
    """Refuse prices of an approval or a quote that was used, or ended, while this was placed."""
    reasons = [one.reason for one in draft.adjustments]
    if approval is None and any(one.startswith(requisitions.REASON) for one in reasons):
        text = _("This approval was used already, or is over. Look again before you pay")
        return [Violation("b2b.requisition_used", text, field=FOR)]
    if offer is None and any(one.startswith(quote_reading.REASON) for one in reasons):
        text = _("This offer was accepted already, or is over. Look again before you pay")
        return [Violation("b2b.quote_used", text, field=FOR)]
    return []


def _over(seat: Seat, total: Money, approval: Requisition | None) -> list[Violation]:
    if seat.limit is None or rules.is_within(seat.limit, total):
        return []
    if approval is not None:
        return _drifted(approval, total)
    text = _("You may buy up to {limit} for {company} alone. Take something out, or ask for approval in the cart")
    facts = {"limit": format_currency(seat.limit.decimal, seat.limit.currency), "company": seat.company.name}
    return [Violation("b2b.own_limit", text, field=FOR, facts=facts)]


def _drifted(approval: Requisition, total: Money) -> list[Violation]:
    if not rules.has_drifted(approval.total, total, Settings.of(current()).drift_bps):
        return []
    text = _("{approved} was approved, but it costs {now} today. Ask once more")
    facts = {"approved": format_currency(approval.total.decimal, approval.total.currency),
             "now": format_currency(total.decimal, total.currency)}  # fmt: skip
    return [Violation("b2b.requisition_changed", text, field=FOR, facts=facts)]


def _note(seat: Seat, draft: PurchaseDraft) -> None:
    """Write down what was bought for the company; a repeat writes nothing."""
    wanted = draft.basket.answer(LOCATION)
    place = next((one for one in reading.locations(seat.company.id) if str(one.id) == wanted), None)
    values = {
        "tenant_id": current_id(), "id": new_id(), "company_id": seat.company.id, "member_id": seat.member_id,
        "purchase_id": draft.purchase_id, "total_minor": draft.total.minor, "currency": draft.total.currency,
        "order_number": " ".join((draft.basket.answer(NUMBER) or "").split())[:80], "at": clock.now(),
        "location": place.name if place else "", "cost_centre": place.cost_centre if place else "",
    }  # fmt: skip
    written = insert(BoughtRow).values(values)
    session().execute(written.on_conflict_do_nothing(index_elements=["tenant_id", "purchase_id"]))
