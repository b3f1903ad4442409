"""Approval before ordering: a basket above somebody's limit is asked for, agreed to by another, and ordered as agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import get_locale
from sqlalchemy import select, true

from core.checkout import cart as carts
from core.checkout.cart import Owner
from core.checkout.quote import Quote, quote
from core.hooks.runtime import move
from core.hooks.types import Basket, Viewer
from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.b2b import letters, reading, rules, states
from plugins.b2b.deal_models import RequisitionRow
from plugins.b2b.reading import Person, Seat
from plugins.b2b.settings import Settings

ANSWER, REASON = "b2b.requisition", "b2b:requisition."
OPEN = ("waiting", "approved")
_NEEDED = "b2b.own_limit"
PAGE = 25


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line that was asked for; `gross` is what its units cost then, and will cost."""

    variant_id: UUID
    title: str
    sku: str
    quantity: int
    gross: Money


@dataclass(frozen=True, slots=True)
class Requisition:
    """A basket that somebody asked for. `expires_at` is the end of waiting, or of the approval."""

    id: UUID
    company_id: UUID
    author_id: UUID
    author: str
    approver: str
    lines: tuple[Wanted, ...]
    total: Money
    note: str
    reason: str
    state: str
    purchase_id: UUID | None
    asked_at: datetime
    expires_at: datetime

    @property
    def quantities(self) -> Mapping[UUID, int]:
        """How many units of each variant were asked for."""
        return {line.variant_id: line.quantity for line in self.lines}


def _value(row: RequisitionRow, names: Mapping[UUID, str]) -> Requisition:
    lines = tuple(
        Wanted(UUID(one["variant"]), one["title"], one["sku"], one["quantity"], Money(one["gross_minor"], row.currency))
        for one in row.lines
    )
    approver = names.get(row.approver_id, "") if row.approver_id else ""
    return Requisition(
        row.id, row.company_id, row.author_id, names.get(row.author_id, ""), approver, lines,
        Money(row.total_minor, row.currency), row.note, row.reason, row.state, row.purchase_id, row.asked_at,
        row.expires_at,
    )  # fmt: skip


def _values(rows: Sequence[RequisitionRow]) -> list[Requisition]:
    keys = {key for row in rows for key in (row.author_id, row.approver_id) if key is not None}
    names = reading.names(keys)
    return [_value(row, names) for row in rows]


