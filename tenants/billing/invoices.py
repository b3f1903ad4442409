"""Invoices to marketplaces: drafted by the close of a month, issued once with a gapless number, then paid or given up.

On the platform's ground. Whoever is first to say that an invoice is paid is heard; repeats change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from core.accounting.documents import fingerprint
from core.hooks.runtime import move
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock, lock_name
from core.kernel.machine import machine
from core.kernel.money import Money, cumulative_part
from core.ledger.balances import balances
from core.orders.numbers import next_number
from core.payments.stripe.amounts import charge_step
from tenants.billing import accounts, books, plans, rules
from tenants.billing.facts import Customer, Draft, Line
from tenants.billing.models import CreditNoteRow, InvoiceRow
from tenants.values import PLATFORM

MACHINE = machine(
    "platform_invoice", draft="open void", open="paid void uncollectible", uncollectible="paid void", paid="", void=""
)
_NUMBER, _CREDIT_NUMBER = "GP", "GC"
_MOST_REASON = 300


def lines_of(row: InvoiceRow) -> list[Line]:
    """Return an invoice's lines as values."""
    return [Line(one["code"], Money(one["amount_minor"], row.currency), one["facts"]) for one in row.lines]


def gross_of(row: InvoiceRow) -> Money:
    """Return an invoice's amount with tax and rounding."""
    return Money(row.net_minor + row.tax_minor + row.rounding_minor, row.currency)


def due_of(row: InvoiceRow) -> Money:
    """Return what is to be paid of an invoice once it is issued."""
    return gross_of(row) - Money(row.settled_minor, row.currency)


def taken(invoice_id: UUID, *, customer_id: UUID | None = None) -> InvoiceRow:
    """Lock an invoice, of one customer if given. Raise Missing."""
    rows = [row for row in lock(InvoiceRow, [invoice_id]) if row.tenant_id == PLATFORM.id]
    if not rows or (customer_id is not None and rows[0].customer_id != customer_id):
        raise Missing("billing.no_invoice", _("There is no such invoice"))
    return rows[0]


