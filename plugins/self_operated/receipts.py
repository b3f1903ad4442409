"""Goods receipts: written as drafts, posted into stock and value, reversed while the goods are still there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core.catalogue import stock
from core.hooks.runtime import move
from core.identity import approvals
from core.identity.approvals import Approval
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money, total
from core.kernel.tenancy import current
from core.orders.numbers import next_number
from plugins.self_operated import booking, costing, offers
from plugins.self_operated.booking import RECEIVED, SHRINKAGE, STOCK, debit
from plugins.self_operated.models import ReceiptLineRow, ReceiptRow
from plugins.self_operated.options import options
from plugins.self_operated.states import RECEIPT

KIND = "self_operated.receipt"
FORGOTTEN = "—"
"""What stands where a supplier's name was."""
REVERSIBLE = timedelta(days=30)
_MOST_LINES, _MOST_UNITS, _MOST_COST = 200, 1_000_000, 10**12


@dataclass(frozen=True, slots=True)
class LineDraft:
    """Units of an own offer and what one of them costs."""

    offer_id: UUID
    quantity: int
    unit_cost: Money


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """Goods that came in. `is_on_shelf` says that the units are in stock already: only their cost is booked."""

    supplier_name: str
    received_on: date
    lines: tuple[LineDraft, ...]
    freight: Money
    supplier_ref: str = ""
    is_person: bool = False
    is_on_shelf: bool = False
    external_key: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a receipt; `landed` is its cost with freight."""

    offer_id: UUID
    title: str
    quantity: int
    unit_cost: Money
    landed: Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as pages show it; `number` is empty until it is posted."""

    id: UUID
    number: str
    state: str
    supplier_name: str
    supplier_ref: str
    received_on: date
    freight: Money
    total: Money
    author: str
    posted_by: str
    approved_by: str
    posted_at: datetime | None
    is_on_shelf: bool
    external_key: str | None
    is_person: bool
    lines: tuple[Line, ...] = ()
    waits: Approval | None = None


def create(draft: ReceiptDraft, *, by: UUID | None) -> UUID:
    """Write a draft and return its key; the same external key again returns the first. Raise Invalid by field."""
    if draft.external_key:
        query = select(ReceiptRow.id).where(ReceiptRow.external_key == draft.external_key)
        known = session().scalars(query).one_or_none()
        if known is not None:
            return known
    wrong = list(_wrong(draft))
    if wrong:
        raise Invalid("self_operated.invalid", _("The receipt cannot be saved like this"), fields=tuple(wrong))
    costs = costing.landed([(line.quantity, line.unit_cost) for line in draft.lines], draft.freight)
    row = ReceiptRow(
        id=new_id(), number=None, supplier_name=draft.supplier_name.strip(), is_person=draft.is_person,
        supplier_ref=draft.supplier_ref.strip(), external_key=draft.external_key or None, is_on_shelf=draft.is_on_shelf,
        currency=current().currency, freight_minor=draft.freight.minor,
        total_minor=total(costs, current().currency).minor, received_on=draft.received_on, state="draft",
        author_id=by, author=audit.actor().name,
    )  # fmt: skip
    session().add(row)
    session().flush()
    session().add_all(
        ReceiptLineRow(receipt_id=row.id, offer_id=line.offer_id, position=place, quantity=line.quantity,
                       unit_cost_minor=line.unit_cost.minor, landed_minor=cost.minor)
        for place, (line, cost) in enumerate(zip(draft.lines, costs, strict=True))
    )  # fmt: skip
    session().flush()
    audit.record("self_operated.receipt_written", "receipt", row.id, total=str(_total(row)))
    return row.id


def _wrong(draft: ReceiptDraft) -> Iterable[FieldError]:
    if not 0 < len(draft.supplier_name.strip()) <= 120:
        yield FieldError("supplier_name", _("Name the supplier, with at most 120 characters"))
    if draft.received_on > clock.today(current().timezone):
        yield FieldError("received_on", _("This day has not come yet"))
    if draft.freight.minor < 0 or draft.freight.currency != current().currency:
        yield FieldError("freight", _("Freight is not negative"))
    if not 0 < len(draft.lines) <= _MOST_LINES:
        yield FieldError("lines", _("Give 1 to 200 lines"))
    known = offers.named(line.offer_id for line in draft.lines)
    for place, line in enumerate(draft.lines):
        yield from _wrong_line(line, f"lines.{place}", line.offer_id in known)


