"""The marketplace's invoice for a month's fees, or its credit note where it gave more fees back than it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.accounting import documents, months
from core.accounting.documents import Draft, PaperLine, stated_rate
from core.accounting.models import StatementLineRow, StatementRow
from core.accounting.parties import stored
from core.kernel.db import session
from core.kernel.money import Money, spread

_NET = ("order_fees", "fees_back", "items")
_TAX = ("fee_tax", "fee_tax_back")
_ROUNDINGS = 4
"""Taxes that one posting may be the sum of, at most as a rule: an order's lines."""


def issue(statements: Sequence[StatementRow]) -> None:
    """Issue the documents of statements whose fees moved; again changes nothing."""
    lines = _lines([row.id for row in statements])
    drafts = [_draft(row, lines[row.id]) for row in statements]
    documents.issue([draft for draft in drafts if draft is not None])


def _lines(statement_ids: Sequence[UUID]) -> dict[UUID, dict[str, StatementLineRow]]:
    found: dict[UUID, dict[str, StatementLineRow]] = {key: {} for key in statement_ids}
    query = select(StatementLineRow).where(
        StatementLineRow.statement_id.in_(statement_ids), StatementLineRow.pot == "payable",
        StatementLineRow.section.in_([*_NET, *_TAX]),
    )  # fmt: skip
    for line in session().scalars(query):
        found[line.statement_id][line.section] = line
    return found


def _draft(row: StatementRow, lines: Mapping[str, StatementLineRow]) -> Draft | None:
    """Return the document of a statement's fees; None if no fee moved."""
    nets = {name: -lines[name].amount_minor for name in _NET if name in lines}
    tax = -sum(lines[name].amount_minor for name in _TAX if name in lines)
    if not any(nets.values()) and not tax:
        return None
    is_credit = sum(nets.values()) + tax < 0
    sign = -1 if is_credit else 1
    rows = _rows({name: Money(sign * minor, row.currency) for name, minor in nets.items()},
                 Money(sign * tax, row.currency), sum(lines[name].rows for name in _TAX if name in lines))  # fmt: skip
    gross = Money(sign * (sum(nets.values()) + tax), row.currency)
    return Draft(
        key=f"fees:{row.id}", kind="fee_credit" if is_credit else "fee_invoice", issuer="platform",
        merchant_id=row.merchant_id, supplied_on=months.last_day(row.month), currency=row.currency,
        seller=stored(row.seller), buyer=stored(row.buyer), lines=rows, settled=gross, statement_id=row.id,
    )  # fmt: skip


def _rows(nets: Mapping[str, Money], tax: Money, taxed: int) -> list[PaperLine]:
    """Return a row for each kind of fee; the tax, known as a whole, is spread over them by their amounts."""
    zero = Money.zero(tax.currency)
    net = sum((amount.minor for amount in nets.values()), 0)
    rate = stated_rate(Money(net, tax.currency), tax, taxed * _ROUNDINGS)
    amounts = {name: amount for name, amount in nets.items() if amount}
    if not amounts:
        return [PaperLine("fee_tax", "", 1, zero, tax, None)]
    exact = [amount.share(rate or 0) for amount in amounts.values()]
    rest = tax - sum(exact, zero)
    spare = spread(rest, [abs(amount.minor) for amount in amounts.values()])
    return [
        PaperLine(name, "", 1, amount, part + more, rate)
        for (name, amount), part, more in zip(amounts.items(), exact, spare, strict=True)
    ]