def draft(customer_id: UUID, month: date, found: Draft) -> UUID:
    """Write a month's invoice in one currency, not numbered yet; the database lets no second one in."""
    row = InvoiceRow(
        tenant_id=PLATFORM.id, id=new_id(), customer_id=customer_id, month=month, currency=found.currency,
        lines=[line.plain() for line in found.lines], net_minor=found.net.minor,
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("platform_invoice.draft", "platform_invoice", row.id, month=f"{month:%Y-%m}", net=row.net_minor)
    return row.id


@dataclass(frozen=True, slots=True)
class Totals:
    """What an invoice comes to on top of its lines: tax, rounding to what can be paid, and what is set off."""

    tax_kind: str
    tax_bps: int
    tax: Money
    rounding: Money
    settled: Money


def totals(net: Money, who: Customer) -> Totals:
    """Return what a net amount to a marketplace comes to today."""
    company, account = accounts.company(), accounts.account(who.id)
    country = account.country or who.country
    kind = rules.tax(company.country, country, account.tax_number, company.tax_bps, company.tax_rates)
    tax = net.share(kind.bps)
    rounding = rules.rounding(net + tax, charge_step(net.currency))
    settled = min(net + tax + rounding, books.owed_to(who.id, net.currency))
    return Totals(kind.kind, kind.bps, tax, rounding, settled)


def issue(invoice_id: UUID, who: Customer) -> bool:
    """Number, freeze and post a draft and have it collected; return whether it is issued, now or before.

    A draft waits while nobody has said who issues it. Raise Missing.
    """
    lock_name(f"billing:{who.id}")
    row = taken(invoice_id, customer_id=who.id)
    company = accounts.company()
    if row.state != "draft":
        return row.state != "void"
    if company.id is None:
        return False
    found = totals(Money(row.net_minor, row.currency), who)
    row.tax_kind, row.tax_bps, row.tax_minor = found.tax_kind, found.tax_bps, found.tax.minor
    row.rounding_minor, row.settled_minor = found.rounding.minor, found.settled.minor
    row.issued_on = plans.today()
    row.due_on = row.issued_on + timedelta(days=company.due_days)
    row.seller = {**company.party.plain(), "bank": company.bank, "country": company.country}
    row.buyer = accounts.account(who.id).party(who).plain()
    row.number = f"{_NUMBER}{company.mark}-{next_number(f'platform_invoice:{company.id}')}"
    row.hash = fingerprint(printed(row))
    session().flush()
    move(MACHINE, row, "open", number=row.number)
    books.invoiced(row.id, row.customer_id, lines_of(row), tax=found.tax, rounding=found.rounding,
                   settled=found.settled)  # fmt: skip
    if not due_of(row):
        _paid(row, "credit", "")
    else:
        jobs.soon("billing.collect", {"invoice": str(row.id), "customer": str(who.id)}, subject=f"invoice:{row.id}")
    jobs.soon("billing.tell", {"invoice": str(row.id), "what": "issued"})
    return True


def printed(row: InvoiceRow) -> Mapping[str, object]:
    """Return what is printed of an invoice, which `hash` is of."""
    names = ("number", "month", "currency", "issued_on", "due_on", "seller", "buyer", "lines", "tax_kind", "tax_bps",
             "net_minor", "tax_minor", "rounding_minor", "settled_minor")  # fmt: skip
    return {name: getattr(row, name) for name in names}


def is_unchanged(row: InvoiceRow) -> bool:
    """Tell whether an issued invoice is what it was."""
    return row.hash == fingerprint(printed(row))


def _paid(row: InvoiceRow, by: str, reference: str) -> None:
    move(MACHINE, row, "paid", by=by, reference=reference)
    row.paid_at, row.paid_by, row.paid_reference, row.failure = clock.now(), by, reference, ""
    row.proposed_on = None


def pay(invoice_id: UUID, amount: Money, *, by: str, reference: str) -> bool:
    """Note that an invoice was paid, by "stripe" or "bank"; return whether this was news.

    Money for an invoice that was voided meanwhile becomes the customer's credit. Raise Conflict if the amount is not
    what is due, or the invoice is a draft.
    """
    row = taken(invoice_id)
    if row.state == "paid":
        return False
    if amount != due_of(row):
        raise Conflict("billing.other_amount", _("The invoice is about another amount: {due}"), due=due_of(row))
    if row.state == "void":
        books.paid(row.id, books.credit(row.customer_id), amount, by)
        audit.record("billing.paid_after_void", "platform_invoice", row.id, by=by, reference=reference)
        return False
    source = books.WRITE_OFF if row.state == "uncollectible" else books.receivable(row.customer_id)
    _paid(row, by, reference)
    books.paid(row.id, source, amount, by)
    jobs.soon("billing.tell", {"invoice": str(row.id), "what": "paid"})
    return True


def pay_by_bank(invoice_id: UUID, reference: str) -> None:
    """Note a bank transfer for an invoice. Raise Invalid without a reference, Conflict if nothing is due."""
    if not 0 < len(reference.strip()) <= 100:
        wrong = FieldError("reference", _("Give the bank's reference, at most 100 characters"))
        raise Invalid("billing.reference", _("A reference is needed"), fields=(wrong,))
    row = taken(invoice_id)
    if row.state not in ("open", "uncollectible"):
        raise Conflict("billing.not_open", _("Nothing is due on this invoice"))
    pay(invoice_id, due_of(row), by="bank", reference=reference.strip())
    _tell_provider(row, "paid")


def _tell_provider(row: InvoiceRow, what: str) -> None:
    jobs.soon("billing.settle_there", {"invoice": str(row.id), "what": what}, subject=f"invoice:{row.id}")


def fail(invoice_id: UUID, reason: str, *, attempts: int = 0) -> None:
    """Note that a charge was declined; one that is paid or given up meanwhile stays as it is."""
    row = taken(invoice_id)
    if row.state != "open" or (row.failure == reason and attempts <= row.attempts):
        return
    row.failure, row.attempts = reason[:200], max(row.attempts, attempts)
    audit.record("billing.declined", "platform_invoice", row.id, reason=row.failure)
    jobs.soon("billing.tell", {"invoice": str(row.id), "what": "failed"})


def void(invoice_id: UUID, reason: str, *, is_told: bool = False) -> None:
    """Undo an invoice that is not paid: a draft is dropped, an issued one gets a credit note. Raise Invalid or Conflict.

    `is_told` says that the provider knows.
    """
    row = taken(invoice_id)
    if row.state == "void":
        return
    _require_reason(reason)
    was_draft = row.state == "draft"
    move(MACHINE, row, "void", reason=reason.strip()[:_MOST_REASON])
    row.proposed_on = None
    if was_draft:
        return
    books.voided(row.id)
    row.credited_minor = gross_of(row).minor
    _note(row, "void", reason, Money(row.net_minor, row.currency), Money(row.tax_minor, row.currency),
          row.rounding_minor)  # fmt: skip
    if not is_told:
        _tell_provider(row, "void")


def give_up(invoice_id: UUID, reason: str) -> None:
    """Expect no payment of an invoice any more; it may still come. Raise Invalid without a reason, or Conflict."""
    row = taken(invoice_id)
    _require_reason(reason)
    move(MACHINE, row, "uncollectible", reason=reason.strip()[:_MOST_REASON])
    row.proposed_on = None
    books.written_off(row.id, row.customer_id, due_of(row))
    _tell_provider(row, "uncollectible")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        wrong = FieldError("reason", _("Say why; the log keeps it"))
        raise Invalid("billing.reason", _("A reason is needed"), fields=(wrong,))


def credit(invoice_id: UUID, amount: Money, reason: str) -> UUID:
    """Take an amount with its tax back of a paid invoice: it is set off against the customer's next ones.

    Parts of a full credit sum to net and tax of the invoice (R4). Raise Invalid, or Conflict for more than is left.
    """
    row = taken(invoice_id)
    _require_reason(reason)
    if row.state != "paid":
        raise Conflict("billing.not_paid", _("Only a paid invoice is credited; void one that is not paid"))
    whole = Money(row.net_minor + row.tax_minor, row.currency)
    left = whole - Money(row.credited_minor, row.currency)
    if amount.currency != row.currency or not 0 < amount.minor <= left.minor:
        wrong = FieldError("amount", _("Give an amount within what is left of the invoice"))
        raise Invalid("billing.credit_amount", _("At most {left} can be credited"), fields=(wrong,), left=left)
    tax_before = cumulative_part(Money(row.tax_minor, row.currency), row.credited_minor, whole.minor,
                                 Money.zero(row.currency))  # fmt: skip
    row.credited_minor += amount.minor
    tax = cumulative_part(Money(row.tax_minor, row.currency), row.credited_minor, whole.minor, tax_before)
    note = _note(row, "credit", reason, amount - tax, tax, 0)
    books.credited(note, row.customer_id, amount - tax, tax)
    audit.record("billing.credited", "platform_invoice", row.id, amount=amount.minor, reason=reason.strip()[:300])
    return note


def _note(row: InvoiceRow, kind: str, reason: str, net: Money, tax: Money, rounding: int) -> UUID:
    company = accounts.company()
    values = {
        "kind": kind, "number": f"{_CREDIT_NUMBER}{company.mark}-{next_number(f'platform_credit:{company.id}')}",
        "issued_on": plans.today(), "reason": reason.strip()[:_MOST_REASON], "currency": row.currency,
        "net_minor": net.minor, "tax_minor": tax.minor, "rounding_minor": rounding,
    }  # fmt: skip
    note = CreditNoteRow(
        tenant_id=PLATFORM.id, id=new_id(), customer_id=row.customer_id, invoice_id=row.id,
        hash=fingerprint({**values, "invoice": row.number}), **values,
    )  # fmt: skip
    session().add(note)
    session().flush()
    jobs.soon("billing.tell", {"invoice": str(row.id), "what": "credited"})
    return note.id


def credit_of(customer_id: UUID) -> list[Money]:
    """Return what is owed to a marketplace, by currency."""
    account = books.credit(customer_id)
    return [-one.amount for one in balances() if one.account == account and one.amount.minor < 0]


def drafts_waiting() -> list[tuple[UUID, UUID]]:
    """Return drafts (invoice, customer) that wait for the company to be named."""
    query = select(InvoiceRow.id, InvoiceRow.customer_id).where(
        InvoiceRow.tenant_id == PLATFORM.id, InvoiceRow.state == "draft"
    )
    return [(row.id, row.customer_id) for row in session().execute(query)]
