"""Reads quotes as values: what was asked for and offered, revision by revision, by who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from core.hooks.types import Basket
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money, total
from plugins.b2b import rules
from plugins.b2b.deal_models import QuoteRow, RevisionRow
from plugins.b2b.models import CompanyRow
from plugins.b2b.reading import Seat

ANSWER, REASON = "b2b.quote", "b2b:quote."
PAGE = 25


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line; `unit` is None where the company asked and nobody has named a price."""

    variant_id: UUID
    title: str
    sku: str
    quantity: int
    unit: Money | None

    @property
    def amount(self) -> Money | None:
        """What all its units cost."""
        return self.unit * self.quantity if self.unit is not None else None


@dataclass(frozen=True, slots=True)
class Revision:
    """What one side ("company", "merchant") wrote; `freight` None is the shop's own delivery price."""

    number: int
    side: str
    lines: tuple[QuotedLine, ...]
    freight: Money | None
    message: str
    at: datetime

    @property
    def goods(self) -> Money | None:
        """What the goods cost before tax is added, where prices are named."""
        amounts = [line.amount for line in self.lines]
        named = [one for one in amounts if one is not None]
        return total(named, named[0].currency) if named and len(named) == len(amounts) else None


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote with all its revisions, the newest last; `expires_at` is the end of the present state."""

    id: UUID
    number: str
    company_id: UUID
    company: str
    author_id: UUID
    merchant_id: UUID
    shop_id: UUID
    state: str
    revision: int
    is_held: bool
    reason: str
    purchase_id: UUID | None
    asked_at: datetime
    expires_at: datetime
    revisions: tuple[Revision, ...]

    @property
    def last(self) -> Revision:
        """The revision that counts."""
        return self.revisions[-1]


def _revision(row: RevisionRow, currency: str) -> Revision:
    lines = tuple(
        QuotedLine(
            UUID(one["variant"]), one["title"], one["sku"], one["quantity"],
            None if one["unit_minor"] is None else Money(one["unit_minor"], currency),
        )
        for one in row.lines
    )  # fmt: skip
    freight = None if row.freight_minor is None else Money(row.freight_minor, currency)
    return Revision(row.revision, row.side, lines, freight, row.message, row.at)


def _values(found: Sequence[tuple[QuoteRow, str]]) -> list[Quote]:
    keys = {row.id: row.currency for row, _name in found}
    query = select(RevisionRow).where(RevisionRow.quote_id.in_(keys)).order_by(RevisionRow.revision)
    written: dict[UUID, list[Revision]] = {}
    for row in session().scalars(query):
        written.setdefault(row.quote_id, []).append(_revision(row, keys[row.quote_id]))
    return [
        Quote(
            row.id, row.number, row.company_id, company, row.author_id, row.merchant_id, row.shop_id, row.state,
            row.revision, row.is_held, row.reason, row.purchase_id, row.asked_at, row.expires_at,
            tuple(written.get(row.id, ())),
        )
        for row, company in found
    ]  # fmt: skip


def _query() -> Select[QuoteRow, str]:
    joined = (CompanyRow.tenant_id == QuoteRow.tenant_id) & (CompanyRow.id == QuoteRow.company_id)
    return select(QuoteRow, CompanyRow.name).join(CompanyRow, joined).order_by(QuoteRow.id.desc())


def _page(query: Select[QuoteRow, str], before: UUID | None, limit: int) -> tuple[list[Quote], UUID | None]:
    narrowed = query.where(QuoteRow.id < before) if before else query
    found = [(row, name) for row, name in session().execute(narrowed.limit(limit + 1))]
    return _values(found[:limit]), found[limit - 1][0].id if len(found) > limit else None


def of_company(company_id: UUID, before: UUID | None = None, limit: int = PAGE) -> tuple[list[Quote], UUID | None]:
    """Return a company's quotes, newest first, and the key to go on after."""
    return _page(_query().where(QuoteRow.company_id == company_id), before, limit)


def of_merchant(merchant_id: UUID, before: UUID | None = None, limit: int = PAGE) -> tuple[list[Quote], UUID | None]:
    """Return a merchant's quotes, newest first, and the key to go on after."""
    return _page(_query().where(QuoteRow.merchant_id == merchant_id), before, limit)


def _one(query: Select[QuoteRow, str]) -> Quote:
    found = _values([(row, name) for row, name in session().execute(query)])
    if not found:
        raise Missing("b2b.no_quote", _("There is no such quote"))
    return found[0]


def for_seat(seat: Seat, quote_id: UUID) -> Quote:
    """Return a quote of somebody's company. Raise Missing for another's."""
    return _one(_query().where(QuoteRow.id == quote_id, QuoteRow.company_id == seat.company.id))


def for_merchant(merchant_id: UUID, quote_id: UUID) -> Quote:
    """Return a merchant's quote. Raise Missing for another's."""
    return _one(_query().where(QuoteRow.id == quote_id, QuoteRow.merchant_id == merchant_id))


def named(basket: Basket) -> UUID | None:
    """Return the quote that a basket names."""
    try:
        return UUID(basket.answer(ANSWER) or "")
    except ValueError:
        return None


def covering(seat: Seat, basket: Basket) -> Quote | None:
    """Return the offer that a basket is bought by; None without one, and where it holds anything else."""
    key = named(basket)
    if key is None:
        return None
    query = _query().where(
        QuoteRow.id == key, QuoteRow.company_id == seat.company.id, QuoteRow.state == "offered",
        QuoteRow.expires_at > basket.at,
    )  # fmt: skip
    found = _values([(row, name) for row, name in session().execute(query)])
    now: Mapping[UUID, int] = {line.offer_id: line.quantity for line in basket.lines}
    offered = {line.variant_id: line.quantity for line in found[0].last.lines} if found else {}
    return found[0] if found and rules.is_same(offered, now) else None
