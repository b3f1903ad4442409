"""Capture: a buyer's payment becomes money held for each merchant; what the platform funds is its expense."""

from __future__ import annotations

from datetime import date

from core.billing import accounts
from core.hooks.money import MoneyEvent, MoneyFact, Posting, ledger_postings
from core.hooks.runtime import plugins
from core.hooks.types import OrderSnapshot
from core.kernel import clock
from core.kernel.money import Money, total
from core.kernel.tenancy import current
from core.ledger import journal
from core.ledger.journal import Draft


def post_capture(order: OrderSnapshot, provider: str, *, effective_on: date | None = None) -> None:
    """Post an order's share of a payment: once, whatever happens twice."""
    draft = capture_draft(order, provider, effective_on or clock.today(current().timezone))
    journal.post(draft.key, draft.kind, draft.postings, order_id=draft.order_id, effective_on=draft.effective_on)
    tell_captured(order)


def capture_draft(order: OrderSnapshot, provider: str, effective_on: date) -> Draft:
    """Return the entry of an order's share of a payment, for many to be posted at once."""
    promo = total((amounts.platform_discount for amounts in order.amounts.values()), order.total.currency)
    held = accounts.held(order.merchant_id)
    postings = [
        Posting(held, accounts.provider(provider), order.total, "payment"),
        Posting(held, accounts.PROMO, promo, "discount funded by the platform"),
    ]
    return Draft(f"order:{order.id}:captured", "payment.captured", postings, order.id, effective_on)


def tell_captured(order: OrderSnapshot) -> None:
    """Let the plugins post what is theirs of a payment."""
    record_event(MoneyEvent(order.id, MoneyFact.PAYMENT_CAPTURED, order, order.total, merchant_id=order.merchant_id))


def record_event(event: MoneyEvent) -> None:
    """Ask every plugin for its own postings of a money event and post them, once per event and plugin."""
    by_plugin: dict[str, list[Posting]] = {}
    for plugin, posting in plugins().attributed(ledger_postings, tenant=current(), event=event):
        by_plugin.setdefault(plugin, []).append(posting)
    for plugin, postings in by_plugin.items():
        order_id = event.order.id if event.order else None
        journal.post(f"{plugin}:{event.name}:{event.id}", event.name, postings, order_id=order_id)


def post_late(key: str, provider: str, amount: Money) -> None:
    """Post a payment that came too late to be used, in and out again."""
    into, out = accounts.provider(provider), accounts.LATE
    journal.post(f"{key}:in", "payment.late", [Posting(out, into, amount, "late payment")])
    journal.post(f"{key}:out", "payment.late", [Posting(into, out, amount, "late payment sent back")])
