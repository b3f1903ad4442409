"""Addresses of the journal's accounts (money.md)."""

from __future__ import annotations

from uuid import UUID

FEE, FEE_TAX, PROMO = "fee", "fee_tax", "promo_expense"
OWN_SALES, OWN_TAX = "own_sales", "own_tax"
LATE = "liability:late_payments"
BUYER_FEES = "held:platform"


def provider(name: str) -> str:
    """Money at a payment provider."""
    return f"psp:{name}"


def held(merchant_id: UUID) -> str:
    """Buyers' money for a merchant that is not released yet."""
    return f"held:{merchant_id}"


def payable(merchant_id: UUID) -> str:
    """What the platform owes a merchant."""
    return f"payable:{merchant_id}"
