"""Letters to merchants about their payouts and bank details; the words are translated where mail is composed."""

from __future__ import annotations

from uuid import UUID

from core.billing.payouts.models import PayoutRow
from core.kernel import jobs
from core.kernel.errors import _
from core.kernel.money import Money
from core.merchants.directory import row_of
from core.merchants.letters import locale_of

_TEXTS = {
    "paid": (
        _("We have paid you {amount}"),
        _("Payout {number} of {amount} is in your account. It lists every order that it pays."),
    ),
    "failed": (
        _("Your payout {number} did not work"),
        _("We could not pay you {amount}. Nothing is lost: it is part of your next payout. Please check your bank details."),
    ),
    "returned": (
        _("Your bank sent payout {number} back"),
        _("{amount} came back from your bank. Nothing is lost: it is part of your next payout. Please check your bank details."),
    ),
}  # fmt: skip


def write(row: PayoutRow, state: str) -> None:
    """Tell the merchant that a payout was paid, failed, or came back."""
    if state not in _TEXTS:
        return
    title, text = _TEXTS[state]
    facts = {"number": row.number, "amount": str(Money(row.amount_minor, row.currency))}
    _send(row.merchant_id, title, [text], facts, _("See the payout"), f"/merchant/payouts/{row.id}")


def account_changed(merchant_id: UUID, masked: str) -> None:
    """Tell the merchant that its bank details were changed, so that it can say that it was not its doing."""
    _send(
        merchant_id, _("Your bank details were changed"),
        [
            _("From now on we pay to {account}. For your safety payouts rest for three days."),
            _("If this was not you, write to us at once and change your password."),
        ],
        {"account": masked}, _("See your bank details"), "/merchant/payouts/account",
    )  # fmt: skip


def _send(merchant_id: UUID, title: str, paragraphs: list[str], facts: dict[str, str], label: str, path: str) -> None:
    merchant = row_of(merchant_id)
    if not merchant.email:
        return
    values = {"title": title, "paragraphs": paragraphs, "facts": facts, "action_label": label, "action_path": path}
    job = {"template": "notice", "to": merchant.email, "locale": locale_of(merchant), "values": values}
    jobs.soon("mail.compose", job, subject=f"merchant:{merchant_id}")