def _wrong_line(line: LineDraft, path: str, is_own: bool) -> Iterable[FieldError]:
    if not is_own:
        yield FieldError(f"{path}.offer_id", _("This is none of your own goods"))
    if not 0 < line.quantity <= _MOST_UNITS:
        yield FieldError(f"{path}.quantity", _("Give a number of units from 1 to 1,000,000"))
    if not 0 <= line.unit_cost.minor <= _MOST_COST or line.unit_cost.currency != current().currency:
        yield FieldError(f"{path}.unit_cost", _("Give what one unit costs, not negative"))


def discard(receipt_id: UUID) -> None:
    """Throw a draft away. Raise Missing, or Conflict if it is posted."""
    row = _locked(receipt_id)
    if row.state != "draft":
        raise Conflict("self_operated.posted", _("A posted receipt stays; reverse it instead"))
    audit.record("self_operated.receipt_discarded", "receipt", row.id, total=str(_total(row)))
    session().delete(row)
    session().flush()


def post(receipt_id: UUID, *, by: UUID | None) -> Approval | None:
    """Book a draft into stock and value; None says that it is done.

    Above the limit its author asks, and another person agrees; another person than the author posts it at once.
    Raise Missing, Conflict, or Denied where nobody answers for it.
    """
    row = _locked(receipt_id)
    if row.state == "draft" and options().is_above_limit(_total(row)):
        if by is None:
            raise Denied("approvals.nobody", _("Sign in: somebody must answer for this"))
        if by == row.author_id or row.author_id is None:
            return approvals.request(KIND, row.id, mark(row), _total(row), by=by)
        row.approved_by = audit.actor().name
    _book(row)
    return None


def agreed(receipt_id: UUID) -> None:
    """Book a draft that the second person has agreed to. Raise Missing or Conflict."""
    row = _locked(receipt_id)
    row.approved_by = audit.actor().name
    _book(row)


def mark(row: ReceiptRow) -> str:
    """Return the fingerprint of what a second person agrees to."""
    lines = [(line.offer_id, line.quantity, line.landed_minor) for line in _lines(row.id)]
    return approvals.fingerprint(KIND, row.id, row.state, row.total_minor, lines)


def mark_now(asked: Approval) -> str:
    """Return the fingerprint of a receipt as it is now. Raise Missing."""
    return mark(_find(asked.subject_id))


def _book(row: ReceiptRow) -> None:
    lines = _lines(row.id)
    items = booking.locked((line.offer_id for line in lines), make=True)
    move(RECEIPT, row, "posted", total=str(_total(row)))
    row.number, row.posted_at = f"GR{next_number('self_operated.receipt')}", clock.now()
    row.posted_by = audit.actor().name
    for line in sorted(lines, key=lambda one: one.offer_id):
        item = items[line.offer_id]
        after = booking.stock_of(item).add(line.quantity, line.landed_minor)
        booking.moved(item, "receipt", after, row.id, f"receipt:{line.id}")
        if not row.is_on_shelf:
            stock.receive(
                line.offer_id, line.quantity, kind="receipt", reason=row.number, key=f"self_operated:{line.id}"
            )
    session().flush()
    booking.post(
        f"received:{row.id}", "received", [debit(STOCK, RECEIVED, row.total_minor, row.currency, "own goods received")]
    )


