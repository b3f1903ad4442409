"""The paper by which a merchant is asked to pay what it owes: a request for payment, not an invoice of a supply."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from core.accounting import documents, parties
from core.accounting.documents import Draft, PaperLine
from core.accounting.models import FiscalDocumentRow
from core.billing.payouts import debts
from core.billing.payouts.debts import Debt
from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.merchants.directory import row_of

KIND = "payment_request"


def ask(merchant_id: UUID) -> Debt:
    """Invoice what a merchant owes, with its paper; later sales are then paid out in full.

    The paper says no tax: what was supplied has its own invoices and credit notes. Raise Conflict if nothing is owed.
    """
    debt = debts.find(debts.invoice(merchant_id))
    zero = Money.zero(debt.amount.currency)
    documents.issue([
        Draft(
            key=_key(debt.id), kind=KIND, issuer="platform", merchant_id=merchant_id,
            supplied_on=clock.today(current().timezone), currency=debt.amount.currency, seller=parties.platform(),
            buyer=parties.merchant(row_of(merchant_id)), settled=zero,
            lines=[PaperLine("debt", debt.number, 1, debt.amount, zero, None)],
        )
    ])  # fmt: skip
    return debt


def papers_of(debt_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the papers of debts, by debt; those that were never invoiced have none."""
    keys = {_key(debt_id): debt_id for debt_id in debt_ids}
    query = select(FiscalDocumentRow.key, FiscalDocumentRow.id).where(FiscalDocumentRow.key.in_(keys))
    return {keys[key]: paper_id for key, paper_id in session().execute(query)}


def _key(debt_id: UUID) -> str:
    return f"debt:{debt_id}"
