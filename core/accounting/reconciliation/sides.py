"""Both sides by subject: which payment, refund, payout, dispute or withdrawal each movement and each entry is about.

A subject is a short text such as `payment:<id>`, the same from both sides. `movement:<ref>` is a movement that nothing
here explains, `entry:<id>` an entry that is about nothing at the provider (an entry by hand).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from core.accounting.reconciliation.models import DifferenceRow, SideRow
from core.accounting.reconciliation.rules import COSTS, is_known
from core.accounting.reconciliation.states import LIVE
from core.billing import accounts
from core.billing.dispute_models import DisputeRow
from core.billing.payouts.models import PayoutRow
from core.hooks.money import Posting
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.ledger import journal
from core.ledger.journal import Draft
from core.ledger.models import EntryRow
from core.orders.models import OrderRow
from core.payments.models import PaymentRefundRow, PaymentRow
from core.payments.movement_models import MovementRow

BATCH = 500
COPIED = 2_000
"""How many entries are copied at once, and movements or subjects compared."""
_REFUNDS = ("refund", "refund_failure", "charge_failure", "partial_capture_reversal")
Value = TypeVar("Value", str, UUID)
Row = TypeVar("Row", EntryRow, OrderRow)

_NEW = text("""
    select entry_id, currency, amount, fee
      from (select entry_id, currency,
                   sum(case when destination = :account then amount_minor else -amount_minor end)::bigint as amount,
                   sum(case when destination = :cost then amount_minor
                            when source = :cost then -amount_minor else 0 end)::bigint as fee
              from (select entry_id, currency, source, destination, amount_minor from ledger_postings
                     where tenant_id = :tenant and source = :account and txid >= :upto
                     union all
                    select entry_id, currency, source, destination, amount_minor from ledger_postings
                     where tenant_id = :tenant and destination = :account and txid >= :upto) ends
             group by entry_id, currency) moved
     where not exists (select 1 from reconciliation_sides s where s.tenant_id = :tenant
                          and s.entry_id = moved.entry_id and s.provider = :provider and s.currency = moved.currency)
     limit :most""")
_UPTO = text("select upto from reconciliation_marks where tenant_id = :tenant and provider = :provider")
_KEEP = text("""
    insert into reconciliation_marks (tenant_id, id, provider, upto)
    values (:tenant, gen_random_uuid(), :provider, pg_snapshot_xmin(pg_current_snapshot()))
    on conflict (tenant_id, provider) do update set upto = excluded.upto""")


def copy_entries(provider: str) -> int:
    """Copy entries of a provider's account that are not copied yet, at most COPIED; return how many sides that made.

    What the oldest transaction under way may still write is looked at again next time, so no late commit is missed.
    """
    given = {"tenant": current_id(), "provider": provider, "account": accounts.provider(provider),
             "cost": accounts.PSP_COST, "most": COPIED}  # fmt: skip
    upto = session().execute(_UPTO, given).scalar() or "0"
    session().execute(text("set local statement_timeout = '60s'"))
    new = session().execute(_NEW, given | {"upto": str(upto)}).all()
    if new:
        entries = {row.id: row for row in _rows(EntryRow, (one.entry_id for one in new))}
        subjects = _subjects_of(provider, list(entries.values()))
        rows = [
            {"tenant_id": current_id(), "id": new_id(), "entry_id": one.entry_id, "provider": provider,
             "subject": subjects[one.entry_id], "kind": entries[one.entry_id].kind, "currency": one.currency,
             "amount_minor": one.amount, "fee_minor": one.fee, "day": entries[one.entry_id].effective_on,
             "posted_at": entries[one.entry_id].posted_at, "is_compared": False}
            for one in new
        ]  # fmt: skip
        session().execute(insert(SideRow).on_conflict_do_nothing(), rows)
    if len(new) < COPIED:
        session().execute(_KEEP, given)
    return len(new)


def _rows(kind: type[Row], ids: Iterable[UUID]) -> Sequence[Row]:
    return session().scalars(select(kind).where(kind.id.in_(set(ids)))).all()


@dataclass(frozen=True, slots=True)
class _Known:
    """What entries' keys and orders name: payments by order, disputes, differences and fees' movements by key."""

    payments: Mapping[UUID, object]
    disputes: Mapping[UUID, object]
    adjusted: Mapping[UUID, object]
    moved: Mapping[str, str]


def _subjects_of(provider: str, entries: Sequence[EntryRow]) -> dict[UUID, str]:
    """Return what entries are about, by what their keys name."""
    orders = {row.id: row.purchase_id for row in _rows(OrderRow, (e.order_id for e in entries if e.order_id))}
    payments = _found(PaymentRow.purchase_id, PaymentRow.id, orders.values())
    fees = {f"{entry.key}::".split(":")[2] for entry in entries if entry.kind == "provider.fee"}
    query = select(MovementRow.ref, MovementRow.subject).where(
        MovementRow.provider == provider, MovementRow.ref.in_(fees)
    )
    known = _Known(
        {order: payments.get(purchase) for order, purchase in orders.items()},
        _found(DisputeRow.id, DisputeRow.ref, _named(entries, "dispute")),
        _found(DifferenceRow.id, DifferenceRow.subject, _named(entries, "reconciliation")),
        {row.ref: row.subject for row in session().execute(query)} if fees else {},
    )
    return {entry.id: _subject_of(entry, known) or f"entry:{entry.id}" for entry in entries}


def _named(entries: Sequence[EntryRow], area: str) -> Iterable[UUID]:
    return (_uuid(entry.key.split(":")[1]) for entry in entries if entry.key.startswith(f"{area}:"))


def _uuid(said: str) -> UUID:
    """Return an id that a key names, the nil one if it is none: keys are free."""
    try:
        return UUID(said)
    except ValueError:
        return UUID(int=0)


def _subject_of(entry: EntryRow, known: _Known) -> str:
    """Return what an entry is about, "" if it is about nothing at the provider."""
    area, *parts = f"{entry.key}::".split(":")  # Keys are free: whatever is named may be missing.
    if entry.kind == "payment.captured":
        return _of("payment", known.payments.get(entry.order_id or entry.id))
    if entry.kind == "payment.late":
        return f"payment:{parts[0]}" if ":late:in" in entry.key else f"back:late:{parts[0]}"
    if entry.kind in ("refund.settled", "provider.withdrawn"):
        return entry.key if area == "withdrawal" else f"back:{entry.key}"
    if entry.kind == "provider.fee":
        return known.moved.get(parts[1], "")
    return _by_key(area, parts, known)


def _by_key(area: str, parts: Sequence[str], known: _Known) -> str:
    if area == "dispute":
        return _of("dispute", known.disputes.get(_uuid(parts[0])))
    if area == "reconciliation":
        return str(known.adjusted.get(_uuid(parts[0])) or "")
    if area == "payout":
        return f"payout:{parts[0]}"
    return f"payout:{parts[2]}" if area == "clawback" and len(parts) > 2 else ""


def _of(area: str, owner: object) -> str:
    return f"{area}:{owner}" if owner else ""


def name_movements(provider: str) -> int:
    """Look up what some movements are about that nobody looked up yet; return how many were looked at."""
    query = select(MovementRow).where(
        MovementRow.provider == provider, MovementRow.subject == "", MovementRow.is_compared.is_(False)
    )
    rows = session().scalars(query.order_by(MovementRow.moved_at, MovementRow.id).limit(BATCH)).all()
    for row, subject in zip(rows, _subjects(provider, rows), strict=True):
        row.subject = subject
    session().flush()
    return len(rows)


def name_again(provider: str) -> None:
    """Look once more at movements that nothing explained: what they are about may have come to be known since."""
    names = select(DifferenceRow.subject).where(
        DifferenceRow.provider == provider, DifferenceRow.state.in_(LIVE),
        or_(DifferenceRow.subject.like("movement:%"), DifferenceRow.subject.like("withdrawal:po_%")),
    )  # fmt: skip
    query = select(MovementRow).where(MovementRow.provider == provider, MovementRow.subject.in_(names))
    rows = session().scalars(query.order_by(MovementRow.id.desc()).limit(BATCH)).all()
    for row, subject in zip(rows, _subjects(provider, rows), strict=True):
        if subject != row.subject:
            row.subject, row.is_compared = subject, False
    session().flush()


def _subjects(provider: str, rows: Sequence[MovementRow]) -> list[str]:
    payments = _found(PaymentRow.provider_ref, PaymentRow.id, (r.about for r in rows))
    purchases = _found(PaymentRow.purchase_id, PaymentRow.id, _ids(rows, "galleria_purchase"))
    backs = _found(PaymentRefundRow.provider_ref, PaymentRefundRow.key, (r.source for r in rows))
    intended = _found(PaymentRefundRow.id, PaymentRefundRow.key, _ids(rows, "galleria_refund"))
    payouts = _found(PayoutRow.id, PayoutRow.id, _ids(rows, "galleria_payout"))
    disputes = _found(DisputeRow.ref, DisputeRow.ref, (r.source for r in rows))
    transfers = _transfers(provider, rows)
    withdrawals = _withdrawals(provider, rows)
    return [
        f"movement:{row.ref}"
        if row.category in COSTS
        else _first(
            ("dispute", disputes.get(row.source) or (row.source if _is_disputed(row, payments) else None)),
            ("back", backs.get(row.source) or intended.get(_id(row, "galleria_refund"))),
            ("payout", payouts.get(_id(row, "galleria_payout"))),
            ("", transfers.get(row.about)),
            ("payment", None if row.category in _REFUNDS or _is_disputed(row, payments)
             else payments.get(row.about) or purchases.get(_id(row, "galleria_purchase"))),
            ("", withdrawals.get(row.source)),
            ("movement", row.ref),
        )
        for row in rows
    ]  # fmt: skip


def _first(*named: tuple[str, object]) -> str:
    area, owner = next((area, owner) for area, owner in named if owner)
    return f"{area}:{owner}" if area else str(owner)


def _is_disputed(row: MovementRow, payments: Mapping[str, object]) -> bool:
    return row.category.startswith("dispute") and row.about in payments and bool(row.source)


def _id(row: MovementRow, mark: str) -> UUID:
    """Return an id that we wrote into a movement's source, the nil one if there is none."""
    return _uuid(row.marks.get(mark, "").rpartition(":")[2])


