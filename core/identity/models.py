"""Rows of identity. Realms keep people apart: one e-mail address may be a buyer and a merchant, as two users."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class UserRow(TenantOwned, Model):
    """A person who signs in to one realm of one tenant. `email_key` is the address in its canonical form."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("tenant_id", "realm", "email_key"),
        CheckConstraint("realm in ('platform','operator','merchant','buyer')", name="realm"),
        CheckConstraint("state in ('active','blocked')", name="state"),
    )
    realm: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    verified_at: Mapped[datetime | None] = mapped_column(Timestamp)
    state: Mapped[str] = mapped_column(default="active")
    locale: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class DepartmentRow(TenantOwned, Model):
    """A department of the operator or of a merchant, with the duties it answers for."""

    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("tenant_id", "merchant_id", "name", postgresql_nulls_not_distinct=True),)
    merchant_id: Mapped[UUID | None]
    name: Mapped[str]
    duties: Mapped[list[str]] = mapped_column(JSON, default=list)


class RoleRow(TenantOwned, Model):
    """A named set of permissions of a realm, of the whole tenant or of one merchant."""

    __tablename__ = "roles"
    __table_args__ = (
        UniqueConstraint("tenant_id", "realm", "merchant_id", "name", postgresql_nulls_not_distinct=True),
    )
    realm: Mapped[str]
    merchant_id: Mapped[UUID | None]
    name: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(JSON, default=list)


class MembershipRow(TenantOwned, Model):
    """What a user may do where. `merchant_id` is set for a merchant's staff; `role_id` null means owner: everything."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id", "merchant_id", postgresql_nulls_not_distinct=True),
        Index(None, "tenant_id", "merchant_id"),
    )
    user_id: Mapped[UUID] = ref("users", ondelete="CASCADE")
    merchant_id: Mapped[UUID | None]
    role_id: Mapped[UUID | None] = ref("roles")
    department_id: Mapped[UUID | None] = ref("departments", ondelete="SET NULL (department_id)")


class SessionRow(TenantOwned, Model):
    """A signed-in browser. The token itself is only in the cookie; here is its digest.

    With a `visitor` it is a visit of the platform's staff, who see what the user sees and change nothing.
    """

    __tablename__ = "sessions"
    __table_args__ = (UniqueConstraint("tenant_id", "token_digest"), Index(None, "tenant_id", "user_id"))
    user_id: Mapped[UUID] = ref("users", ondelete="CASCADE")
    token_digest: Mapped[str]
    merchant_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    address: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")
    visitor: Mapped[str] = mapped_column(default="")
    visit_reason: Mapped[str] = mapped_column(default="")


class TokenRow(TenantOwned, Model):
    """A single-use link: to verify an address, set a new password, or accept an invitation."""

    __tablename__ = "tokens"
    __table_args__ = (UniqueConstraint("tenant_id", "token_digest"),)
    purpose: Mapped[str]
    token_digest: Mapped[str]
    user_id: Mapped[UUID | None] = ref("users", ondelete="CASCADE")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class ApiKeyRow(TenantOwned, Model):
    """A key for the API, of the tenant or of one merchant, with its own permissions."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("tenant_id", "key_digest"),)
    name: Mapped[str]
    prefix: Mapped[str]
    key_digest: Mapped[str]
    realm: Mapped[str]
    merchant_id: Mapped[UUID | None]
    permissions: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)


class AttemptRow(TenantOwned, Model):
    """A counter of tries in a window, for rate limits that must hold even without Redis."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("tenant_id", "bucket", "window_start"),)
    bucket: Mapped[str]
    window_start: Mapped[datetime] = mapped_column(Timestamp)
    count: Mapped[int] = mapped_column(default=0)


class ApprovalRow(TenantOwned, Model):
    """A decision that needs a second person. `fingerprint` ties it to amount and counterparty: a change voids it.

    `proposal` holds plain values with which the deed is carried out once somebody agrees; `reason` is the word of
    the one who asked, `answer` of the one who decided.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("state in ('asked','approved','rejected','void')", name="state"),
        Index(None, "tenant_id", "kind", "subject_id"),
        Index("ix_approvals_waiting", "tenant_id", "id", postgresql_where=text("state = 'asked'")),
    )
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    fingerprint: Mapped[str]
    proposal: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="asked")
    asked_by: Mapped[UUID]
    asked_name: Mapped[str] = mapped_column(default="")
    decided_name: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)


class SavedViewRow(TenantOwned, Model):
    """A kept state of a console's list: `listing` names the list's endpoint, `query` is the address after the `?`.

    It belongs to who kept it; a shared one is shown to everybody of the same realm (and merchant).
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id", "listing", "name"),
        Index(None, "tenant_id", "listing", "merchant_id"),
        CheckConstraint("realm in ('platform','operator','merchant')", name="realm"),
    )
    realm: Mapped[str]
    merchant_id: Mapped[UUID | None]
    user_id: Mapped[UUID] = ref("users", ondelete="CASCADE")
    listing: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class PreferencesRow(TenantOwned, Model):
    """How a person wants the consoles: empty texts follow the browser. `columns` is by list: the columns put away."""

    __tablename__ = "preferences"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        CheckConstraint("theme in ('light','dark','')", name="theme"),
        CheckConstraint("density in ('compact','')", name="density"),
    )
    user_id: Mapped[UUID] = ref("users", ondelete="CASCADE")
    language: Mapped[str] = mapped_column(default="")
    theme: Mapped[str] = mapped_column(default="")
    density: Mapped[str] = mapped_column(default="")
    has_shortcuts: Mapped[bool] = mapped_column(default=True)
    page_size: Mapped[int] = mapped_column(default=25)
    columns: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
