"""Invoices and credit notes: numbered without gaps by issuer and kind, frozen with a hash when they are issued."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from core.accounting.models import FiscalDocumentRow
from core.accounting.parties import PartyOnPaper, stored
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.money import Money, round_half_up, total
from core.kernel.tenancy import current, current_id
from core.orders.numbers import next_numbers

PREFIXES = {"fee_invoice": "FI-", "fee_credit": "FC-", "invoice": "INV-", "credit_note": "CN-",
            "payment_request": "PR-"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A printed row. `code` names what has words of its own ("delivery"), else `title` is printed as it is.

    `net` and `tax` are of the whole row; `rate_bps` is None where one rate does not explain the tax.
    """

    code: str
    title: str
    quantity: int
    net: Money
    tax: Money
    rate_bps: int | None

    @property
    def gross(self) -> Money:
        """The row's amount with its tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class TaxSum:
    """What a document's rows of one rate come to."""

    rate_bps: int | None
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that is to be issued; `settled` is what somebody other than its receiver has paid or set off."""

    key: str
    kind: str
    issuer: str
    merchant_id: UUID
    supplied_on: date
    currency: str
    seller: PartyOnPaper
    buyer: PartyOnPaper
    lines: Sequence[PaperLine]
    settled: Money
    statement_id: UUID | None = None
    order_id: UUID | None = None
    corrects_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """An issued document. `kind` is one of PREFIXES; amounts are positive."""

    id: UUID
    kind: str
    number: str
    merchant_id: UUID
    statement_id: UUID | None
    order_id: UUID | None
    corrects_id: UUID | None
    issued_on: date
    supplied_on: date
    seller: PartyOnPaper
    buyer: PartyOnPaper
    lines: tuple[PaperLine, ...]
    taxes: tuple[TaxSum, ...]
    net: Money
    tax: Money
    settled: Money
    hash: str

    @property
    def gross(self) -> Money:
        """The document's amount with its tax."""
        return self.net + self.tax


def issue(drafts: Sequence[Draft]) -> dict[str, UUID]:
    """Issue documents that are not issued yet, each series in the order given; return all of them by key."""
    for series in sorted({f"{draft.kind}:{draft.issuer}" for draft in drafts}):
        lock_name(f"documents:{series}")
    keys = [draft.key for draft in drafts]
    query = select(FiscalDocumentRow.key, FiscalDocumentRow.id).where(FiscalDocumentRow.key.in_(keys))
    known = dict(session().execute(query).all())
    fresh: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.key not in known:
            fresh.setdefault(f"{draft.kind}:{draft.issuer}", []).append(draft)
    rows = [
        _row(series, number, draft)
        for series, some in fresh.items()
        for number, draft in zip(next_numbers(series, len(some)), some, strict=True)
    ]
    if rows:
        session().execute(insert(FiscalDocumentRow), rows)
    return known | {str(row["key"]): row["id"] for row in rows}


def _row(series: str, number: int, draft: Draft) -> dict[str, Any]:
    frozen = {
        "key": draft.key, "kind": draft.kind, "series": series, "number": f"{PREFIXES[draft.kind]}{number}",
        "merchant_id": draft.merchant_id, "statement_id": draft.statement_id, "order_id": draft.order_id,
        "corrects_id": draft.corrects_id, "issued_on": clock.today(current().timezone),
        "supplied_on": draft.supplied_on, "currency": draft.currency, "seller": draft.seller.plain(),
        "buyer": draft.buyer.plain(), "lines": [_plain_line(line) for line in draft.lines],
        "taxes": [_plain_sum(one) for one in tax_sums(draft.lines)],
        "net_minor": sum(line.net.minor for line in draft.lines),
        "tax_minor": sum(line.tax.minor for line in draft.lines), "settled_minor": draft.settled.minor,
    }  # fmt: skip
    return {"tenant_id": current_id(), "id": new_id(), **frozen, "hash": fingerprint(frozen)}


def fingerprint(frozen: Mapping[str, Any]) -> str:
    """Return the hash of a document's printed values."""
    return hashlib.sha256(json.dumps(frozen, sort_keys=True, default=str).encode()).hexdigest()