def reverse(receipt_id: UUID) -> None:
    """Take a posted receipt back while its goods are there, for 30 days; the books keep both.

    What of its cost has been sold meanwhile at another average is a difference that goes to shrinkage. Raise Missing,
    or Conflict with what is missing.
    """
    row = _locked(receipt_id)
    if row.state == "posted" and row.posted_at is not None and row.posted_at + REVERSIBLE < clock.now():
        raise Conflict("self_operated.too_late", _("A receipt can be reversed for 30 days"))
    lines = _lines(row.id)
    items = booking.locked(line.offer_id for line in lines)
    move(RECEIPT, row, "reversed", number=row.number)
    taken = 0
    for line in sorted(lines, key=lambda one: one.offer_id):
        item = items[line.offer_id]
        if item.on_hand < line.quantity:
            raise Conflict("self_operated.sold_meanwhile", _("{missing} units of this receipt are no longer there"),
                           missing=line.quantity - item.on_hand)  # fmt: skip
        after, value = booking.stock_of(item).undo(line.quantity, line.landed_minor)
        booking.moved(item, "reverse", after, row.id, f"reverse:{line.id}")
        if not row.is_on_shelf:
            stock.receive(line.offer_id, -line.quantity, kind="correction", reason=str(row.number),
                          key=f"self_operated:{line.id}:reverse")  # fmt: skip
        taken += value
    session().flush()
    booking.post(f"reversed:{row.id}", "reversed", [
        debit(RECEIVED, STOCK, taken, row.currency, "receipt reversed"),
        debit(RECEIVED, SHRINKAGE, row.total_minor - taken, row.currency, "sold meanwhile at another cost"),
    ])  # fmt: skip


def forget_supplier(receipt_id: UUID) -> int:
    """Take a person's name off all their receipts, which tax law keeps; return how many. Raise Missing or Conflict."""
    row = _locked(receipt_id)
    if not row.is_person:
        raise Conflict("self_operated.no_person", _("Only the name of a supplier who is a person is taken away"))
    same = select(ReceiptRow.id).where(ReceiptRow.is_person, ReceiptRow.supplier_name == row.supplier_name)
    rows = lock(ReceiptRow, session().scalars(same).all())
    for one in rows:
        one.supplier_name, one.supplier_ref, one.is_person = FORGOTTEN, "", False
    session().flush()
    audit.record("self_operated.supplier_forgotten", "receipt", row.id, receipts=len(rows))
    return len(rows)


def _find(receipt_id: UUID) -> ReceiptRow:
    row = session().scalars(select(ReceiptRow).where(ReceiptRow.id == receipt_id)).one_or_none()
    if row is None:
        raise Missing("self_operated.no_receipt", _("There is no such receipt"))
    return row


def _locked(receipt_id: UUID) -> ReceiptRow:
    _find(receipt_id)
    (row,) = lock(ReceiptRow, [receipt_id])
    return row


def _lines(receipt_id: UUID) -> Sequence[ReceiptLineRow]:
    query = select(ReceiptLineRow).where(ReceiptLineRow.receipt_id == receipt_id).order_by(ReceiptLineRow.position)
    return session().scalars(query).all()


def _total(row: ReceiptRow) -> Money:
    return Money(row.total_minor, row.currency)


def find(receipt_id: UUID) -> Receipt:
    """Return a receipt with its lines and the question that waits about it. Raise Missing."""
    row = _find(receipt_id)
    rows = _lines(receipt_id)
    known = offers.named(line.offer_id for line in rows)
    lines = tuple(
        Line(line.offer_id, known[line.offer_id].title if line.offer_id in known else "", line.quantity,
             Money(line.unit_cost_minor, row.currency), Money(line.landed_minor, row.currency))
        for line in rows
    )  # fmt: skip
    asked = approvals.latest(KIND, receipt_id) if row.state == "draft" else None
    return _value(row, lines, asked if asked is not None and asked.state == "asked" else None)


def _value(row: ReceiptRow, lines: tuple[Line, ...] = (), waits: Approval | None = None) -> Receipt:
    return Receipt(
        row.id, row.number or "", row.state, row.supplier_name, row.supplier_ref, row.received_on,
        Money(row.freight_minor, row.currency), _total(row), row.author, row.posted_by, row.approved_by, row.posted_at,
        row.is_on_shelf, row.external_key, row.is_person, lines, waits,
    )  # fmt: skip


def listed(*, before: UUID | None = None, limit: int = 50) -> tuple[list[Receipt], UUID | None]:
    """Return receipts newest first without their lines, and the key after which the next page starts."""
    query = select(ReceiptRow).order_by(ReceiptRow.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(ReceiptRow.id < before)
    rows = session().scalars(query).all()
    return [_value(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None
