"""Where a merchant's money goes, for each way of paying out: its bank account here, its account at a provider there.

A provider's part registers a finder under its adapter's name; settlement asks no provider by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.billing.payouts import letters
from core.kernel import clock
from core.payments import bank_accounts, bank_transfer, provider_accounts
from core.payments.bank_accounts import BankAccount, Details


@dataclass(frozen=True, slots=True)
class Payee:
    """A merchant's place at a way of paying out; nothing is sent there before `usable_from`, None for at once."""

    ref: str
    usable_from: datetime | None = None

    @property
    def rests(self) -> bool:
        """Whether it was changed so lately that nothing is paid there yet."""
        return self.usable_from is not None and self.usable_from > clock.now()


Finder = Callable[[UUID], Payee | None]
_finders: dict[str, Finder] = {}


def register(adapter_name: str, finder: Finder) -> None:
    """Say where an adapter's payees are found; it returns None for a merchant that cannot be paid there yet."""
    _finders[adapter_name] = finder


def payee_of(merchant_id: UUID, adapter_name: str) -> Payee | None:
    """Return a merchant's place at an adapter, None if it has none that can be paid."""
    finder = _finders.get(adapter_name)
    return finder(merchant_id) if finder else None


def account_of(merchant_id: UUID, adapter_name: str) -> str | None:
    """Return the adapter's reference of a merchant, None if it has none that can be paid."""
    found = payee_of(merchant_id, adapter_name)
    return found.ref if found else None


def change_bank_account(merchant_id: UUID, details: Details) -> BankAccount:
    """Take a merchant's bank details and tell it by mail if they have changed. Raise Invalid by field."""
    before = bank_accounts.of_merchant(merchant_id)
    written = bank_accounts.write(merchant_id, details)
    if before is not None and before.id != written.id:
        letters.account_changed(merchant_id, written.masked)
    return written


def _at_the_bank(merchant_id: UUID) -> Payee | None:
    account = bank_accounts.of_merchant(merchant_id)
    return Payee(str(account.id), account.usable_from) if account else None


register(bank_transfer.NAME, _at_the_bank)


def _at_the_provider(merchant_id: UUID) -> Payee | None:
    account = provider_accounts.of_merchant(merchant_id)
    return Payee(account.ref) if account and account.can_be_paid else None


register(provider_accounts.PROVIDER, _at_the_provider)