def _plain_line(line: PaperLine) -> dict[str, Any]:
    return {
        "code": line.code, "title": line.title, "quantity": line.quantity, "net_minor": line.net.minor,
        "tax_minor": line.tax.minor, "rate_bps": line.rate_bps,
    }  # fmt: skip


def _plain_sum(one: TaxSum) -> dict[str, Any]:
    return {"rate_bps": one.rate_bps, "net_minor": one.net.minor, "tax_minor": one.tax.minor}


def tax_sums(lines: Iterable[PaperLine]) -> list[TaxSum]:
    """Return net and tax of each rate, highest rate first."""
    by_rate: dict[int | None, list[PaperLine]] = {}
    for line in lines:
        by_rate.setdefault(line.rate_bps, []).append(line)
    return [
        TaxSum(rate, total((one.net for one in some), some[0].net.currency),
               total((one.tax for one in some), some[0].net.currency))
        for rate, some in sorted(by_rate.items(), key=lambda item: -(item[0] or 0))
    ]  # fmt: skip


def stated_rate(net: Money, tax: Money, roundings: int) -> int | None:
    """Return the roundest rate that explains a sum of so many taxes, each rounded by itself; None if none does."""
    if not net:
        return None if tax else 0
    exact = Fraction(tax.minor * 10_000, net.minor)
    for step in (100, 50, 25, 10, 5, 1):
        rate = round_half_up(exact / step) * step
        if abs(Fraction(net.minor * rate, 10_000) - tax.minor) * 2 <= roundings + 1:
            return rate
    return None


def paper(document_id: UUID, *, merchant_id: UUID | None = None) -> Paper:
    """Return a document, of one merchant if given. Raise Missing."""
    query = select(FiscalDocumentRow).where(FiscalDocumentRow.id == document_id)
    if merchant_id is not None:
        query = query.where(FiscalDocumentRow.merchant_id == merchant_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("accounting.no_document", _("There is no such document"))
    return _value(row)


def of_order(order_ids: Iterable[UUID]) -> dict[UUID, list[Paper]]:
    """Return the documents of orders, oldest first."""
    found: dict[UUID, list[Paper]] = {key: [] for key in order_ids}
    query = select(FiscalDocumentRow).where(FiscalDocumentRow.order_id.in_(found)).order_by(FiscalDocumentRow.id)
    for row in session().scalars(query):
        if row.order_id is not None:
            found[row.order_id].append(_value(row))
    return found


def of_statement(statement_id: UUID) -> list[Paper]:
    """Return the documents of a statement's fees."""
    query = select(FiscalDocumentRow).where(FiscalDocumentRow.statement_id == statement_id)
    return [_value(row) for row in session().scalars(query.order_by(FiscalDocumentRow.id))]


def listed(
    *, merchant_id: UUID | None = None, kinds: Sequence[str] = (), before: UUID | None = None, limit: int = 50
) -> tuple[list[Paper], UUID | None]:
    """Return a page of documents, newest first, and the key to go on from."""
    query = select(FiscalDocumentRow).order_by(FiscalDocumentRow.id.desc()).limit(limit + 1)
    if merchant_id is not None:
        query = query.where(FiscalDocumentRow.merchant_id == merchant_id)
    if kinds:
        query = query.where(FiscalDocumentRow.kind.in_(kinds))
    if before is not None:
        query = query.where(FiscalDocumentRow.id < before)
    rows = session().scalars(query).all()
    found = [_value(row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


def _value(row: FiscalDocumentRow) -> Paper:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    lines = tuple(
        PaperLine(one["code"], one["title"], one["quantity"], money(one["net_minor"]), money(one["tax_minor"]),
                  one["rate_bps"])
        for one in row.lines
    )  # fmt: skip
    taxes = tuple(TaxSum(one["rate_bps"], money(one["net_minor"]), money(one["tax_minor"])) for one in row.taxes)
    return Paper(
        row.id, row.kind, row.number, row.merchant_id, row.statement_id, row.order_id, row.corrects_id, row.issued_on,
        row.supplied_on, stored(row.seller), stored(row.buyer), lines, taxes, money(row.net_minor),
        money(row.tax_minor), money(row.settled_minor), row.hash,
    )  # fmt: skip
