"""Addresses of the journal's accounts (money.md)."""

from __future__ import annotations

from uuid import UUID

FEE, FEE_TAX, PROMO = "fee", "fee_tax", "promo_expense"
OWN_SALES, OWN_TAX = "own_sales", "own_tax"
PSP_COST, DISPUTES, WRITTEN_OFF = "psp_cost", "dispute_receivable", "write_off"
LATE = "liability:late_payments"
UNEXPLAINED = "liability:unexplained"
"""Money that came to a provider or left it without anybody here knowing why, until a person finds out."""
BUYER_FEES = "held:platform"
BANK = "psp:bank"
"""The marketplace's own bank account, from which transfers by hand leave."""


def provider(name: str) -> str:
    """Money at a payment provider."""
    return f"psp:{name}"


def held(merchant_id: UUID) -> str:
    """Buyers' money for a merchant that is not released yet."""
    return f"held:{merchant_id}"


def payable(merchant_id: UUID) -> str:
    """What the platform owes a merchant."""
    return f"payable:{merchant_id}"


def reserve(merchant_id: UUID) -> str:
    """Released money of a merchant that is kept back for a time, against refunds to come."""
    return f"reserve:{merchant_id}"


def in_transit(payout_id: UUID) -> str:
    """A payout that is claimed and not yet confirmed to have left."""
    return f"in_transit:{payout_id}"


def receivable(merchant_id: UUID) -> str:
    """What a merchant was invoiced for and has not paid yet."""
    return f"receivable:{merchant_id}"
