"""What the provider says of invoices to the platform's own customers: passed on to whoever keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.kernel.money import Money
from core.payments.stripe.amounts import received


@dataclass(frozen=True, slots=True)
class InvoiceNews:
    """An invoice as the provider had it when it told: `state` is draft, open, paid, void or uncollectible."""

    invoice_id: UUID
    ref: str
    state: str
    paid: Money
    is_outside: bool
    attempts: int
    has_failed: bool


@dataclass(frozen=True, slots=True)
class CardNews:
    """A card was saved for a customer at the provider."""

    setup_ref: str
    customer_ref: str


News = InvoiceNews | CardNews
_listeners: list[Callable[[News], None]] = []


def when_told(listener: Callable[[News], None]) -> Callable[[News], None]:
    """Call back with each piece of news, in the transaction that works on the provider's event."""
    _listeners.append(listener)
    return listener


def _tell(news: News) -> None:
    for listener in _listeners:
        listener(news)


def heard(obj: Mapping[str, Any]) -> None:
    """Tell how an invoice stands; one that carries no mark of ours is left alone."""
    _heard(obj, has_failed=False)


def declined(obj: Mapping[str, Any]) -> None:
    """Tell that a charge for an invoice failed."""
    _heard(obj, has_failed=True)


def _heard(obj: Mapping[str, Any], *, has_failed: bool) -> None:
    try:
        key = UUID(str((obj.get("metadata") or {}).get("galleria_invoice", "")))
    except ValueError:
        return
    paid = received(int(obj.get("amount_paid") or 0), obj["currency"])
    is_outside = bool(obj.get("amount_paid_off_stripe"))
    _tell(InvoiceNews(key, obj["id"], obj["status"], paid, is_outside, int(obj.get("attempt_count") or 0), has_failed))


def card_saved(obj: Mapping[str, Any]) -> None:
    """Tell that a card was saved."""
    _tell(CardNews(obj["id"], str(obj.get("customer") or "")))
