"""Merchants' accounts at Stripe by its v2 API: opened for them, completed by them on a page of Stripe's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import stripe
from stripe.v2.core import Account as StripeAccount

from core.payments.stripe import client, insist, refusal

T = TypeVar("T")
_INCLUDE = ["configuration.recipient", "requirements"]
# Stripe names hundreds of requirements by path; people need to know of these kinds. The first that fits counts.
_NEEDS = (
    ("terms_of_service", "terms"), ("outbound_destination", "bank"), ("payment_method", "bank"),
    ("bank_account", "bank"), ("document", "proof"), ("id_number", "proof"), ("tax", "proof"), ("address", "address"),
    ("date_of_birth", "birth"), ("owners", "people"), ("directors", "people"), ("persons", "people"),
    ("structure", "business"), ("business_url", "business"), ("product_description", "business"), ("phone", "contact"),
    ("email", "contact"), ("name", "name"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Whose account is to be opened. The country is the merchant's."""

    tenant: str
    merchant: str
    name: str
    email: str
    country: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account as Stripe has it: `transfers` is active, pending, restricted or unsupported.

    `needs` are the kinds of things that a person must still supply: name, bank, terms, proof, address, birth,
    people, business, contact or other.
    """

    ref: str
    transfers: str
    needs: tuple[str, ...]
    is_rejected: bool


def open_account(new: NewAccount, *, key: str) -> Account:
    """Open an account that receives transfers, under an idempotency key. Raise Conflict or Unavailable."""
    balance = {"stripe_transfers": {"requested": True}}
    params: dict[str, object] = {
        "configuration": {"recipient": {"capabilities": {"stripe_balance": balance}}},
        "contact_email": new.email,
        "dashboard": "express",
        "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
        "display_name": new.name,
        "identity": {"country": new.country.lower()},
        "include": _INCLUDE,
        "metadata": {"galleria_tenant": new.tenant, "galleria_merchant": new.merchant},
    }
    options = {"idempotency_key": key}
    return _value(_asked(lambda: client().v2.core.accounts.create(params, options)))  # type: ignore[arg-type]


def retrieve(ref: str) -> Account:
    """Return an account as it is now. Raise Conflict or Unavailable."""
    return _value(_asked(lambda: client().v2.core.accounts.retrieve(ref, {"include": _INCLUDE})))  # type: ignore[arg-type]


def onboarding_link(ref: str, *, return_url: str, refresh_url: str) -> str:
    """Return an address, good once and for minutes, at which the merchant supplies what is needed."""
    use = {"configurations": ["recipient"], "return_url": return_url, "refresh_url": refresh_url}
    params: dict[str, object] = {
        "account": ref, "use_case": {"type": "account_onboarding", "account_onboarding": use}
    }  # fmt: skip
    return _asked(lambda: client().v2.core.account_links.create(params)).url  # type: ignore[arg-type]


def _asked(ask: Callable[[], T]) -> T:
    try:
        return insist(ask)
    except stripe.StripeError as error:
        raise refusal(error) from error


def _value(account: StripeAccount) -> Account:
    recipient = account.configuration.recipient if account.configuration else None
    balance = recipient.capabilities.stripe_balance if recipient and recipient.capabilities else None
    transfers = balance.stripe_transfers if balance else None
    resolutions = {detail.resolution for detail in transfers.status_details} if transfers else set()
    status = transfers.status if transfers else "unsupported"
    is_final = status == "restricted" and resolutions == {"no_resolution"}
    return Account(account.id, status, _needs(account), bool(account.closed) or is_final)


def _needs(account: StripeAccount) -> tuple[str, ...]:
    entries = (account.requirements.entries or []) if account.requirements else []
    wanted = [entry.description for entry in entries if entry.awaiting_action_from == "user"]
    return tuple(dict.fromkeys(_kind(description) for description in wanted))


def _kind(description: str) -> str:
    return next((kind for words, kind in _NEEDS if words in description), "other")
