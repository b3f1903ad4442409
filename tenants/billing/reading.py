"""Invoices as pages and the API show them. On the platform's ground, or in a platform transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from core.accounting.parties import PartyOnPaper, stored
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from tenants.billing import invoices, plans
from tenants.billing.facts import Line
from tenants.billing.models import CreditNoteRow, InvoiceRow
from tenants.models import TenantRow
from tenants.values import PLATFORM

VIEWS = ("open", "overdue", "draft", "paid", "uncollectible", "void")


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice; `number` is "" while it is a draft, `due` what is to be paid, `href` the provider's page to pay it."""

    id: UUID
    customer_id: UUID
    number: str
    state: str
    month: date
    issued_on: date | None
    due_on: date | None
    is_overdue: bool
    seller: PartyOnPaper
    bank: str
    buyer: PartyOnPaper
    lines: tuple[Line, ...]
    tax_kind: str
    tax_bps: int
    net: Money
    tax: Money
    rounding: Money
    settled: Money
    due: Money
    credited: Money
    paid_at: datetime | None
    paid_by: str
    paid_reference: str
    href: str
    failure: str
    reminders: int
    proposed_on: date | None
    hash: str

    @property
    def gross(self) -> Money:
        """The amount with tax and rounding."""
        return self.net + self.tax + self.rounding


@dataclass(frozen=True, slots=True)
class Note:
    """A credit note; `kind` is void or credit."""

    id: UUID
    invoice_id: UUID
    kind: str
    number: str
    issued_on: date
    reason: str
    net: Money
    tax: Money
    rounding: Money

    @property
    def gross(self) -> Money:
        """The amount with tax and rounding."""
        return self.net + self.tax + self.rounding


def _value(row: InvoiceRow) -> Invoice:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    is_overdue = row.state == "open" and row.due_on is not None and row.due_on < plans.today()
    return Invoice(
        row.id, row.customer_id, row.number or "", row.state, row.month, row.issued_on, row.due_on, is_overdue,
        stored(row.seller), str(row.seller.get("bank", "")), stored(row.buyer), tuple(invoices.lines_of(row)),
        row.tax_kind, row.tax_bps, money(row.net_minor), money(row.tax_minor), money(row.rounding_minor),
        money(row.settled_minor), invoices.due_of(row), money(row.credited_minor), row.paid_at, row.paid_by,
        row.paid_reference, row.provider_href, row.failure, row.reminders, row.proposed_on, row.hash,
    )  # fmt: skip


def find(invoice_id: UUID, *, customer_id: UUID | None = None) -> Invoice:
    """Return an invoice, of one marketplace if given; that sees no drafts. Raise Missing."""
    query = select(InvoiceRow).where(InvoiceRow.tenant_id == PLATFORM.id, InvoiceRow.id == invoice_id)
    if customer_id is not None:
        query = query.where(InvoiceRow.customer_id == customer_id, InvoiceRow.number.is_not(None))
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("billing.no_invoice", _("There is no such invoice"))
    return _value(row)


def notes(invoice_id: UUID) -> list[Note]:
    """Return the credit notes of an invoice, oldest first."""
    query = select(CreditNoteRow).where(CreditNoteRow.tenant_id == PLATFORM.id, CreditNoteRow.invoice_id == invoice_id)
    return [
        Note(r.id, r.invoice_id, r.kind, r.number, r.issued_on, r.reason, Money(r.net_minor, r.currency),
             Money(r.tax_minor, r.currency), Money(r.rounding_minor, r.currency))
        for r in session().scalars(query.order_by(CreditNoteRow.id))
    ]  # fmt: skip


def _view(name: str) -> ColumnElement[bool]:
    if name == "overdue":
        return (InvoiceRow.state == "open") & (InvoiceRow.due_on < plans.today())
    return InvoiceRow.state == name


def listed(
    *, customer_id: UUID | None = None, view: str = "", before: UUID | None = None, limit: int = 50
) -> tuple[list[Invoice], UUID | None]:
    """Return a page of invoices, newest first, and the key to go on from; one marketplace sees no drafts."""
    query = select(InvoiceRow).where(InvoiceRow.tenant_id == PLATFORM.id).order_by(InvoiceRow.id.desc())
    if customer_id is not None:
        query = query.where(InvoiceRow.customer_id == customer_id, InvoiceRow.number.is_not(None))
    if view in VIEWS:
        query = query.where(_view(view))
    if before is not None:
        query = query.where(InvoiceRow.id < before)
    rows = session().scalars(query.limit(limit + 1)).all()
    found = [_value(row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


def counts() -> dict[str, int]:
    """Return how many invoices there are in each view."""
    columns = [func.count().filter(_view(name)).label(name) for name in VIEWS]
    row = session().execute(select(*columns).where(InvoiceRow.tenant_id == PLATFORM.id)).mappings().one()
    return dict(row)


def unpaid(view: str) -> list[Money]:
    """Return what is due on the invoices of a view, by currency."""
    due = func.sum(InvoiceRow.net_minor + InvoiceRow.tax_minor + InvoiceRow.rounding_minor - InvoiceRow.settled_minor)
    query = select(InvoiceRow.currency, due).where(InvoiceRow.tenant_id == PLATFORM.id, _view(view))
    rows = session().execute(query.group_by(InvoiceRow.currency).order_by(InvoiceRow.currency))
    return [Money(int(minor), code) for code, minor in rows]


def past_due(limit: int = 100) -> list[Invoice]:
    """Return invoices past due, proposals to suspend first, then the longest due."""
    query = select(InvoiceRow).where(InvoiceRow.tenant_id == PLATFORM.id, _view("overdue"))
    query = query.order_by(InvoiceRow.proposed_on.asc().nulls_last(), InvoiceRow.due_on, InvoiceRow.id)
    return [_value(row) for row in session().scalars(query.limit(limit))]


def names(customers: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return what marketplaces are called. Platform transaction."""
    wanted: Sequence[UUID] = sorted(set(customers))
    query = select(TenantRow.id, TenantRow.name).where(TenantRow.id.in_(wanted))
    return {row.id: row.name for row in session().execute(query)}
