"""Rows of the journal: entries and their postings, insert-only for every role; seals and balance snapshots beside."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    FetchedValue,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Model, Timestamp, TransactionId, this_transaction
from core.kernel.tenancy import TenantOwned, ref


class EntryRow(TenantOwned, Model):
    """One money event. `key` makes a repeat harmless; `reverses` names the entry that it undoes, once.

    The database dates an entry of a closed month to the first open day, and writes `stated_on` where statements of
    its day are issued already: then it stands in the next ones (see BooksRow).
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        UniqueConstraint("tenant_id", "reverses_id"),
        UniqueConstraint("tenant_id", "id", "txid"),
        Index(None, "tenant_id", "txid"),
        Index(None, "tenant_id", "order_id"),
        Index(None, "tenant_id", "effective_on", "id"),
        Index("ix_ledger_entries_stated", "tenant_id", text("coalesce(stated_on, effective_on)")),
    )
    key: Mapped[str]
    kind: Mapped[str]
    order_id: Mapped[UUID | None]
    reverses_id: Mapped[UUID | None] = ref("ledger_entries")
    effective_on: Mapped[date]
    stated_on: Mapped[date | None] = mapped_column(server_default=FetchedValue())
    posted_at: Mapped[datetime] = mapped_column(Timestamp)
    txid: Mapped[int] = mapped_column(TransactionId, server_default=this_transaction())


class PostingRow(TenantOwned, Model):
    """An amount moved from one account to another: one row, so every entry balances by construction (R5)."""

    __tablename__ = "ledger_postings"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("source <> destination", name="ends"),
        UniqueConstraint("tenant_id", "entry_id", "number"),
        # Postings belong to the transaction of their entry: nothing can be added to it later.
        ForeignKeyConstraint(
            ["tenant_id", "entry_id", "txid"],
            ["ledger_entries.tenant_id", "ledger_entries.id", "ledger_entries.txid"],
            name="fk_ledger_postings_entry",
        ),
        Index("ix_ledger_postings_source", "tenant_id", "source", "currency", "txid",
              postgresql_include=["amount_minor"]),
        Index("ix_ledger_postings_destination", "tenant_id", "destination", "currency", "txid",
              postgresql_include=["amount_minor"]),
    )  # fmt: skip
    entry_id: Mapped[UUID]
    number: Mapped[int]
    source: Mapped[str]
    destination: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    memo: Mapped[str]
    txid: Mapped[int] = mapped_column(TransactionId, server_default=this_transaction())


class BooksRow(TenantOwned, Model):
    """How far the books are done: no entry may be effective before `closed_until`, none is stated before `stated_until`."""

    __tablename__ = "ledger_books"
    __table_args__ = (UniqueConstraint("tenant_id"),)
    closed_until: Mapped[date | None]
    stated_until: Mapped[date | None]


class SnapshotRow(TenantOwned, Model):
    """A balance over every transaction before `upto`; the tail is added when read. A cache that verify() compares."""

    __tablename__ = "ledger_snapshots"
    __table_args__ = (UniqueConstraint("tenant_id", "account", "currency"),)
    account: Mapped[str]
    currency: Mapped[str]
    upto: Mapped[int] = mapped_column(TransactionId)
    balance_minor: Mapped[int] = mapped_column(BigInteger)


class SealRow(TenantOwned, Model):
    """A link of a hash chain over the journal or the audit log, up to a transaction."""

    __tablename__ = "seals"
    __table_args__ = (UniqueConstraint("tenant_id", "chain", "number"),)
    chain: Mapped[str]
    number: Mapped[int]
    upto: Mapped[int] = mapped_column(TransactionId)
    rows: Mapped[int]
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime] = mapped_column(Timestamp)
