"""The platform company's books: what invoices, payments and credits post in the journal of the platform's own ground.

`receivable:<customer>` is what a marketplace owes, `credit:<customer>` what is owed to it and set off against its next
invoices, `carried:<customer>` a month's credit before tax; `income:<code>` by kind of line, `output_tax`, `rounding`,
`write_off`, `psp:stripe` and `bank` where the money lies. Every key is one of a row, so nothing is posted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from core.hooks.money import Posting
from core.kernel.money import Money
from core.ledger import journal
from core.ledger.balances import balance
from tenants.billing.facts import Line

OUTPUT_TAX, ROUNDING, WRITE_OFF, CREDITED = "output_tax", "rounding", "write_off", "income:credit_note"
PLACES = {"stripe": "psp:stripe", "bank": "bank"}


def receivable(customer_id: UUID) -> str:
    """Return the account of what a marketplace owes."""
    return f"receivable:{customer_id}"


def credit(customer_id: UUID) -> str:
    """Return the account of what is owed to a marketplace."""
    return f"credit:{customer_id}"


def carried(customer_id: UUID) -> str:
    """Return the account of a month's credit before tax that the next month's charges use up."""
    return f"carried:{customer_id}"


def owed_to(customer_id: UUID, currency: str) -> Money:
    """Return what may be set off against a marketplace's next invoice."""
    held = -balance(credit(customer_id), currency)
    return max(held, Money.zero(currency))


def _moved(source: str, destination: str, amount: Money, memo: str) -> Posting:
    """Return a posting; an amount below zero moves the other way."""
    if amount.minor < 0:
        return Posting(destination, source, -amount, memo)
    return Posting(source, destination, amount, memo)


def _income(customer_id: UUID, lines: Iterable[Line], to: str) -> list[Posting]:
    """Return what lines earn; a carried line uses up the credit of the month before."""
    return [
        _moved(carried(customer_id) if line.code == "carried" else f"income:{line.code}", to, line.amount, line.code)
        for line in lines
        if line.amount
    ]


def carry(customer_id: UUID, key: str, lines: Iterable[Line]) -> None:
    """Post a month whose credits exceed its charges: what is left is carried."""
    journal.post(f"carried:{key}", "billing.carried", _income(customer_id, lines, carried(customer_id)))


def invoiced(
    invoice_id: UUID, customer_id: UUID, lines: Iterable[Line], *, tax: Money, rounding: Money, settled: Money
) -> None:
    """Post an issued invoice."""
    due = receivable(customer_id)
    postings = _income(customer_id, lines, due)
    postings += [_moved(account, due, amount, memo)
                 for account, amount, memo in ((OUTPUT_TAX, tax, "tax"), (ROUNDING, rounding, "rounding")) if amount]  # fmt: skip
    if settled:
        postings.append(Posting(due, credit(customer_id), settled, "set off"))
    journal.post(f"invoice:{invoice_id}", "billing.invoiced", postings)


def paid(invoice_id: UUID, source: str, amount: Money, place: str) -> None:
    """Post money that came in for an invoice."""
    journal.post(f"paid:{invoice_id}", "billing.paid", [Posting(source, PLACES[place], amount, place)])


def written_off(invoice_id: UUID, customer_id: UUID, amount: Money) -> None:
    """Post that an invoice is not expected to be paid any more."""
    postings = [Posting(receivable(customer_id), WRITE_OFF, amount, "uncollectible")]
    journal.post(f"written_off:{invoice_id}", "billing.written_off", postings)


def voided(invoice_id: UUID) -> None:
    """Undo all that an invoice has posted."""
    for key in ("written_off", "invoice"):
        entry = journal.entry_of(f"{key}:{invoice_id}")
        if entry is not None:
            journal.reverse(entry, f"{key}:{invoice_id}:void")


def credited(note_id: UUID, customer_id: UUID, net: Money, tax: Money) -> None:
    """Post a credit note on a paid invoice: it is owed to the marketplace from now on."""
    owed = credit(customer_id)
    postings = [Posting(owed, CREDITED, net, "credit note"), Posting(owed, OUTPUT_TAX, tax, "tax")]
    journal.post(f"credit_note:{note_id}", "billing.credited", postings)
