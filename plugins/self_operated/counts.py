"""Stock-taking: some own offers are counted, differences are shown with their value, and booked once agreed to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from core.catalogue import stock
from core.hooks.money import Posting
from core.hooks.runtime import move
from core.identity import approvals
from core.identity.approvals import Approval
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.self_operated import booking, costing, offers
from plugins.self_operated.booking import SHRINKAGE, STOCK, debit
from plugins.self_operated.models import CountLineRow, CountRow, ItemRow
from plugins.self_operated.options import options
from plugins.self_operated.states import COUNT

KIND = "self_operated.count"
LAPSES = timedelta(days=7)
_MOST_LINES, _MOST_UNITS = 500, 1_000_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """An offer of a count; `expected` is None until it is submitted, `value` is what the difference is worth."""

    offer_id: UUID
    title: str
    sku: str
    expected: int | None
    counted: int | None
    value: Money

    @property
    def difference(self) -> int | None:
        """Units found (positive) or missing (negative)."""
        return self.counted - self.expected if self.expected is not None and self.counted is not None else None


@dataclass(frozen=True, slots=True)
class Count:
    """A stock-taking as pages show it; `counted` of `most` lines are filled in."""

    id: UUID
    state: str
    author: str
    approved_by: str
    created_at: datetime
    counted: int
    most: int
    lines: tuple[Line, ...] = ()
    waits: Approval | None = None


def start(offer_ids: Collection[UUID] = (), *, by: UUID | None) -> UUID:
    """Begin to count offers, or all own ones. Raise Invalid for foreign offers, Conflict if one is being counted."""
    wanted = set(offer_ids) or {offer.id for offer in offers.choices(_MOST_LINES)}
    if not wanted or len(wanted) > _MOST_LINES or wanted - offers.named(wanted).keys():
        fault = FieldError("offer_ids", _("Choose among your own goods"))
        raise Invalid("self_operated.no_goods", _("There is nothing of your own to count"), fields=(fault,))
    busy = select(func.count()).select_from(CountLineRow).where(CountLineRow.offer_id.in_(wanted), CountLineRow.is_open)
    open_lines = session().scalar(busy) or 0
    if open_lines:
        raise Conflict("self_operated.being_counted", _("{count} of these are being counted already"), count=open_lines)
    row = CountRow(id=new_id(), state="open", author_id=by, author=audit.actor().name, created_at=clock.now())
    session().add(row)
    session().flush()
    session().add_all(CountLineRow(count_id=row.id, offer_id=key) for key in sorted(wanted))
    session().flush()
    audit.record("self_operated.count_started", "count", row.id, offers=len(wanted))
    return row.id


def fill(count_id: UUID, counted: Mapping[UUID, int | None]) -> None:
    """Write down what was counted; None takes a number back. Raise Missing, Invalid or Conflict (not open)."""
    _require_open(_locked(count_id))
    lines = {line.offer_id: line for line in _lines(count_id)}
    for offer_id, units in counted.items():
        if offer_id not in lines:
            raise Invalid("self_operated.not_counted", _("This is not part of the count"))
        if units is not None and not 0 <= units <= _MOST_UNITS:
            fault = FieldError(str(offer_id), _("Give the number of units that lie there, 0 or more"))
            raise Invalid("self_operated.invalid", _("Some of this cannot be right."), fields=(fault,))
        lines[offer_id].counted = units
    session().flush()


def _require_open(row: CountRow) -> None:
    if row.state != "open":
        raise Conflict("self_operated.count_closed", _("This count is not open any more"), state=row.state)


def submit(count_id: UUID) -> None:
    """Hold what was counted against the books as they are now. Raise Missing, or Conflict if a line is not counted."""
    row = _locked(count_id)
    lines = _lines(count_id)
    if row.state == "open" and (left := sum(line.counted is None for line in lines)):
        raise Conflict("self_operated.not_all_counted", _("{left} lines are not counted yet"), left=left)
    items = booking.locked(line.offer_id for line in lines)
    shelves = offers.shelves(line.offer_id for line in lines)
    move(COUNT, row, "submitted")
    for line in lines:
        item = items.get(line.offer_id)
        line.expected, line.shelf = item.on_hand if item else 0, shelves.get(line.offer_id, 0)
    session().flush()


def reopen(count_id: UUID) -> None:
    """Send a submitted count back to be counted again. Raise Missing or Conflict."""
    row = _locked(count_id)
    move(COUNT, row, "open")
    for line in _lines(count_id):
        line.expected = line.shelf = None
    session().flush()


def approve(count_id: UUID, *, by: UUID | None) -> Approval | None:
    """Book the differences of a submitted count; None says that it is done.

    Where one is beyond the tolerance, who began the count asks and another person agrees. Raise Missing, Conflict, or
    Denied where nobody answers for it.
    """
    row = _locked(count_id)
    lines = _lines(count_id)
    if row.state == "submitted" and _is_beyond(lines):
        if by is None:
            raise Denied("approvals.nobody", _("Sign in: somebody must answer for this"))
        if by == row.author_id or row.author_id is None:
            return approvals.request(KIND, row.id, mark(row), None, by=by)
        row.approved_by = audit.actor().name
    _book(row, lines)
    return None


def agreed(count_id: UUID) -> None:
    """Book a count that the second person has agreed to. Raise Missing or Conflict."""
    row = _locked(count_id)
    row.approved_by = audit.actor().name
    _book(row, _lines(count_id))


def mark(row: CountRow) -> str:
    """Return the fingerprint of what a second person agrees to."""
    lines = [(line.offer_id, line.expected, line.counted) for line in _lines(row.id)]
    return approvals.fingerprint(KIND, row.id, row.state, lines)


def mark_now(asked: Approval) -> str:
    """Return the fingerprint of a count as it is now. Raise Missing."""
    return mark(_find(asked.subject_id))


def _is_beyond(lines: Sequence[CountLineRow]) -> bool:
    tolerance = options().tolerance_bps
    return any(costing.is_beyond(line.expected or 0, line.counted or 0, tolerance) for line in lines)


def _book(row: CountRow, lines: Sequence[CountLineRow]) -> None:
    items = booking.locked((line.offer_id for line in lines), make=True)
    move(COUNT, row, "approved")
    row.closed_at = clock.now()
    postings: list[Posting] = []
    for line in lines:
        postings += _book_line(row, line, items[line.offer_id])
        line.is_open = False
    session().flush()
    booking.post(f"counted:{row.id}", "counted", postings)


def _book_line(row: CountRow, line: CountLineRow, item: ItemRow) -> list[Posting]:
    """Apply a line's difference to what lies there by now, in the books and on core's shelf."""
    counted, change = line.counted or 0, (line.counted or 0) - (line.expected or 0)
    moved = counted - (line.shelf or 0)
    if moved:
        stock.receive(line.offer_id, moved, kind="correction", reason="count", key=f"self_operated:count:{line.id}")
    if not change:
        return []
    before = booking.stock_of(item)
    if before.on_hand + change < 0:
        raise Conflict("self_operated.left_meanwhile", _("{missing} more units have left meanwhile; count again"),
                       missing=-(before.on_hand + change))  # fmt: skip
    after = (
        before.add(change, before.worth(change) if before.on_hand else 0) if change > 0 else before.issue(-change)[0]
    )
    booking.moved(item, "count", after, row.id, f"count:{line.id}")
    return [debit(STOCK, SHRINKAGE, after.value - before.value, item.currency, "stock-taking")]


def lapse() -> int:
    """End open counts that are older than 7 days, whose offers are free again; return how many."""
    query = select(CountRow.id).where(CountRow.state == "open", CountRow.created_at < clock.now() - LAPSES)
    rows = lock(CountRow, session().scalars(query).all())
    for row in rows:
        move(COUNT, row, "lapsed")
        row.closed_at = clock.now()
        session().execute(update(CountLineRow).where(CountLineRow.count_id == row.id).values(is_open=False))
    return len(rows)


def _find(count_id: UUID) -> CountRow:
    row = session().scalars(select(CountRow).where(CountRow.id == count_id)).one_or_none()
    if row is None:
        raise Missing("self_operated.no_count", _("There is no such count"))
    return row


def _locked(count_id: UUID) -> CountRow:
    _find(count_id)
    (row,) = lock(CountRow, [count_id])
    return row


def _lines(count_id: UUID) -> Sequence[CountLineRow]:
    query = select(CountLineRow).where(CountLineRow.count_id == count_id).order_by(CountLineRow.offer_id)
    return session().scalars(query).all()


def find(count_id: UUID) -> Count:
    """Return a count with its lines and the question that waits about it. Raise Missing."""
    row, rows = _find(count_id), _lines(count_id)
    known = offers.named(line.offer_id for line in rows)
    items = {i.offer_id: i for i in session().scalars(select(ItemRow).where(ItemRow.offer_id.in_(known)))}
    lines = tuple(_line(line, known.get(line.offer_id), items.get(line.offer_id)) for line in rows)
    asked = approvals.latest(KIND, count_id) if row.state == "submitted" else None
    waits = asked if asked is not None and asked.state == "asked" else None
    counted = sum(line.counted is not None for line in rows)
    return Count(row.id, row.state, row.author, row.approved_by, row.created_at, counted, len(rows),
                 tuple(sorted(lines, key=lambda line: (line.title, line.sku))), waits)  # fmt: skip


def _line(line: CountLineRow, offer: offers.Offer | None, item: ItemRow | None) -> Line:
    change = (line.counted or 0) - (line.expected or 0) if line.expected is not None else 0
    average = booking.stock_of(item).average if item else 0
    title, sku = (offer.title, offer.sku) if offer else ("", "")
    return Line(line.offer_id, title, sku, line.expected, line.counted, Money(average * change, current().currency))


def listed(*, before: UUID | None = None, limit: int = 50) -> tuple[list[Count], UUID | None]:
    """Return counts newest first without their lines, and the key after which the next page starts."""
    query = select(CountRow).order_by(CountRow.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(CountRow.id < before)
    rows = session().scalars(query).all()
    sums = {
        key: (counted, most)
        for key, counted, most in session().execute(
            select(CountLineRow.count_id, func.count(CountLineRow.counted), func.count())
            .where(CountLineRow.count_id.in_([row.id for row in rows])).group_by(CountLineRow.count_id)
        )
    }  # fmt: skip
    found = [
        Count(row.id, row.state, row.author, row.approved_by, row.created_at, *sums.get(row.id, (0, 0)))
        for row in rows[:limit]
    ]
    return found, rows[limit - 1].id if len(rows) > limit else None
