"""Merchants' accounts at the payment provider: opened, completed by the merchant there, and kept current by its events.

The functions that ask the provider open their own transactions, one before and one after; each may be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from core.hooks.runtime import move
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.machine import machine
from core.kernel.secrets import digest
from core.kernel.tenancy import current
from core.kernel.tx import read_only, transaction
from core.merchants import directory, letters
from core.payments.models import ProviderAccountRow
from core.payments.stripe import ADAPTER, accounts

PROVIDER = ADAPTER.name
MACHINE = machine(
    "provider_account",
    new="pending restricted active rejected",
    pending="restricted active rejected",
    restricted="pending active rejected",
    active="pending restricted rejected",
    rejected="pending restricted active",
)
_LETTERS = {"active": "payouts_ready", "restricted": "payouts_wait", "rejected": "payouts_refused"}


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """A merchant's account: `ref` is the provider's name of it, "" while it is not open yet."""

    id: UUID
    merchant_id: UUID
    provider: str
    ref: str
    state: str
    needs: tuple[str, ...]
    created_at: datetime
    checked_at: datetime | None

    @property
    def can_be_paid(self) -> bool:
        """Whether the provider sends money there now."""
        return self.state == "active" and bool(self.ref)


def of_merchant(merchant_id: UUID, provider: str = PROVIDER) -> ProviderAccount | None:
    """Return a merchant's account at a provider, None if it has none."""
    row = _row(merchant_id, provider)
    return _value(row) if row else None


def search(*, state: str = "", before: UUID | None = None, limit: int = 50) -> list[ProviderAccount]:
    """Return accounts, newest first."""
    query = select(ProviderAccountRow).order_by(ProviderAccountRow.id.desc()).limit(limit)
    if state:
        query = query.where(ProviderAccountRow.state == state)
    if before:
        query = query.where(ProviderAccountRow.id < before)
    return [_value(row) for row in session().scalars(query)]


def counts() -> dict[str, int]:
    """Return how many accounts are in each state."""
    query = select(ProviderAccountRow.state, func.count()).group_by(ProviderAccountRow.state)
    return {row.state: row.count for row in session().execute(query)}  # type: ignore[misc]


def open_for(merchant_id: UUID | None) -> ProviderAccount:
    """Open a merchant's account at the provider, unless it has one. Opens its own transactions; safe to repeat.

    Raise Conflict (not approved, or refused by the provider) or Unavailable.
    """
    with transaction():
        merchant = directory.find(merchant_id)
        if not merchant.may_sell or merchant.is_house:
            raise Conflict("payments.not_to_connect", _("Only an approved merchant can be paid out"))
        _ensure(merchant.id)
        known = _known(merchant.id)
    if known.ref:
        return known
    new = accounts.NewAccount(str(current().id), str(merchant.id), merchant.name, merchant.email, merchant.country)
    # The provider keeps a refusal under its key; what has been corrected since is asked under another.
    opened = accounts.open_account(new, key=f"account:{known.id}:{digest(repr(new))[:16]}")
    with transaction():
        (row,) = lock(ProviderAccountRow, [known.id])
        if row.ref is None:
            row.ref = opened.ref
            audit.record("provider_account.opened", "provider_account", row.id, merchant=str(row.merchant_id))
        _note(row, opened)
        return _value(row)


def onboarding_link(merchant_id: UUID | None, *, return_url: str, refresh_url: str) -> str:
    """Return an address at the provider where the merchant supplies what is needed. Raise Missing without an account."""
    with transaction():
        known = _known(merchant_id)
        (row,) = lock(ProviderAccountRow, [known.id])
        row.begun_at = row.begun_at or clock.now()
    return accounts.onboarding_link(known.ref, return_url=return_url, refresh_url=refresh_url)


def refresh(merchant_id: UUID | None) -> ProviderAccount:
    """Ask the provider how an account stands and note it. Raise Missing, Conflict or Unavailable."""
    with read_only():
        known = _known(merchant_id)
    if not known.ref:
        return known
    found = accounts.retrieve(known.ref)
    with transaction():
        (row,) = lock(ProviderAccountRow, [known.id])
        _note(row, found)
        return _value(row)


@jobs.slow_job("payments.account_changed", retries=50)
def _changed(payload: jobs.Payload) -> None:
    """Look again after a thin event, which does not say what has changed; an account that is not ours is left alone."""
    with read_only():
        query = select(ProviderAccountRow.merchant_id).where(ProviderAccountRow.ref == payload["account"])
        merchant_id = session().scalar(query)
    if merchant_id is not None:
        refresh(merchant_id)


def _ensure(merchant_id: UUID) -> None:
    values = {"tenant_id": current().id, "id": new_id(), "merchant_id": merchant_id, "provider": PROVIDER,
              "state": "new", "needs": [], "created_at": clock.now()}  # fmt: skip
    session().execute(insert(ProviderAccountRow).values(values).on_conflict_do_nothing())


def _row(merchant_id: UUID | None, provider: str) -> ProviderAccountRow | None:
    query = select(ProviderAccountRow).where(
        ProviderAccountRow.merchant_id == merchant_id, ProviderAccountRow.provider == provider
    )
    return session().scalars(query).one_or_none()


def _known(merchant_id: UUID | None) -> ProviderAccount:
    row = _row(merchant_id, PROVIDER)
    if row is None:
        raise Missing("payments.no_account", _("This merchant has no account at the payment provider yet"))
    return _value(row)


def _note(row: ProviderAccountRow, found: accounts.Account) -> None:
    """Keep what the provider says; a change of state is logged and told to the merchant."""
    target = _state(row, found)
    row.needs, row.checked_at = list(found.needs), clock.now()
    if target == row.state:
        return
    source = move(MACHINE, row, target, needs=", ".join(found.needs))
    if target in _LETTERS and not (source == "new" and target == "restricted"):
        letters.write(directory.row_of(row.merchant_id), _LETTERS[target])


def _state(row: ProviderAccountRow, found: accounts.Account) -> str:
    if found.is_rejected or found.transfers == "unsupported":
        return "rejected"
    if found.transfers in ("active", "pending"):
        return found.transfers
    return "restricted" if row.begun_at else "new"


def _value(row: ProviderAccountRow) -> ProviderAccount:
    return ProviderAccount(row.id, row.merchant_id, row.provider, row.ref or "", row.state, tuple(row.needs),
                           row.created_at, row.checked_at)  # fmt: skip
