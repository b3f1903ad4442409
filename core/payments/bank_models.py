"""Rows of transfers by hand: bank accounts in every version, and the transfers that a person carries out by a file."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class BankAccountRow(TenantOwned, Model):
    """A bank account of a merchant, or (without one) of the marketplace itself. A change is a new row.

    The number is sealed; `ending` are its last digits for display. It is paid to from `usable_from` on.
    """

    __tablename__ = "bank_accounts"
    __table_args__ = (
        Index(
            "uq_bank_accounts_present", "tenant_id", "merchant_id", unique=True,
            postgresql_where=text("replaced_at is null"), postgresql_nulls_not_distinct=True,
        ),
        Index(None, "tenant_id", "merchant_id", "id"),
    )  # fmt: skip
    merchant_id: Mapped[UUID | None] = ref("merchants")
    holder: Mapped[str]
    sealed_number: Mapped[str]
    ending: Mapped[str]
    bank_code: Mapped[str] = mapped_column(default="")
    bank_name: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    is_iban: Mapped[bool] = mapped_column(default=False)
    by_kind: Mapped[str]
    by_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    usable_from: Mapped[datetime] = mapped_column(Timestamp)
    replaced_at: Mapped[datetime | None] = mapped_column(Timestamp)


class BankFileRow(TenantOwned, Model):
    """A payment file that was made for the bank; it can be downloaded again and is always the same."""

    __tablename__ = "bank_files"
    __table_args__ = (
        CheckConstraint("kind in ('csv','pain001')", name="kind"),
        UniqueConstraint("tenant_id", "number"),
    )
    number: Mapped[str]
    kind: Mapped[str]
    account_id: Mapped[UUID | None] = ref("bank_accounts")
    total_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    count: Mapped[int]
    by_name: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class TransferRow(TenantOwned, Model):
    """A payout that a person carries out: one row for a payout, whatever happens twice."""

    __tablename__ = "bank_transfers"
    __table_args__ = (
        CheckConstraint("state in ('to_do','in_file','paid','failed','returned')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount"),
        UniqueConstraint("tenant_id", "payout_id"),
        Index(None, "tenant_id", "state", "id"),
    )
    payout_id: Mapped[UUID]
    merchant_id: Mapped[UUID] = ref("merchants")
    account_id: Mapped[UUID] = ref("bank_accounts")
    file_id: Mapped[UUID | None] = ref("bank_files")
    number: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default="to_do")
    bank_ref: Mapped[str] = mapped_column(default="")
    failure: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
