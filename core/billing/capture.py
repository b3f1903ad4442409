"""Capture: a buyer's payment becomes money held for each merchant; what the platform funds is its expense."""

from __future__ import annotations

from datetime import date

from core.billing import accounts
from core.hooks.money import MoneyEvent, MoneyFact, Posting, ledger_postings
from core.hooks.runtime import plugins
from core.hooks.types import OrderSnapshot
from core.kernel.money import Money, total
from core.kernel.tenancy import current
from core.ledger import journal


def post_capture(order: OrderSnapshot, provider: str, *, effective_on: date | None = None) -> None:
    """Post an order's share of a payment: once, whatever happens twice."""
    promo = total((amounts.platform_discount for amounts in order.amounts.values()), order.total.currency)
    held = accounts.held(order.merchant_id)
    postings = [
        Posting(held, accounts.provider(provider), order.total, "payment"),
        Posting(held, accounts.PROMO, promo, "discount funded by the platform"),
    ]
    key = f"order:{order.id}:captured"
    journal.post(key, "payment.captured", postings, order_id=order.id, effective_on=effective_on)
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
