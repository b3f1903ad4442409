"""How an issued invoice is collected at the payment provider: its customer, its card, its invoice, and what it says later.

Jobs on the platform's ground. What is made there is keyed by our row and looked for again, so a lost answer, a repeat
or news that come out of order make one invoice and one charge.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.secrets import digest
from core.kernel.tenancy import bind
from core.kernel.tx import read_only, transaction
from core.payments import invoice_news
from core.payments.invoice_news import CardNews, InvoiceNews, News
from core.payments.stripe import Intent
from core.payments.stripe import billing as provider
from core.payments.stripe.billing import Invoiced, InvoiceOrder, Item, NewCustomer
from tenants.billing import accounts, invoices, subscriptions
from tenants.billing.accounts import Account
from tenants.billing.facts import Customer
from tenants.billing.models import AccountRow, InvoiceRow
from tenants.values import PLATFORM


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be collected, and how."""

    row: InvoiceRow
    account: Account


def _read(invoice_id: UUID) -> _Order:
    with bind(PLATFORM), read_only():
        query = select(InvoiceRow).where(InvoiceRow.tenant_id == PLATFORM.id, InvoiceRow.id == invoice_id)
        row = session().scalars(query).one_or_none()
        if row is None:
            raise Missing("billing.no_invoice", _("There is no such invoice"))
        return _Order(row, accounts.account(row.customer_id))


def customer_ref(who: Customer) -> str:
    """Return the provider's name of a customer, made if there is none. Opens its own transactions."""
    with bind(PLATFORM), read_only():
        known = accounts.account(who.id)
    if known.provider_ref:
        return known.provider_ref
    new = NewCustomer(str(who.id), str(PLATFORM.id), known.name or who.name, known.email, known.country or who.country)
    ref = provider.open_customer(new, key=f"customer:{who.id}:{digest(repr(new))[:16]}")
    with bind(PLATFORM), transaction():
        row = accounts.locked(who.id)
        row.provider_ref = row.provider_ref or ref
        return row.provider_ref


def begin_saving(customer_id: UUID) -> Intent:
    """Begin to save a card of a marketplace at the provider. Opens its own transactions. Raise Conflict or Unavailable."""
    who = subscriptions.customer(customer_id)
    ref = customer_ref(who)
    made = provider.begin_saving(ref, str(PLATFORM.id), key=f"setup:{new_id()}")
    with bind(PLATFORM), transaction():
        accounts.locked(customer_id).setup_ref = made.ref
    return made


def look_for_card(customer_id: UUID) -> bool:
    """Keep the card that was saved last, if it was; return whether there is one now. Opens its own transactions."""
    with bind(PLATFORM), read_only():
        known = accounts.account(customer_id)
    if known.setup_ref:
        _keep_card(customer_id, known.setup_ref, known.provider_ref)
    with bind(PLATFORM), read_only():
        return accounts.account(customer_id).card is not None


def _keep_card(customer_id: UUID, setup: str, customer: str) -> None:
    card = provider.saved_card(setup, customer, key=f"card:{setup}")
    if card is None:
        return
    with bind(PLATFORM), transaction():
        row = accounts.locked(customer_id)
        if row.setup_ref != setup and row.method_ref:
            return
        if row.method_ref != card.ref:
            audit.record("billing.card_saved", "tenant", customer_id, brand=card.brand, last4=card.last4)
        row.method_ref, row.setup_ref = card.ref, ""
        row.card = {"brand": card.brand, "last4": card.last4, "until": card.until}
        row.collection = "charge"


@jobs.slow_job("billing.card", retries=50)
def _card(payload: jobs.Payload) -> None:
    with bind(PLATFORM), read_only():
        query = select(AccountRow).where(
            AccountRow.tenant_id == PLATFORM.id, AccountRow.provider_ref == payload["customer"]
        )
        row = session().scalars(query).first()
    if row is not None:
        _keep_card(row.customer_id, payload["setup"], row.provider_ref)


@jobs.slow_job("billing.collect", retries=50)
def _collect(payload: jobs.Payload) -> None:
    collect(UUID(payload["invoice"]), payload.get("again", ""))


def collect(invoice_id: UUID, again: str = "") -> str:
    """Make an invoice at the provider and charge or send it; return its state here. Opens its own transactions.

    `again` names another try after a decline; the same name tries once. Raise Conflict or Unavailable.
    """
    order = _read(invoice_id)
    if order.row.state != "open":
        return order.row.state
    who = subscriptions.customer(order.row.customer_id)
    made = _made(order, customer_ref(who))
    if made.state == "open" and order.account.collection == "charge" and order.account.method_ref:
        made = provider.charge(made.ref, key=f"charge:{invoice_id}:{again or order.account.method_ref}")
    elif made.state == "open" and not again and order.account.collection == "send":
        made = provider.send(made.ref, key=f"send:{invoice_id}")
    return _note(invoice_id, made)


