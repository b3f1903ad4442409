"""Stripe Billing: customers, saved cards and invoices of the platform's own customers. No transaction is open meanwhile.

Every call carries a key made of our own row and of what is asked, so each step may be repeated: what was made is made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import stripe

from core.kernel.money import Money
from core.payments.stripe import Intent, client, insist, refusal
from core.payments.stripe.amounts import charged, received


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """Who is billed; `tenant` is whose event it is when Stripe tells of it."""

    id: str
    tenant: str
    name: str
    email: str
    country: str


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card as people know it; `until` is such as "12/2034"."""

    ref: str
    brand: str
    last4: str
    until: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line as the customer reads it at Stripe."""

    text: str
    amount: Money


@dataclass(frozen=True, slots=True)
class InvoiceOrder:
    """An invoice to be made at Stripe. `days` are given to send it, None to charge the customer's card."""

    id: str
    tenant: str
    number: str
    customer: str
    items: Sequence[Item]
    total: Money
    days: int | None


@dataclass(frozen=True, slots=True)
class Invoiced:
    """An invoice as Stripe has it now. `href` is Stripe's page on which it may be paid; `failure` why a charge failed."""

    ref: str
    state: str
    paid: Money
    href: str
    attempts: int = 0
    failure: str = ""


def open_customer(new: NewCustomer, *, key: str) -> str:
    """Make a customer; return its reference. Raise Conflict (refused as asked) or Unavailable."""
    params: dict[str, object] = {
        "name": new.name,
        "address": {"country": new.country},
        "metadata": {"galleria_tenant": new.tenant, "galleria_customer": new.id},
        **({"email": new.email} if new.email else {}),
    }
    try:
        return insist(lambda: client().v1.customers.create(params, options={"idempotency_key": key})).id  # type: ignore[arg-type]
    except stripe.StripeError as error:
        raise refusal(error) from error


def begin_saving(customer: str, tenant: str, *, key: str) -> Intent:
    """Begin to save a card of a customer: the browser finishes it with the secret. Raise Conflict or Unavailable."""
    params: dict[str, object] = {
        "customer": customer, "usage": "off_session", "payment_method_types": ["card"],
        "metadata": {"galleria_tenant": tenant},
    }  # fmt: skip
    try:
        made = insist(lambda: client().v1.setup_intents.create(params, options={"idempotency_key": key}))  # type: ignore[arg-type]
    except stripe.StripeError as error:
        raise refusal(error) from error
    return Intent(made.id, made.client_secret or "", made.status)


def saved_card(setup: str, customer: str, *, key: str) -> SavedCard | None:
    """Return the card that was saved, made the customer's own for invoices; None while it is not saved."""
    try:
        found = insist(lambda: client().v1.setup_intents.retrieve(setup, {"expand": ["payment_method"]}))
        method = found.payment_method
        if found.status != "succeeded" or not isinstance(method, stripe.PaymentMethod) or method.card is None:
            return None
        chosen: dict[str, object] = {"invoice_settings": {"default_payment_method": method.id}}
        insist(lambda: client().v1.customers.update(customer, chosen, options={"idempotency_key": key}))  # type: ignore[arg-type]
    except stripe.StripeError as error:
        raise refusal(error) from error
    card = method.card
    return SavedCard(method.id, card.brand, card.last4 or "", f"{card.exp_month:02}/{card.exp_year}")


def make_invoice(order: InvoiceOrder) -> Invoiced:
    """Draft an invoice with its items and finalise it. Raise Conflict, also where Stripe's total is another."""
    try:
        ref = _known(order) or _drafted(order)
        made = insist(lambda: client().v1.invoices.retrieve(ref))
        if made.status == "draft" and made.total == charged(order.total):
            made = insist(
                lambda: client().v1.invoices.finalize_invoice(
                    ref, {"auto_advance": False}, options={"idempotency_key": f"invoice:{order.id}:final"}
                )
            )
    except stripe.StripeError as error:
        raise refusal(error) from error
    return _value(made)


