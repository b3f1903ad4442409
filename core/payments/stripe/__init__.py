"""The Stripe adapter: the only package that imports stripe. No transaction is open while it talks.

This module is about payments and what the others share; accounts, payouts, disputes and the balance have their own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import stripe

from core.kernel.config import Config
from core.kernel.errors import Conflict, Denied, Unavailable, _
from core.kernel.money import Money
from core.payments.stripe.amounts import charged

METHODS = ("card", "alipay", "wechat_pay")
_ALIPAY = frozenset("cny aud cad eur gbp hkd jpy myr nzd sgd usd".split())
_TOLERANCE = 300
_TIMEOUT = 10
_PAUSES = (0.2, 0.8)  # Before the second and the third try.
_IN_USE = "idempotency_key_in_use"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment at the provider. `state` is Stripe's status; `secret` lets the buyer's browser pay it, once."""

    ref: str
    secret: str
    state: str


@dataclass(frozen=True, slots=True)
class Adapter:
    """What this adapter can do; checkout refuses a mix that it cannot settle."""

    name: str = "stripe"
    can_hold: bool = True
    hold_days: int = 90
    split_parties: int = 0  # separate charges and transfers: any number
    can_charge_saved: bool = True


ADAPTER = Adapter()
_client: list[stripe.StripeClient] = []
_secrets: list[str] = []


def configure(config: Config) -> None:
    """Point the adapter at Stripe, or at the stand-in. Called once by the composition root."""
    options: dict[str, object] = {"max_network_retries": 0}
    if config.stripe_api_base:
        base = config.stripe_api_base
        options["base_addresses"] = {"api": base, "files": base, "connect": base, "meter_events": base}
    http = stripe.RequestsClient(timeout=_TIMEOUT)
    _client[:] = [stripe.StripeClient(config.stripe_api_key or "sk_unset", http_client=http, **options)]  # type: ignore[arg-type]
    _secrets[:] = list(config.stripe_webhook_secrets)


def client() -> stripe.StripeClient:
    """Return the configured client. Raise Unavailable if payments are not set up."""
    if not _client:
        raise Unavailable("payments.not_configured", _("Payments are not set up yet"))
    return _client[0]


def insist(ask: Callable[[], T]) -> T:
    """Ask up to three times where a fault may pass (lost answer, 5xx, 429, key in use), under one idempotency key.

    After a slow fault there is no second try: nobody waits longer than the timeout and two seconds.
    """
    end = time.monotonic() + sum(_PAUSES) + 1
    for pause in _PAUSES:
        try:
            return ask()
        except stripe.StripeError as error:
            if not may_pass(error) or time.monotonic() + pause > end:
                raise
        time.sleep(pause)
    return ask()


def may_pass(error: stripe.StripeError) -> bool:
    """Tell whether the same request may go well later."""
    return isinstance(error, stripe.APIConnectionError | stripe.APIError | stripe.RateLimitError) or (
        error.code == _IN_USE
    )


@lru_cache(16)
def methods_for(currency: str) -> tuple[str, ...]:
    """Return the ways to pay that Stripe offers in a currency."""
    return METHODS if currency.lower() in _ALIPAY else ("card",)


def create(amount: Money, *, key: str, purchase: str, tenant: str, number: str, email: str) -> Intent:
    """Create a payment under an idempotency key. Raise Conflict (refused as asked) or Unavailable."""
    types = list(methods_for(amount.currency))
    params: dict[str, object] = {
        "amount": charged(amount),
        "currency": amount.currency.lower(),
        "payment_method_types": types,
        "metadata": {"galleria_tenant": tenant, "galleria_purchase": purchase},
        "transfer_group": purchase,
        "description": number,
        "receipt_email": email,
    }
    if "wechat_pay" in types:
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    try:
        made = insist(lambda: client().v1.payment_intents.create(params, options={"idempotency_key": key}))  # type: ignore[arg-type]
    except stripe.StripeError as error:
        raise refusal(error) from error
    return Intent(made.id, made.client_secret or "", made.status)


def cancel(ref: str, *, key: str) -> str:
    """Cancel a payment that is not made yet; return its status after: "canceled", or "succeeded" if it was too late."""
    try:
        return str(insist(lambda: client().v1.payment_intents.cancel(ref, options={"idempotency_key": key})).status)
    except stripe.InvalidRequestError:
        return retrieve(ref).state
    except stripe.StripeError as error:
        raise refusal(error) from error


def retrieve(ref: str) -> Intent:
    """Return a payment as the provider has it now."""
    try:
        found = insist(lambda: client().v1.payment_intents.retrieve(ref))
    except stripe.StripeError as error:
        raise refusal(error) from error
    return Intent(found.id, found.client_secret or "", found.status)


def refund(ref: str, amount: Money, *, key: str, tenant: str) -> tuple[str, str]:
    """Send money back under an idempotency key; return the refund's reference and status."""
    params: dict[str, object] = {
        "payment_intent": ref,
        "amount": charged(amount),
        "metadata": {"galleria_tenant": tenant, "galleria_refund": key},
    }
    try:
        made = insist(lambda: client().v1.refunds.create(params, options={"idempotency_key": key}))  # type: ignore[arg-type]
    except stripe.StripeError as error:
        raise refusal(error) from error
    return made.id, made.status or "pending"


def verified(payload: bytes, signature: str) -> dict[str, object]:
    """Return a webhook's event, whole (v1) or thin (v2), if one of our secrets signed it within five minutes. Raise Denied otherwise."""
    for secret in _secrets:
        try:
            text = payload.decode()
            stripe.WebhookSignature.verify_header(text, signature, secret, _TOLERANCE)
            event: object = json.loads(text)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        if isinstance(event, dict):
            return event
    raise Denied("payments.bad_signature", _("This event is not signed by the payment provider"))


def refusal(error: stripe.StripeError) -> Conflict | Unavailable:
    """Return what a provider's error means for us: refused as asked, or not reachable now."""
    refused = isinstance(error, stripe.InvalidRequestError | stripe.CardError | stripe.IdempotencyError)
    if refused and not may_pass(error):
        return Conflict("payments.refused", _("The payment provider refused this: {reason}"),
                        reason=error.user_message or error.code or "")  # fmt: skip
    return Unavailable("payments.unreachable", _("The payment provider does not answer; nothing was charged"),
                       retry_after=5)  # fmt: skip
