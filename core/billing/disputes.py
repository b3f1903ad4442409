"""Disputes over a payment of one or several shops: kept from the provider's events, answered by each merchant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Insert, insert

from core.billing import dispute_postings as postings
from core.billing.dispute_models import DisputeRow, DisputeShareRow
from core.hooks.runtime import move
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.machine import machine
from core.kernel.money import Money, total
from core.kernel.tenancy import current
from core.media import uploads
from core.merchants import directory, letters
from core.orders import timeline
from core.orders.models import OrderRow
from core.payments import dispute_news
from core.payments.dispute_news import DisputeNews
from core.payments.models import PaymentRow

MACHINE = machine("dispute", open="submitted won lost", submitted="won lost", won="", lost="")
ANSWER_DAYS = timedelta(days=2)
"""So long before the provider's date merchants must have answered: then the bundle is handed in."""
LONGEST_ANSWER = 4000
_LETTERS = {"won": "dispute_won", "lost": "dispute_lost"}


@dataclass(frozen=True, slots=True)
class Share:
    """What of a dispute falls to an order, and its merchant's answer; `media_id` is a paper, None without one."""

    id: UUID
    dispute_id: UUID
    order_id: UUID
    order_number: str
    merchant_id: UUID
    amount: Money
    answer: str
    media_id: UUID | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute; `answer_by` is the merchants' date, `due_at` the provider's. `asked` is under way to the provider."""

    id: UUID
    purchase_id: UUID
    provider: str
    ref: str
    reason: str
    amount: Money
    fee: Money
    state: str
    asked: str
    due_at: datetime | None
    opened_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None

    @property
    def answer_by(self) -> datetime | None:
        """Until when merchants may answer."""
        return self.due_at - ANSWER_DAYS if self.due_at else None

    @property
    def takes_answers(self) -> bool:
        """Whether a merchant may still answer."""
        by = self.answer_by
        return self.state == "open" and not self.asked and (by is None or clock.now() < by)


@dispute_news.when_told
def hear(news: DisputeNews) -> None:
    """Keep what the provider says of a dispute, and post what it moves. Repeats and disorder change nothing."""
    session().execute(_first(news))
    row = session().scalars(
        select(DisputeRow).where(DisputeRow.provider == news.provider, DisputeRow.ref == news.ref).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()  # fmt: skip
    _share_out(row)
    row.fee_minor = max(row.fee_minor, news.fee.minor)
    postings.post_opened(row)
    if news.state == "submitted" and row.state == "open":
        _submitted(row)
    elif news.state in ("won", "lost") and MACHINE.allows(row.state, news.state):
        _decide(row, news.state)


def _first(news: DisputeNews) -> Insert:
    purchase = select(PaymentRow.purchase_id).where(PaymentRow.id == news.payment_id).scalar_subquery()
    values = {
        "tenant_id": current().id, "id": new_id(), "payment_id": news.payment_id, "purchase_id": purchase,
        "provider": news.provider, "ref": news.ref, "reason": news.reason, "amount_minor": news.amount.minor,
        "fee_minor": 0, "currency": news.amount.currency, "state": "open", "asked": "", "due_at": news.due_at,
        "opened_at": clock.now(),
    }  # fmt: skip
    return insert(DisputeRow).values(values).on_conflict_do_nothing()


def _share_out(row: DisputeRow) -> None:
    """Give each order its share, once, and tell its merchant."""
    if session().scalars(select(DisputeShareRow.id).where(DisputeShareRow.dispute_id == row.id).limit(1)).first():
        return
    query = select(OrderRow).where(OrderRow.purchase_id == row.purchase_id, OrderRow.state != "cancelled")
    paid = [(order, postings.left_of(order).paid) for order in session().scalars(query.order_by(OrderRow.number))]
    orders, lefts = [order for order, left in paid if left], [left for _order, left in paid if left]
    if not orders:
        return
    for order, amount in zip(orders, postings.shares(Money(row.amount_minor, row.currency), lefts), strict=True):
        share = DisputeShareRow(id=new_id(), dispute_id=row.id, order_id=order.id, merchant_id=order.merchant_id,
                                amount_minor=amount.minor, currency=amount.currency)  # fmt: skip
        session().add(share)
        facts: dict[str, audit.Plain] = {"amount_minor": amount.minor, "currency": amount.currency}
        timeline.note(order.id, "disputed", facts, is_public=False)
        letters.write(directory.row_of(order.merchant_id), "dispute_opened")
    audit.record("dispute.opened", "dispute", row.id, amount=str(Money(row.amount_minor, row.currency)))
    session().flush()
    if row.due_at is not None:
        jobs.at(f"dispute.due:{row.id}", row.due_at - ANSWER_DAYS, "billing.dispute_due", {"dispute": str(row.id)})


def _submitted(row: DisputeRow) -> None:
    move(MACHINE, row, "submitted")
    row.submitted_at, row.asked = clock.now(), ""
    jobs.cancel(f"dispute.due:{row.id}")


def _decide(row: DisputeRow, outcome: str) -> None:
    """Carry out the bank's decision: once, since the machine allows no step after it."""
    move(MACHINE, row, outcome, amount=str(Money(row.amount_minor, row.currency)))
    row.decided_at, row.asked = clock.now(), ""
    jobs.cancel(f"dispute.due:{row.id}")
    parts = _parts(row.id)
    if outcome == "won":
        postings.post_won(row)
    else:
        postings.post_lost(row, parts)
    for share, order in parts:
        facts: dict[str, audit.Plain] = {"amount_minor": share.amount_minor, "currency": share.currency}
        timeline.note(order.id, f"dispute_{outcome}", facts, is_public=False)
        letters.write(directory.row_of(order.merchant_id), _LETTERS[outcome])