def seen(seat: Seat, before: UUID | None = None, limit: int = PAGE) -> tuple[list[Requisition], UUID | None]:
    """Return what somebody sees, newest first, with the key to go on after: buyers their own, others the company's."""
    query = select(RequisitionRow).where(RequisitionRow.company_id == seat.company.id)
    if seat.role is rules.Role.BUYER:
        query = query.where(RequisitionRow.author_id == seat.member_id)
    if before:
        query = query.where(RequisitionRow.id < before)
    rows = session().scalars(query.order_by(RequisitionRow.id.desc()).limit(limit + 1)).all()
    return _values(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None


def of_company(company_id: UUID, most: int = 10) -> list[Requisition]:
    """Return a company's newest ones, for the operator."""
    query = select(RequisitionRow).where(RequisitionRow.company_id == company_id).order_by(RequisitionRow.id.desc())
    return _values(session().scalars(query.limit(most)).all())


def find(seat: Seat, requisition_id: UUID) -> Requisition:
    """Return one that somebody sees. Raise Missing for another's."""
    query = select(RequisitionRow).where(
        RequisitionRow.id == requisition_id, RequisitionRow.company_id == seat.company.id
    )
    found = _values(session().scalars(query).all())
    if not found or (seat.role is rules.Role.BUYER and found[0].author_id != seat.member_id):
        raise Missing("b2b.no_requisition", _("There is no such approval"))
    return found[0]


def may_decide(seat: Seat, one: Requisition) -> bool:
    """Tell whether somebody may agree to a basket that waits."""
    is_author = seat.member_id == one.author_id
    return (
        one.state == "waiting"
        and seat.may_buy
        and seat.company.id == one.company_id
        and rules.may_decide(seat.role, seat.limit, one.total, is_author=is_author)
    )


def ask(customer_id: UUID, note: str = "") -> UUID:
    """Ask for what is chosen in the buyer's cart, at the prices of now; the cart stays as it is.

    Raise Conflict where nothing is chosen, something else stands in the way, or the buyer may buy it alone.
    """
    seat = reading.seat(customer_id)
    cart = carts.find(Owner(customer_id=customer_id))
    viewer = Viewer(customer_id, str(get_locale() or current().locale), current().country)
    found = quote(cart, viewer, {ANSWER: ""})
    if seat is None or not found.basket.lines:
        raise Conflict("b2b.nothing_to_ask", _("There is nothing in the cart to ask for"))
    other = next((one for one in found.violations if one.code != _NEEDED), None)
    if other is not None:
        raise Conflict(other.code, other.message, **other.facts)
    if not found.violations:
        raise Conflict("b2b.no_need", _("You may buy this alone; go to checkout"))
    row = _asked(seat, found, note)
    approvers = [one.email for one in _approvers(seat, found.total)]
    letters.asked(approvers, row.id, reading.names([seat.member_id]).get(seat.member_id, ""), seat.company.name)
    return row.id


def _asked(seat: Seat, found: Quote, note: str) -> RequisitionRow:
    goods = {line.id: line.good for shop in found.shops for line in shop.lines}
    lines: list[dict[str, Any]] = [
        {"variant": str(one.line.offer_id), "title": goods[one.line.id].title, "sku": goods[one.line.id].sku,
         "quantity": one.line.quantity, "gross_minor": one.gross.minor}
        for one in found.prices.lines
    ]  # fmt: skip
    return keep(seat, lines, found.total, note)


def keep(seat: Seat, lines: list[dict[str, Any]], total: Money, note: str) -> RequisitionRow:
    """Write down what somebody asks for and set the timer of its end."""
    row = RequisitionRow(
        id=new_id(), company_id=seat.company.id, author_id=seat.member_id, lines=lines, total_minor=total.minor,
        currency=total.currency, note=note.strip()[:500], state="waiting",
        expires_at=clock.now() + timedelta(days=Settings.of(current()).requisition_days),
    )  # fmt: skip
    session().add(row)
    session().flush()
    _set_timer(row)
    return row


def _approvers(seat: Seat, total: Money) -> list[Person]:
    people = reading.people(seat.company.id)
    return [one for one in people if rules.may_decide(one.role, one.limit, total, is_author=one.id == seat.member_id)]


def has_approver(seat: Seat, total: Money) -> bool:
    """Tell whether anybody in the company may agree to so much."""
    return bool(_approvers(seat, total))


def _timer(requisition_id: UUID) -> str:
    return f"b2b.requisition:{requisition_id}"


def _set_timer(row: RequisitionRow) -> None:
    jobs.at(_timer(row.id), row.expires_at, "b2b.expire", {"requisition": str(row.id)})


def _locked(requisition_id: UUID) -> RequisitionRow:
    (row,) = lock(RequisitionRow, [requisition_id])
    return row


def decide(seat: Seat, requisition_id: UUID, event: str, reason: str = "") -> None:
    """Approve or reject a basket that waits. Raise Denied for its author, and for who may not agree to so much.

    Raise Invalid for a rejection without a reason, Conflict if it does not wait any more.
    """
    find(seat, requisition_id)
    row = _locked(requisition_id)
    reached = states.target(states.REQUISITION, states.REQUISITION_EVENTS, row.state, event)
    is_author = row.author_id == seat.member_id
    total = Money(row.total_minor, row.currency)
    if not seat.may_buy or not rules.may_decide(seat.role, seat.limit, total, is_author=is_author):
        raise Denied("b2b.not_yours_to_approve", _("Another person with a limit that is high enough decides this"))
    said = " ".join(reason.split())[:500]
    if event == "reject" and not said:
        fault = FieldError("reason", _("Write the reason; who asked reads it"))
        raise Invalid("b2b.reason", _("Some of this cannot be right."), fields=(fault,))
    row.approver_id, row.reason, row.decided_at = seat.member_id, said, clock.now()
    if reached == "approved":
        row.expires_at = clock.now() + timedelta(days=Settings.of(current()).approved_days)
    session().flush()
    if reached == "approved":
        _open(row, reached)
    else:
        _end(row, reached)


def _open(row: RequisitionRow, reached: str) -> None:
    move(states.REQUISITION, row, reached)
    _set_timer(row)
    _tell(row)


def _end(row: RequisitionRow, reached: str) -> None:
    move(states.REQUISITION, row, reached)
    jobs.cancel(_timer(row.id))
    if reached in ("rejected", "lapsed"):
        _tell(row)


def _tell(row: RequisitionRow) -> None:
    author = next((one for one in reading.people(row.company_id) if one.id == row.author_id), None)
    if author is not None:
        letters.answered(author.email, row.id, reading.company(row.company_id).name, row.state, row.reason)


def withdraw(seat: Seat, requisition_id: UUID) -> None:
    """Take an own one back. Raise Missing for another's, Conflict if it is over already."""
    if find(seat, requisition_id).author_id != seat.member_id:
        raise Denied("b2b.not_yours", _("Only who asked can do this"))
    row = _locked(requisition_id)
    _end(row, states.target(states.REQUISITION, states.REQUISITION_EVENTS, row.state, "withdraw"))


def fill_cart(seat: Seat, customer_id: UUID, requisition_id: UUID) -> None:
    """Put an own approved basket into the cart as it was agreed to; what else is there waits for later.

    Raise Denied for another's, Conflict if it is not approved any more, or something is not sold any more.
    """
    one = find(seat, requisition_id)
    if one.author_id != seat.member_id:
        raise Denied("b2b.not_yours", _("Only who asked can do this"))
    if one.state != "approved" or one.expires_at <= clock.now():
        raise Conflict("b2b.requisition.not_now", _("This cannot be done in its present state; look again"))
    cart, _token = carts.open_cart(Owner(customer_id=customer_id))
    for line in carts.lines_of(cart):
        carts.select_line(cart, line.id, selected=False)
    held = {line.variant_id: line for line in carts.lines_of(cart)}
    for wanted in one.lines:
        if wanted.variant_id in held:
            line_id = held[wanted.variant_id].id
            carts.set_quantity(cart, line_id, wanted.quantity)
            carts.select_line(cart, line_id, selected=True)
        else:
            carts.add(cart, wanted.variant_id, wanted.quantity)
    carts.answer(cart, {ANSWER: str(requisition_id)})
    session().flush()


def _named(basket: Basket) -> UUID | None:
    """Return the approval that a basket names."""
    try:
        return UUID(basket.answer(ANSWER) or "")
    except ValueError:
        return None


def covering(seat: Seat, basket: Basket) -> Requisition | None:
    """Return the approval that a basket is ordered by; None without one, and where it holds anything else."""
    key = _named(basket)
    if key is None:
        return None
    query = select(RequisitionRow).where(
        RequisitionRow.id == key, RequisitionRow.author_id == seat.member_id, RequisitionRow.state == "approved",
        RequisitionRow.expires_at > basket.at,
    )  # fmt: skip
    row = session().scalars(query).one_or_none()
    found = _value(row, {}) if row is not None else None
    now = {line.offer_id: line.quantity for line in basket.lines}
    return found if found is not None and rules.is_same(found.quantities, now) else None


def hold(basket: Basket) -> None:
    """Lock the approval that a basket names, so that it is used once."""
    key = _named(basket)
    if key is not None:
        lock(RequisitionRow, [key])


def use(requisition_id: UUID, purchase_id: UUID) -> None:
    """Order what was approved; call `hold` first. Raise Conflict if it is over."""
    row = _locked(requisition_id)
    reached = states.target(states.REQUISITION, states.REQUISITION_EVENTS, row.state, "place")
    row.purchase_id = purchase_id
    session().flush()
    _end(row, reached)


def expire(requisition_id: UUID) -> None:
    """Let one lapse whose time is over; one that was decided, or got more time, stays."""
    for row in lock(RequisitionRow, [requisition_id]):
        if row.state in OPEN and row.expires_at <= clock.now():
            _end(row, "lapsed")


def sweep(*, everything: bool = False) -> int:
    """Let lapse what a timer lost, or (when the plugin goes) all that is open; return how many."""
    due = RequisitionRow.expires_at <= clock.now()
    query = select(RequisitionRow.id).where(RequisitionRow.state.in_(OPEN), true() if everything else due)
    rows = lock(RequisitionRow, session().scalars(query).all())
    open_ones = [row for row in rows if row.state in OPEN]
    for row in open_ones:
        _end(row, "lapsed")
    return len(open_ones)
