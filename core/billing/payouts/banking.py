"""The marketplace's own money: what lies at each provider and at the bank, and moving it from one to the other."""

from __future__ import annotations

from core.billing import accounts
from core.hooks.money import Posting
from core.kernel import audit
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.ledger import balances, journal


def purses() -> list[tuple[str, Money]]:
    """Return what lies where: (name of provider, or "bank", amount), the bank always and first."""
    currency = current().currency
    found = {
        row.account.partition(":")[2]: row.amount
        for row in balances.balances()
        if row.account.startswith("psp:") and row.amount.currency == currency
    }
    at_bank = found.pop("bank", Money.zero(currency))
    return [("bank", at_bank), *sorted(found.items())]


def withdraw(provider: str, amount: Money, *, key: str) -> bool:
    """Note that a provider has paid money to the bank account; return whether it was new under its key.

    Raise Invalid for no amount, Conflict for more than lies there.
    """
    if amount.minor <= 0:
        fault = FieldError("amount", _("Give an amount above zero"))
        raise Invalid("payouts.withdrawal", _("Nothing was moved"), fields=(fault,))
    there = dict(purses()).get(provider, Money.zero(amount.currency))
    if provider == "bank" or there < amount:
        raise Conflict("payouts.not_there", _("Only {amount} lies at this provider"), amount=str(there))
    posting = Posting(accounts.provider(provider), accounts.BANK, amount, "moved to the bank")
    is_new = journal.post(f"withdrawal:{key or new_id()}", "provider.withdrawn", [posting]) is not None
    if is_new:
        audit.record("payouts.withdrawn", "tenant", None, provider=provider, amount=str(amount))
    return is_new