def _made(order: _Order, customer: str) -> Invoiced:
    row = order.row
    if row.provider_ref:
        return provider.find(row.provider_ref)
    days = (row.due_on - row.issued_on).days if row.due_on and row.issued_on else 0
    sends = order.account.collection == "send"
    made = provider.make_invoice(
        InvoiceOrder(str(row.id), str(PLATFORM.id), row.number or "", customer, _items(row), invoices.due_of(row),
                     max(days, 1) if sends else None)
    )  # fmt: skip
    with bind(PLATFORM), transaction():
        fresh = invoices.taken(row.id)
        fresh.provider_ref, fresh.provider_href = made.ref, made.href
    if made.state == "draft":
        raise Conflict("billing.other_total", _("The payment provider adds this invoice up differently"))
    return made


def _items(row: InvoiceRow) -> list[Item]:
    """Return the lines as the provider shows them: the net, the tax, and what changes the sum to be paid."""
    pairs = [
        (f"{row.number}: {row.month:%Y-%m}", row.net_minor), (f"Tax {row.tax_bps / 100:g}%", row.tax_minor),
        ("Rounding", row.rounding_minor), ("Set off against credit", -row.settled_minor),
    ]  # fmt: skip
    exact = [Item(text, Money(minor, row.currency)) for text, minor in pairs if minor]
    return exact if not row.rounding_minor else [Item(pairs[0][0], invoices.due_of(row))]


def _note(invoice_id: UUID, made: Invoiced) -> str:
    with bind(PLATFORM), transaction():
        if made.state == "paid":
            invoices.pay(invoice_id, made.paid, by="stripe", reference=made.ref)
        elif made.failure:
            invoices.fail(invoice_id, made.failure, attempts=made.attempts)
        return invoices.taken(invoice_id).state


def pay_now(invoice_id: UUID, *, again: str) -> str:
    """Charge an open invoice at once, or make its page to pay it; return its state. Raise Conflict or Unavailable.

    The same `again` tries once. Opens its own transactions.
    """
    if _read(invoice_id).row.state != "open":
        raise Conflict("billing.not_open", _("Nothing is due on this invoice"))
    return collect(invoice_id, again or str(new_id()))


def ask(invoice_id: UUID, *, again: str) -> None:
    """Have an open invoice charged once more. Raise Conflict if nothing is due. On the platform's ground."""
    row = invoices.taken(invoice_id)
    if row.state != "open":
        raise Conflict("billing.not_open", _("Nothing is due on this invoice"))
    payload = {"invoice": str(row.id), "again": again}
    jobs.soon("billing.collect", payload, subject=f"invoice:{row.id}")


@jobs.slow_job("billing.settle_there", retries=50)
def _settle_there(payload: jobs.Payload) -> None:
    """Tell the provider what became of an invoice here; one that it does not know needs nothing."""
    order = _read(UUID(payload["invoice"]))
    if order.row.provider_ref:
        what = str(payload["what"])
        found = provider.settle(order.row.provider_ref, what, key=f"{what}:{order.row.id}")
        if found.state == "paid" and what == "void":
            with bind(PLATFORM), transaction():
                invoices.pay(order.row.id, found.paid, by="stripe", reference=found.ref)


@invoice_news.when_told
def heard(news: News) -> None:
    """Note what the provider tells, in the transaction of its event: whatever order it comes in, and however often."""
    if isinstance(news, CardNews):
        jobs.soon("billing.card", {"setup": news.setup_ref, "customer": news.customer_ref})
        return
    row = invoices.taken(news.invoice_id)
    row.provider_ref = row.provider_ref or news.ref
    if news.state == "paid":
        _heard_paid(news, row)
    elif news.has_failed:
        invoices.fail(row.id, row.failure or "declined", attempts=news.attempts)
    elif news.state == "void" and row.state in ("open", "uncollectible"):
        invoices.void(row.id, "voided at the payment provider", is_told=True)
    elif news.state == "uncollectible" and row.state == "open":
        invoices.give_up(row.id, "given up at the payment provider")


def _heard_paid(news: InvoiceNews, row: InvoiceRow) -> None:
    if news.is_outside and row.state == "paid":
        return
    invoices.pay(row.id, news.paid, by="bank" if news.is_outside else "stripe", reference=news.ref)