def _parts(*dispute_ids: UUID) -> Sequence[tuple[DisputeShareRow, OrderRow]]:
    query = (
        select(DisputeShareRow, OrderRow)
        .join(OrderRow, (OrderRow.tenant_id == DisputeShareRow.tenant_id) & (OrderRow.id == DisputeShareRow.order_id))
        .where(DisputeShareRow.dispute_id.in_(dispute_ids))
        .order_by(OrderRow.number)
    )
    return [(share, order) for share, order in session().execute(query)]


def locked(dispute_id: UUID) -> DisputeRow:
    """Lock a dispute. Raise Missing if there is none."""
    rows = lock(DisputeRow, [dispute_id])
    if not rows:
        raise Missing("disputes.missing", _("There is no such dispute"))
    return rows[0]


def note_submitted(dispute_id: UUID) -> None:
    """Note that the provider has the evidence."""
    row = locked(dispute_id)
    if row.state == "open":
        _submitted(row)


def note_lost(dispute_id: UUID) -> None:
    """Note that the loss was accepted at the provider."""
    row = locked(dispute_id)
    if MACHINE.allows(row.state, "lost"):
        _decide(row, "lost")


def note_refused(dispute_id: UUID, reason: str) -> None:
    """Note that the provider refused what was sent; it may be sent again, and the dispute's state comes by events."""
    row = locked(dispute_id)
    row.asked = ""
    audit.record("dispute.refused", "dispute", row.id, message=reason[:200])


def answer(share_id: UUID, text: str, media_id: UUID | None, *, merchant_id: UUID | None) -> Share:
    """Keep a merchant's answer and perhaps a paper of its own (PDF); until its date it may be written anew.

    Raise Missing (another's), Conflict (too late, or handed in) or Invalid (nothing said, or no PDF).
    """
    share = session().scalars(select(DisputeShareRow).where(DisputeShareRow.id == share_id)).one_or_none()
    if share is None or share.merchant_id != merchant_id:
        raise Missing("disputes.missing", _("There is no such dispute"))
    row = locked(share.dispute_id)
    if not value_of(row).takes_answers:
        raise Conflict("disputes.closed", _("This dispute takes no more answers"))
    words = text.strip()
    if not words:
        fault = FieldError("answer", _("Write what happened"))
        raise Invalid("disputes.no_answer", _("Say what speaks against the dispute"), fields=(fault,))
    if media_id is not None and uploads.media(media_id, merchant_id).media_type != "application/pdf":
        raise Invalid("disputes.no_pdf", _("Send the paper as a PDF"))
    share.answer, share.answered_at = words[:LONGEST_ANSWER], clock.now()
    share.media_ids = [str(media_id)] if media_id else share.media_ids
    audit.record("dispute.answered", "dispute", row.id, order=str(share.order_id), papers=len(share.media_ids))
    session().flush()
    return next(found for found in shares(row.id) if found.id == share_id)


def answer_of(share_id: UUID, *, merchant_id: UUID) -> str:
    """Return what a merchant has answered so far, "" if nothing. Raise Missing for another's."""
    share = session().scalars(select(DisputeShareRow).where(DisputeShareRow.id == share_id)).one_or_none()
    if share is None or share.merchant_id != merchant_id:
        raise Missing("disputes.missing", _("There is no such dispute"))
    return share.answer