def _ids(rows: Sequence[MovementRow], mark: str) -> Iterable[UUID]:
    return (_id(row, mark) for row in rows if mark in row.marks)


def _found(
    column: InstrumentedAttribute[Value] | InstrumentedAttribute[Value | None], wanted: InstrumentedAttribute[object],
    values: Iterable[Value],
) -> dict[Value, object]:  # fmt: skip
    asked = {value for value in values if value}
    if not asked:
        return {}
    rows = session().execute(select(column, wanted).where(column.in_(asked)))
    return {key: found for key, found in rows if key is not None}


def _transfers(provider: str, rows: Sequence[MovementRow]) -> dict[str, str]:
    """Return the subjects of the transfers that reversals without our mark take back."""
    asked = {row.about for row in rows if row.about.startswith("tr_")}
    if not asked:
        return {}
    query = select(MovementRow.source, MovementRow.subject).where(
        MovementRow.provider == provider, MovementRow.source.in_(asked), MovementRow.subject != ""
    )
    return {source: subject for source, subject in session().execute(query) if is_known(subject)}


def _withdrawals(provider: str, rows: Sequence[MovementRow]) -> dict[str, str]:
    """Return what withdrawals noted by hand the provider's payouts to our own bank are: by key, else by amount, once.

    A payout that nobody noted is a withdrawal of its own, so that a failure of it meets it again.
    """
    payouts = [row for row in rows if row.source.startswith("po_") and "galleria_payout" not in row.marks]
    if not payouts:
        return {}
    taken = select(MovementRow.subject).where(
        MovementRow.provider == provider, MovementRow.subject.like("withdrawal:%")
    )
    query = select(SideRow).where(
        SideRow.provider == provider, SideRow.kind == "provider.withdrawn", SideRow.subject.not_in(taken)
    )
    noted = list(session().scalars(query.order_by(SideRow.posted_at).limit(BATCH)))
    found = _met_before(provider, payouts)
    for row in payouts:
        own = f"withdrawal:{row.source}"
        if found.get(row.source, own) != own:
            continue
        same = [one for one in noted if (one.amount_minor, one.currency) == (row.amount_minor, row.currency)]
        met = next((one for one in same if one.subject == own), same[0] if same else None)
        found[row.source] = met.subject if met else own
        if met:
            noted.remove(met)
    return found