def _known(order: InvoiceOrder) -> str | None:
    """Return the invoice that was made for this order before: Stripe forgets keys after a day."""
    page = insist(lambda: client().v1.invoices.list({"customer": order.customer, "limit": 100}))
    for one in page.data:
        if getattr(one.metadata, "galleria_invoice", None) == order.id and one.status != "draft":
            return one.id
    return None


def _drafted(order: InvoiceOrder) -> str:
    wanted: dict[str, object] = {
        "customer": order.customer, "currency": order.total.currency.lower(), "auto_advance": False,
        "pending_invoice_items_behavior": "exclude", "number": order.number,
        "collection_method": "charge_automatically" if order.days is None else "send_invoice",
        "metadata": {"galleria_tenant": order.tenant, "galleria_invoice": order.id},
        "payment_settings": {"payment_method_types": ["card"]},
        **({} if order.days is None else {"days_until_due": order.days}),
    }  # fmt: skip
    key = f"invoice:{order.id}"
    made = insist(lambda: client().v1.invoices.create(wanted, options={"idempotency_key": key}))  # type: ignore[arg-type]
    for place, item in enumerate(order.items):
        _add(order, made.id, item, f"{key}:{place}")
    return made.id


def _add(order: InvoiceOrder, invoice: str, item: Item, key: str) -> None:
    params: dict[str, object] = {
        "customer": order.customer, "invoice": invoice, "currency": item.amount.currency.lower(),
        "amount": charged(item.amount), "description": item.text[:200],
    }  # fmt: skip
    insist(lambda: client().v1.invoice_items.create(params, options={"idempotency_key": key}))  # type: ignore[arg-type]


def charge(ref: str, *, key: str) -> Invoiced:
    """Charge the customer's card for an invoice; a decline is an answer, not an error. Raise Conflict or Unavailable."""
    try:
        paid = insist(lambda: client().v1.invoices.pay(ref, {"off_session": True}, options={"idempotency_key": key}))
    except stripe.CardError as error:
        found = find(ref)
        reason = str(getattr(error.error, "decline_code", None) or error.code or "declined")
        return Invoiced(found.ref, found.state, found.paid, found.href, found.attempts, reason)
    except stripe.StripeError as error:
        found = find(ref)  # somebody may have been faster
        if found.state == "paid":
            return found
        raise refusal(error) from error
    return _value(paid)


def send(ref: str, *, key: str) -> Invoiced:
    """Have Stripe mail an invoice to its customer. Raise Conflict or Unavailable."""
    try:
        return _value(insist(lambda: client().v1.invoices.send_invoice(ref, options={"idempotency_key": key})))
    except stripe.StripeError as error:
        raise refusal(error) from error


def find(ref: str) -> Invoiced:
    """Return an invoice as Stripe has it. Raise Conflict or Unavailable."""
    try:
        return _value(insist(lambda: client().v1.invoices.retrieve(ref)))
    except stripe.StripeError as error:
        raise refusal(error) from error


def settle(ref: str, what: str, *, key: str) -> Invoiced:
    """Tell Stripe what became of an invoice here: "paid" elsewhere, "void" or "uncollectible". Repeats change nothing."""
    options: stripe.RequestOptions = {"idempotency_key": key}
    calls = {
        "paid": lambda: client().v1.invoices.pay(ref, {"paid_out_of_band": True}, options=options),
        "void": lambda: client().v1.invoices.void_invoice(ref, options=options),
        "uncollectible": lambda: client().v1.invoices.mark_uncollectible(ref, options=options),
    }
    found = find(ref)
    if found.state in ("paid", "void", what):
        return found
    try:
        return _value(insist(calls[what]))
    except stripe.StripeError as error:
        raise refusal(error) from error


def _value(made: stripe.Invoice) -> Invoiced:
    paid = received(made.amount_paid, made.currency)
    return Invoiced(made.id or "", made.status or "draft", paid, made.hosted_invoice_url or "", made.attempt_count)