def ask(dispute_id: UUID, what: str) -> None:
    """Have the evidence handed in ("submit") or the loss accepted ("accept"); a job does it. Raise Conflict or Missing."""
    row = locked(dispute_id)
    if row.state != "open" or row.asked:
        raise Conflict("disputes.under_way", _("This dispute is answered already"))
    if what == "submit" and not any(share.answered_at for share in shares(dispute_id)):
        raise Conflict("disputes.nothing_to_submit", _("No merchant has answered yet; there is nothing to hand in"))
    row.asked = what
    audit.record(f"dispute.{what}", "dispute", row.id)
    jobs.soon(f"billing.dispute_{what}", {"dispute": str(row.id)}, subject=f"dispute:{row.id}")


@jobs.job("billing.dispute_due")
def _due(payload: jobs.Payload) -> None:
    """Hand in what merchants have answered by their date; where nobody has, the operator still may."""
    row = locked(UUID(payload["dispute"]))
    if row.state == "open" and not row.asked and any(share.answered_at for share in shares(row.id)):
        ask(row.id, "submit")


def find(dispute_id: UUID) -> Dispute:
    """Return a dispute. Raise Missing if there is none."""
    row = session().scalars(select(DisputeRow).where(DisputeRow.id == dispute_id)).one_or_none()
    if row is None:
        raise Missing("disputes.missing", _("There is no such dispute"))
    return value_of(row)


def search(*, state: str = "", merchant_id: UUID | None = None, before: UUID | None = None, limit: int = 50
           ) -> list[Dispute]:  # fmt: skip
    """Return disputes, newest first; with `merchant_id`, those that concern the merchant."""
    query = select(DisputeRow).order_by(DisputeRow.id.desc()).limit(limit)
    if state:
        query = query.where(DisputeRow.state == state)
    if merchant_id is not None:
        mine = select(DisputeShareRow.dispute_id).where(DisputeShareRow.merchant_id == merchant_id)
        query = query.where(DisputeRow.id.in_(mine))
    if before:
        query = query.where(DisputeRow.id < before)
    return [value_of(row) for row in session().scalars(query)]


def paper(share_id: UUID, *, merchant_id: UUID | None = None) -> UUID:
    """Return the paper of an answer; with `merchant_id`, of that merchant's own. Raise Missing if there is none."""
    row = session().scalars(select(DisputeShareRow).where(DisputeShareRow.id == share_id)).one_or_none()
    if row is None or not row.media_ids or (merchant_id is not None and row.merchant_id != merchant_id):
        raise Missing("disputes.missing", _("There is no such dispute"))
    return UUID(row.media_ids[0])


def counts() -> dict[str, int]:
    """Return how many disputes are in each state."""
    rows = session().execute(select(DisputeRow.state, func.count().label("many")).group_by(DisputeRow.state))
    return {row.state: row.many for row in rows}


def shares(dispute_id: UUID, *, merchant_id: UUID | None = None) -> list[Share]:
    """Return the shares of a dispute by order number; with `merchant_id`, the merchant's own."""
    return shares_of([dispute_id], merchant_id=merchant_id)[dispute_id]


def shares_of(dispute_ids: Sequence[UUID], *, merchant_id: UUID | None = None) -> dict[UUID, list[Share]]:
    """Return the shares of many disputes in one query; with `merchant_id`, the merchant's own."""
    found: dict[UUID, list[Share]] = {key: [] for key in dispute_ids}
    for share, order in _parts(*dispute_ids):
        if merchant_id is None or share.merchant_id == merchant_id:
            found[share.dispute_id].append(_share(share, order))
    return found


def _share(share: DisputeShareRow, order: OrderRow) -> Share:
    paper_id = UUID(share.media_ids[0]) if share.media_ids else None
    amount = Money(share.amount_minor, share.currency)
    return Share(share.id, share.dispute_id, order.id, order.number, share.merchant_id, amount, share.answer, paper_id,
                 share.answered_at)  # fmt: skip


def amounts_of(merchant_id: UUID, dispute_ids: Sequence[UUID]) -> dict[UUID, Money]:
    """Return what of each dispute falls to a merchant."""
    found = shares_of(dispute_ids, merchant_id=merchant_id)
    return {key: total((s.amount for s in mine), mine[0].amount.currency) for key, mine in found.items() if mine}


def value_of(row: DisputeRow) -> Dispute:
    """Return a row as a value."""
    return Dispute(
        row.id, row.purchase_id, row.provider, row.ref, row.reason, Money(row.amount_minor, row.currency),
        Money(row.fee_minor, row.currency), row.state, row.asked, row.due_at, row.opened_at, row.submitted_at,
        row.decided_at,
    )  # fmt: skip
