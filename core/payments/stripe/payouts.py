"""Pays merchants out through Stripe: a transfer to the merchant's account there, then a payout to its bank.

Charges and transfers are separate, so one payment may serve any number of merchants. Both steps carry keys of the
payout and its id in their metadata. Stripe keeps refusals under a key as well, and forgets keys after a day: so what is
there is looked for first, and the keys change by the hour, after which what was refused may be tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import stripe

from core.kernel import clock
from core.kernel.errors import AppError, Conflict, Unavailable, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.payments.adapters import Capabilities, MerchantOfRecord, PayoutOrder, Sent, SentState, register
from core.payments.stripe import ADAPTER, amounts, client, insist, may_pass

T = TypeVar("T")
STATES = {
    "pending": SentState.SENT, "in_transit": SentState.SENT, "paid": SentState.PAID, "failed": SentState.FAILED,
    "canceled": SentState.FAILED,
}  # fmt: skip
_DESCRIPTOR = 22
_SHORT = "balance_insufficient"


class StripePayouts:
    """Separate charges and transfers: the platform sells in the eyes of the bank, and pays its merchants out."""

    name = ADAPTER.name
    capabilities = Capabilities(
        can_hold=True,
        hold_days=ADAPTER.hold_days,
        split_parties=None,
        split_most_bps=10_000,
        merchant_of_record=MerchantOfRecord.PLATFORM,
        can_take_back=True,
        can_charge_saved=ADAPTER.can_charge_saved,
        needs_account=True,
        confirms_itself=True,
        tells_movements=True,
    )

    def pay_out(self, order: PayoutOrder) -> Sent:
        """Transfer the money and send it to the bank; what of it has happened before is not repeated.

        Raise Conflict (refused, and nothing is left half-way) or Unavailable (try again: no answer, or the
        platform's money at the provider has not settled yet).
        """
        if not order.account:
            raise Conflict("payments.no_account", _("This merchant has no account at the payment provider yet"))
        amounts.paid_out(order.amount)
        transfers = _transfers(order)
        standing = _standing(transfers)
        if standing and (payout := _bank_payment(order, standing)):
            return _sent(standing.id, payout)
        number = len(transfers) - (1 if standing else 0)
        hour = f"{clock.now():%Y%m%d%H}"
        transfer = standing or _asked(lambda: _transfer(order, f"payout:{order.payout_id}:transfer:{number}:{hour}"))
        try:
            payout = _asked(lambda: _to_bank(order, f"payout:{order.payout_id}:bank:{number}:{hour}"))
        except Conflict:
            undo = {"galleria_undo": str(number), "galleria_payout": str(order.payout_id)}
            _reverse(transfer.id, undo, f"payout:{order.payout_id}:undo:{number}")
            raise
        return _sent(transfer.id, payout)

    def find(self, order: PayoutOrder) -> Sent | None:
        """Return what Stripe has of a payout, looked up by what we wrote into it; half of one is as good as none."""
        transfers = _transfers(order)
        if not transfers or (payout := _bank_payment(order, transfers[0])) is None:
            return None
        return _sent(transfers[0].id, payout)

    def take_back(self, order: PayoutOrder, sent: Sent, amount: Money, *, key: str) -> Sent:
        """Reverse a part of the transfer; the answer names the reversal. What reached the bank cannot be taken."""
        known = _reversal(sent.ref, key)
        if known is None:
            metadata = {"galleria_take_back": key, "galleria_payout": str(order.payout_id)}
            known = _reverse(sent.ref, metadata, f"take_back:{key}:{clock.now():%Y%m%d%H}", amount)
        return Sent(known, SentState.RETURNED)


def bring_home(ref: str, payout_id: UUID) -> None:
    """Reverse what is left of a transfer whose bank payment failed. Raise Conflict or Unavailable."""
    transfer = _asked(lambda: client().v1.transfers.retrieve(ref))
    if not transfer.reversed:
        _reverse(ref, {"galleria_payout": str(payout_id)}, f"payout:{payout_id}:home:{ref}:{clock.now():%Y%m%d%H}")


def transfer_of(payout_id: UUID) -> str | None:
    """Return the reference of the newest transfer of a payout."""
    found = _asked(lambda: client().v1.transfers.list({"transfer_group": _group(payout_id), "limit": 1}))
    return found.data[0].id if found.data else None


def _group(payout_id: UUID) -> str:
    return f"payout:{payout_id}"


def _transfers(order: PayoutOrder) -> list[stripe.Transfer]:
    """Return the transfers of a payout, newest first: more than one only after refusals by the bank's side."""
    group = _group(order.payout_id)
    return _asked(lambda: list(client().v1.transfers.list({"transfer_group": group, "limit": 100}).data))


def _standing(transfers: list[stripe.Transfer]) -> stripe.Transfer | None:
    if not transfers:
        return None
    undone = any("galleria_undo" in _words(reversal.metadata) for reversal in transfers[0].reversals.data)
    return None if undone else transfers[0]


def _bank_payment(order: PayoutOrder, transfer: stripe.Transfer) -> stripe.Payout | None:
    """Find the bank payment of a payout among those that the merchant's account made since the transfer."""
    params: dict[str, object] = {"created": {"gte": transfer.created}, "limit": 100}
    options = {"stripe_account": order.account}

    def look() -> stripe.Payout | None:
        pages = client().v1.payouts.list(params, options)  # type: ignore[arg-type]
        wanted = str(order.payout_id)
        return next((p for p in pages.auto_paging_iter() if _words(p.metadata).get("galleria_payout") == wanted), None)

    return _asked(look)


def _transfer(order: PayoutOrder, key: str) -> stripe.Transfer:
    params: dict[str, object] = {
        "amount": amounts.charged(order.amount),
        "currency": order.amount.currency.lower(),
        "destination": order.account,
        "transfer_group": _group(order.payout_id),
        "description": order.number,
        "metadata": _metadata(order),
    }
    return client().v1.transfers.create(params, {"idempotency_key": key})  # type: ignore[arg-type]


def _to_bank(order: PayoutOrder, key: str) -> stripe.Payout:
    params: dict[str, object] = {
        "amount": amounts.paid_out(order.amount),
        "currency": order.amount.currency.lower(),
        "statement_descriptor": "".join(c for c in order.number if c.isalnum() or c in " -.")[:_DESCRIPTOR],
        "metadata": _metadata(order),
    }
    options = {"idempotency_key": key, "stripe_account": order.account}
    return client().v1.payouts.create(params, options)  # type: ignore[arg-type]


def _metadata(order: PayoutOrder) -> dict[str, str]:
    return {"galleria_tenant": str(current().id), "galleria_payout": str(order.payout_id)}


def _reversal(ref: str, key: str) -> str | None:
    found = _asked(lambda: list(client().v1.transfers.reversals.list(ref, {"limit": 100}).data))
    return next((r.id for r in found if _words(r.metadata).get("galleria_take_back") == key), None)


def _reverse(ref: str, metadata: dict[str, str], key: str, amount: Money | None = None) -> str:
    params: dict[str, object] = {"metadata": {"galleria_tenant": str(current().id), **metadata}}
    if amount is not None:
        params["amount"] = amounts.charged(amount)
    options = {"idempotency_key": key}
    try:
        return insist(lambda: client().v1.transfers.reversals.create(ref, params, options)).id  # type: ignore[arg-type]
    except stripe.StripeError as error:
        if error.code == _SHORT:
            message = _("The merchant's balance at the payment provider does not suffice")
            raise Conflict("payments.balance_short", message) from error
        raise _refusal(error) from error


def _words(metadata: object) -> dict[str, str]:
    """Return what was written into an object of Stripe's."""
    return dict(metadata.to_dict()) if isinstance(metadata, stripe.StripeObject) else {}


def _sent(ref: str, payout: stripe.Payout) -> Sent:
    return Sent(ref, STATES[payout.status], payout.id, payout.failure_code or "")


def _asked(ask: Callable[[], T]) -> T:
    try:
        return insist(ask)
    except stripe.StripeError as error:
        raise _refusal(error) from error


def _refusal(error: stripe.StripeError) -> AppError:
    """Say what a provider's error means for a payout: refused as asked, or to be tried again."""
    if error.code == _SHORT:
        return Unavailable("payments.not_settled", _("The money has not settled at the payment provider yet"),
                           retry_after=3600)  # fmt: skip
    if isinstance(
        error, stripe.InvalidRequestError | stripe.IdempotencyError | stripe.PermissionError
    ) and not may_pass(error):
        reason = error.user_message or error.code or ""
        return Conflict("payments.refused", _("The payment provider refused this: {reason}"), reason=reason)
    return Unavailable("payments.provider_silent", _("The payment provider does not answer; it is tried again"),
                       retry_after=5)  # fmt: skip


PAYOUTS = register(StripePayouts())
