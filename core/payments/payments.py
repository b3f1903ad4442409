"""A purchase's payment: intended in our rows first, made at the provider after, its state derived from events."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.kernel import clock, jobs
from core.kernel.db import fetched, session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.kernel.rows import store
from core.kernel.tenancy import current, current_id
from core.kernel.tx import read_only, transaction
from core.payments import stripe
from core.payments.models import PaymentRefundRow, PaymentRow

Listener = Callable[[PaymentRow], None]
_on_captured: list[Listener] = []
_on_cancelled: list[Listener] = []


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as pages show it."""

    id: UUID
    purchase_id: UUID
    provider: str
    provider_ref: str | None
    client_secret: str
    amount: Money
    state: str
    method: str
    failure: str


def when_captured(listener: Listener) -> Listener:
    """Call back, in the same transaction, when a payment has been made: checkout settles the purchase."""
    _on_captured.append(listener)
    return listener


def when_cancelled(listener: Listener) -> Listener:
    """Call back, in the same transaction, when the provider has cancelled a payment."""
    _on_cancelled.append(listener)
    return listener


def intend(purchase_id: UUID, amount: Money) -> UUID:
    """Write the intention to be paid; an amount of nothing needs no provider."""
    key = new_id()
    row = {
        "id": key,
        "purchase_id": purchase_id,
        "provider": stripe.ADAPTER.name if amount else "none",
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "state": "created",
        "client_secret": "",
    }
    store(PaymentRow, [row])
    return key


def of_purchase(purchase_id: UUID) -> Payment:
    """Return a purchase's payment. Raise Missing if there is none."""
    found = fetched(_OF_PURCHASE, {"tenant": current_id(), "purchase": purchase_id})
    if not found:
        raise Missing("payments.no_payment", _("There is no payment for this purchase"))
    return _value(_Read._make(found[0]))


_Read = namedtuple(
    "_Read", "id purchase_id provider provider_ref client_secret amount_minor currency state method failure"
)
_OF_PURCHASE = """
    select id, purchase_id, provider, provider_ref, client_secret, amount_minor, currency, state, method, failure
      from payments where tenant_id = %(tenant)s and purchase_id = %(purchase)s"""


def _value(row: PaymentRow | _Read) -> Payment:
    return Payment(
        row.id, row.purchase_id, row.provider, row.provider_ref, row.client_secret,
        Money(row.amount_minor, row.currency), row.state, row.method, row.failure,
    )  # fmt: skip


def start(payment: Payment) -> Payment:
    """Create the payment at the provider, unless it is there. Opens its own transactions; safe to repeat.

    Raise Conflict or Unavailable; the purchase stays as it is and may be tried again.
    """
    if payment.provider_ref or payment.provider == "none":
        return payment
    with read_only():
        (number, email) = fetched(_PURCHASE, {"tenant": current_id(), "purchase": payment.purchase_id})[0]
    intent = stripe.create(
        payment.amount, key=f"payment:{payment.id}", purchase=str(payment.purchase_id), tenant=str(current().id),
        number=number, email=email,
    )  # fmt: skip
    with transaction():
        found = fetched(
            _STARTED, {"tenant": current_id(), "id": payment.id, "ref": intent.ref, "secret": intent.secret}
        )
    return _value(_Read._make(found[0]))


_PURCHASE = "select number, email from purchases where tenant_id = %(tenant)s and id = %(purchase)s"
_STARTED = """
    update payments set provider_ref = coalesce(provider_ref, %(ref)s),
           client_secret = coalesce(nullif(client_secret, ''), %(secret)s),
           state = case state when 'created' then 'pending' else state end
     where tenant_id = %(tenant)s and id = %(id)s 
    returning id, purchase_id, provider, provider_ref, client_secret, amount_minor, currency, state, method, failure"""


