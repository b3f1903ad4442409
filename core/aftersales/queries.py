"""Reads of cases: lists for shops and the operator, the cases of orders, and one case in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_

from core.aftersales import moves
from core.catalogue.models import VariantRow
from core.kernel.db import session
from core.kernel.money import Money
from core.merchants.models import ShopRow
from core.orders import queries as orders
from core.orders.aftersale_models import AftersaleLineRow, AftersaleMomentRow, AftersalePhotoRow, AftersaleRow
from core.orders.models import LineRow, OrderRow, PurchaseRow
from core.orders.queries import LineView
from core.orders.states import AFTERSALE_ENDS, AFTERSALE_OPEN

TABS: Mapping[str, tuple[str, ...]] = {
    "to_do": ("requested", "sent_back", "received", "inspected"),
    "waiting": ("offered", "approved", "refused", "rejected"),
    "escalated": ("escalated",),
    "open": tuple(sorted(AFTERSALE_OPEN)),
    "done": tuple(sorted(AFTERSALE_ENDS)),
    "all": (),
}
"""Which states stand in which tab: what the shop has to do, what waits for the buyer, what the operator decides."""
NEEDED: Mapping[str, str] = {
    **dict.fromkeys(TABS["to_do"], "merchant"), **dict.fromkeys(TABS["waiting"], "buyer"), "escalated": "operator",
}  # fmt: skip
"""Who acts next, by state; nobody in the others."""
_BY_DUE = frozenset({"to_do", "escalated"})
PAGE = 25


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case as lists show it; `title` is that of its first article, `buyer` the name on the address."""

    id: UUID
    number: str
    kind: str
    reason: str
    state: str
    order_id: UUID
    order_number: str
    purchase_id: UUID
    shop_name: str
    buyer: str
    title: str
    units: int
    due_at: datetime | None
    opened_at: datetime

    @property
    def needs(self) -> str:
        """Who acts next: "merchant", "buyer", "operator", or nobody."""
        return NEEDED.get(self.state, "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows. `words` match a number or the buyer's name; `after` is the last row's key."""

    merchant_id: UUID | None = None
    tab: str = "all"
    words: str = ""
    after: UUID | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class CaseMoment:
    """A moment of a case: a state that it entered, or "message", "photos", "label"."""

    kind: str
    text: str
    facts: Mapping[str, Any]
    by_kind: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case in full. Amounts are for the buyer; `variant` is what is to be sent instead, by its options."""

    id: UUID
    number: str
    kind: str
    reason: str
    state: str
    order_id: UUID
    merchant_id: UUID
    text: str
    answer: str
    asked: Money | None
    offered: Money | None
    difference: Money | None
    variant_id: UUID | None
    variant: tuple[str, ...]
    is_sealed: bool
    by_law: bool
    payer: str
    return_address: Mapping[str, str]
    has_label: bool
    carrier: str
    tracking: str
    condition: str
    refund_id: UUID | None
    parcel_id: UUID | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    lines: tuple[tuple[LineView, int], ...]
    moments: tuple[CaseMoment, ...]
    photos: tuple[UUID, ...]

    @property
    def needs(self) -> str:
        """Who acts next: "merchant", "buyer", "operator", or nobody."""
        return NEEDED.get(self.state, "")

    @property
    def is_open(self) -> bool:
        """Whether anything is left to do."""
        return self.state in AFTERSALE_OPEN

    @property
    def why(self) -> str:
        """Why it ended or moved without a person, as a code; empty where a person says it."""
        last = [moment for moment in self.moments if moment.kind == self.state]
        return str(last[-1].facts.get("why", "")) if last else ""


_BUYER = PurchaseRow.address["name"].as_string()


def _of_lines(column: Any) -> Select[Any]:
    return (
        select(column)
        .select_from(AftersaleLineRow)
        .join(LineRow, (LineRow.tenant_id == AftersaleLineRow.tenant_id) & (LineRow.id == AftersaleLineRow.line_id))
        .where(AftersaleLineRow.tenant_id == AftersaleRow.tenant_id, AftersaleLineRow.case_id == AftersaleRow.id)
        .correlate(AftersaleRow)
    )


def _summaries() -> Select[Any]:
    title = _of_lines(LineRow.title).order_by(LineRow.position).limit(1).scalar_subquery()
    units = _of_lines(func.coalesce(func.sum(AftersaleLineRow.quantity), 0)).scalar_subquery()
    return (
        select(AftersaleRow, OrderRow.number.label("order_number"), OrderRow.purchase_id,
               ShopRow.name.label("shop_name"), _BUYER.label("buyer"), title.label("title"), units.label("units"))
        .join(OrderRow, (OrderRow.tenant_id == AftersaleRow.tenant_id) & (OrderRow.id == AftersaleRow.order_id))
        .join(PurchaseRow, (PurchaseRow.tenant_id == OrderRow.tenant_id) & (PurchaseRow.id == OrderRow.purchase_id))
        .join(ShopRow, (ShopRow.tenant_id == OrderRow.tenant_id) & (ShopRow.id == OrderRow.shop_id))
    )  # fmt: skip


def _summary(found: Any) -> CaseSummary:
    row: AftersaleRow = found.AftersaleRow
    return CaseSummary(
        row.id, row.number, row.kind, row.reason, row.state, row.order_id, found.order_number, found.purchase_id,
        found.shop_name, found.buyer or "", found.title or "", int(found.units), row.due_at, row.opened_at,
    )  # fmt: skip


def cases(wanted: Wanted) -> tuple[list[CaseSummary], UUID | None]:
    """Return a page of cases and the key to go on from: the most urgent first where somebody has to act.

    Elsewhere the newest come first; None on the last page.
    """
    query, states = _summaries().limit(wanted.limit + 1), TABS.get(wanted.tab, ())
    if wanted.merchant_id is not None:
        query = query.where(AftersaleRow.merchant_id == wanted.merchant_id)
    if states:
        query = query.where(AftersaleRow.state.in_(states))
    if wanted.words.strip():
        query = query.where(_matches(wanted.words.strip()))
    query = _in_order(query, wanted)
    found = [_summary(row) for row in session().execute(query)]
    return found[: wanted.limit], found[wanted.limit - 1].id if len(found) > wanted.limit else None


def _in_order(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.tab in _BY_DUE:
        query = query.order_by(AftersaleRow.due_at, AftersaleRow.id)
        if wanted.after is None:
            return query
        due = select(AftersaleRow.due_at).where(AftersaleRow.id == wanted.after).scalar_subquery()
        return query.where(tuple_(AftersaleRow.due_at, AftersaleRow.id) > tuple_(due, wanted.after))
    query = query.order_by(AftersaleRow.id.desc())
    return query if wanted.after is None else query.where(AftersaleRow.id < wanted.after)


def _matches(words: str) -> ColumnElement[bool]:
    literal = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(
        AftersaleRow.number.ilike(f"{literal}%"), OrderRow.number.ilike(f"{literal}%"), _BUYER.ilike(f"%{literal}%")
    )


def counts(merchant_id: UUID | None = None) -> dict[str, int]:
    """Return how many open cases stand in each tab that asks for work."""
    query = select(AftersaleRow.state, func.count()).where(AftersaleRow.state.in_(AFTERSALE_OPEN))
    query = query.group_by(AftersaleRow.state)
    if merchant_id is not None:
        query = query.where(AftersaleRow.merchant_id == merchant_id)
    by_state = {row[0]: int(row[1]) for row in session().execute(query)}
    return {tab: sum(by_state.get(state, 0) for state in TABS[tab]) for tab in ("to_do", "waiting", "escalated")}


def of_orders(order_ids: Sequence[UUID]) -> dict[UUID, list[CaseSummary]]:
    """Return the cases of orders, oldest first, by order."""
    found: dict[UUID, list[CaseSummary]] = {key: [] for key in order_ids}
    query = _summaries().where(AftersaleRow.order_id.in_(found)).order_by(AftersaleRow.id)
    for row in session().execute(query):
        summary = _summary(row)
        found[summary.order_id].append(summary)
    return found


def case(case_id: UUID, *, merchant_id: UUID | None = None) -> CaseView:
    """Return a case in full, of a merchant if one is named. Raise Missing otherwise."""
    row = moves.find(case_id, merchant_id=merchant_id)
    units = moves.units_of(row)
    lines = [line for line in orders.lines([row.order_id])[row.order_id] if line.id in units]
    photos = session().scalars(
        select(AftersalePhotoRow.media_id).where(AftersalePhotoRow.case_id == row.id).order_by(AftersalePhotoRow.id)
    )
    options = session().scalar(select(VariantRow.options).where(VariantRow.id == row.variant_id))
    return CaseView(
        lines=tuple((line, units[line.id]) for line in lines), moments=_moments(row.id), photos=tuple(photos),
        asked=_money(row.asked_minor, row.currency), offered=_money(row.offered_minor, row.currency),
        difference=_money(row.difference_minor or None, row.currency),
        variant=tuple(options or ()), has_label=row.label_id is not None, **_facts(row),
    )  # fmt: skip


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _facts(row: AftersaleRow) -> dict[str, Any]:
    names = (
        "id", "number", "kind", "reason", "state", "order_id", "merchant_id", "text", "answer", "variant_id",
        "is_sealed", "by_law", "payer", "return_address", "carrier", "tracking", "condition", "refund_id",
        "parcel_id", "opened_at", "due_at", "closed_at",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _moments(case_id: UUID) -> tuple[CaseMoment, ...]:
    query = select(AftersaleMomentRow).where(AftersaleMomentRow.case_id == case_id).order_by(AftersaleMomentRow.id)
    return tuple(
        CaseMoment(row.kind, row.text, row.facts, row.by_kind, row.by_name, row.at) for row in session().scalars(query)
    )