def _met_before(provider: str, payouts: Sequence[MovementRow]) -> dict[str, str]:
    """Return the withdrawals that other movements of the same payouts were found to be."""
    query = select(MovementRow.source, MovementRow.subject).where(
        MovementRow.provider == provider, MovementRow.source.in_({row.source for row in payouts}),
        MovementRow.subject.like("withdrawal:%"),
    )  # fmt: skip
    return {source: subject for source, subject in session().execute(query)}


def book_fees(provider: str, rows: Sequence[MovementRow]) -> int:
    """Book the provider's own fees of movements that are ours, once for each; return how many were new.

    A dispute's fee comes with the dispute (core/billing/disputes.py); where that said nothing, it is a difference.
    """
    psp = accounts.provider(provider)
    drafts = [
        Draft(f"fee:{provider}:{row.ref}", "provider.fee", _fee(psp, Money(row.fee_minor, row.currency)), None, row.day)
        for row in rows
        if row.fee_minor and is_known(row.subject) and not row.subject.startswith("dispute:")
    ]
    return journal.post_many(drafts)


def _fee(psp: str, fee: Money) -> list[Posting]:
    if fee.minor > 0:
        return [Posting(psp, accounts.PSP_COST, fee, "provider's fee")]
    return [Posting(accounts.PSP_COST, psp, -fee, "provider's fee")]


def mark_compared(provider: str, subjects: Iterable[str]) -> None:
    """Note that these subjects were compared as they are now."""
    names = list(subjects)
    for kind in (MovementRow, SideRow):
        session().execute(
            update(kind)
            .where(kind.provider == provider, kind.subject.in_(names), kind.is_compared.is_(False))
            .values(is_compared=True)
            .execution_options(synchronize_session=False)
        )