def captured(row: PaymentRow, method: str) -> None:
    """Note that the money is at the provider; the second time nothing happens."""
    if row.state in ("captured", "late"):
        return
    row.state, row.method, row.captured_at, row.failure = "captured", method, clock.now(), ""
    for listener in _on_captured:
        listener(row)


def failed(row: PaymentRow, reason: str) -> None:
    """Note a try that failed; the buyer may try again."""
    if row.state in ("created", "pending", "failed"):
        row.state, row.failure = "failed", reason


def cancelled(row: PaymentRow) -> None:
    """Note that the provider has given the payment up."""
    if row.state in ("created", "pending", "failed"):
        row.state = "cancelled"
        for listener in _on_cancelled:
            listener(row)


def ask_to_cancel(purchase_id: UUID) -> None:
    """Have the payment cancelled at the provider after this transaction; one that was never made is gone at once."""
    row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase_id)).one()
    if row.provider == "none" or row.state not in ("created", "pending", "failed"):
        return
    jobs.soon("payments.cancel", {"payment": str(row.id)})


@jobs.slow_job("payments.cancel")
def _cancel(payload: jobs.Payload) -> None:
    with transaction():
        row = session().scalars(select(PaymentRow).where(PaymentRow.id == UUID(payload["payment"]))).one()
        ref = row.provider_ref
    state = stripe.cancel(ref, key=f"cancel:{payload['payment']}") if ref else "canceled"
    if state not in ("canceled", "succeeded"):
        raise Conflict("payments.still_open", _("The payment is still under way at the provider"))
    with transaction():
        (row,) = lock(PaymentRow, [UUID(payload["payment"])])
        if state == "succeeded":
            captured(row, row.method or "card")
        else:
            cancelled(row)


def send_back(payment_id: UUID, amount: Money, *, key: str, order_id: UUID | None = None) -> None:
    """Intend to send money back; a job does it under the key. Nothing of nothing. The same key again does nothing.

    Of a payment that no provider here took, nothing can be sent: the row says at once that it is settled outside.
    """
    if not amount:
        return
    found = session().scalars(select(PaymentRefundRow.id).where(PaymentRefundRow.key == key)).first()
    if found is not None:
        return
    row = PaymentRefundRow(
        id=new_id(), payment_id=payment_id, order_id=order_id, key=key, amount_minor=amount.minor,
        currency=amount.currency, state="intended" if _has_provider(payment_id) else "outside",
    )  # fmt: skip
    session().add(row)
    if row.state == "intended":
        jobs.soon("payments.refund", {"refund": str(row.id)}, subject=f"payment:{payment_id}")


def _has_provider(payment_id: UUID) -> bool:
    provider = session().scalar(select(PaymentRow.provider).where(PaymentRow.id == payment_id))
    return provider == stripe.ADAPTER.name


@jobs.slow_job("payments.refund", retries=50)
def _refund(payload: jobs.Payload) -> None:
    with transaction():
        row = session().scalars(select(PaymentRefundRow).where(PaymentRefundRow.id == UUID(payload["refund"]))).one()
        payment = session().scalars(select(PaymentRow).where(PaymentRow.id == row.payment_id)).one()
        is_open, ref = row.state in ("intended", "pending"), payment.provider_ref
        amount = Money(row.amount_minor, row.currency)
    if not is_open or ref is None:
        return
    provider_ref, state = stripe.refund(ref, amount, key=f"refund:{payload['refund']}", tenant=str(current().id))
    with transaction():
        (row,) = lock(PaymentRefundRow, [UUID(payload["refund"])])
        row.provider_ref = provider_ref
        note_refund(row, state)


_PROGRESS = ("intended", "pending", "succeeded", "failed")  # A bank may return what had succeeded, never the reverse.


def note_refund(row: PaymentRefundRow, status: str, failure: str = "") -> None:
    """Note what the provider says of a refund; words that come late or twice never take its state back."""
    state = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}.get(status, "pending")
    if _PROGRESS.index(state) > _PROGRESS.index(row.state):
        row.state = state
    row.failure = failure or row.failure
