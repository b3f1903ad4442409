"""What a provider says of a payout becomes its state and its postings, whatever comes twice, late or out of order."""

from __future__ import annotations

from uuid import UUID

from core.billing import accounts
from core.billing.capture import record_event
from core.billing.payouts import earnings, letters
from core.billing.payouts.models import PayoutRow
from core.billing.payouts.states import PAYOUT
from core.hooks.events import SubjectEvent
from core.hooks.money import MoneyEvent, MoneyFact, Posting
from core.hooks.runtime import move, publish
from core.hooks.types import Json
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.ledger import journal
from core.payments import adapters
from core.payments.adapters import Sent, SentState

_WAYS: dict[SentState, dict[str, tuple[str, ...]]] = {
    SentState.TAKEN: {},
    SentState.SENT: {"claimed": ("sent",)},
    SentState.PAID: {"claimed": ("sent", "paid"), "sent": ("paid",)},
    SentState.FAILED: {"claimed": ("failed",), "sent": ("failed",), "paid": ("returned",)},
    SentState.RETURNED: {"claimed": ("sent", "returned"), "sent": ("returned",), "paid": ("returned",)},
}
"""Through which states a payout goes, from where it is, when the provider says this. Nothing means: known already."""
_UNFIT = {("failed", SentState.PAID), ("cancelled", SentState.SENT), ("cancelled", SentState.PAID)}
"""Words that cannot be true of a payout in this state, or that came in a wrong order: a person looks at them."""


@adapters.when_payout_changed
def note(payout_id: UUID, sent: Sent) -> None:
    """Take note of what a provider says of a payout; words that were heard before change nothing."""
    for row in lock(PayoutRow, [payout_id]):
        row.provider_ref = row.provider_ref or sent.ref
        row.bank_ref = sent.bank_ref or row.bank_ref
        if (row.state, sent.state) in _UNFIT:
            row.trouble = _("The provider says that it was paid, though it had ended here. Look at both sides.")
            audit.record("payout.unfit", "payout", row.id, said=sent.state.value, state=row.state)
        for target in _WAYS[sent.state].get(row.state, ()):
            _step(row, target, sent)


def _step(row: PayoutRow, target: str, sent: Sent) -> None:
    was_sent = row.state != "claimed"
    move(PAYOUT, row, target, ref=sent.ref, failure=sent.failure)
    if target == "sent":
        row.sent_at, row.trouble = clock.now(), ""
        posting = Posting(row.leaves_from, accounts.in_transit(row.id), _amount(row), "payout")
        journal.post(f"payout:{row.id}:sent", "payout.sent", [posting])
    elif target == "paid":
        row.ended_at, row.trouble = clock.now(), ""
        event = MoneyEvent(row.id, MoneyFact.PAYOUT_PAID, None, _amount(row), merchant_id=row.merchant_id)
        record_event(event)
    else:
        _came_back(row, target, sent, was_sent=was_sent)
    session().flush()
    _tell(row, target)


def _came_back(row: PayoutRow, target: str, sent: Sent, *, was_sent: bool) -> None:
    """Undo what was posted, open the rows again, and end the payout."""
    row.failure, row.ended_at = sent.failure[:300], clock.now()
    payable, transit = accounts.payable(row.merchant_id), accounts.in_transit(row.id)
    postings = [Posting(payable, transit, _amount(row), "payout came back")]
    if was_sent:
        taken = Money(row.taken_back_minor, row.currency)
        postings += [
            Posting(transit, row.leaves_from, _amount(row), "payout came back"),
            Posting(row.leaves_from, payable, taken, "was taken back before"),
        ]
    journal.post(f"payout:{row.id}:{target}", f"payout.{target}", postings)
    earnings.reopen(row.id)


def _amount(row: PayoutRow) -> Money:
    return Money(row.amount_minor, row.currency)


def _tell(row: PayoutRow, target: str) -> None:
    letters.write(row, target)
    facts: dict[str, Json] = {"number": row.number, "amount_minor": row.amount_minor, "currency": row.currency,
             "merchant": str(row.merchant_id)}  # fmt: skip
    publish(SubjectEvent(new_id(), clock.now(), "payout", target, row.id, facts), subject=row.id)
