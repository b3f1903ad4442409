"""Mail: written as a row in the transaction that causes it, sent by a job, never to a suppressed address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock, jobs
from core.kernel.db import Model, Timestamp, session
from core.kernel.ids import new_id
from core.kernel.rows import store
from core.kernel.tenancy import TenantOwned


class MailRow(TenantOwned, Model):
    """One message with both bodies, as it was or will be sent."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("state in ('queued','sent','suppressed','failed')", name="state"),
        Index(None, "tenant_id", "recipient", "id"),
    )
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    purpose: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)


class SuppressionRow(TenantOwned, Model):
    """An address that must not be written to, and why: it bounced, complained, or asked."""

    __tablename__ = "mail_suppressions"
    __table_args__ = (UniqueConstraint("tenant_id", "address", "purpose"),)
    address: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    since: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


def send(recipient: str, subject: str, text: str, html: str, *, purpose: str = "service") -> None:
    """Queue a message. Suppressed addresses get none; the row says so."""
    state = "suppressed" if _is_suppressed(recipient, purpose) else "queued"
    key = new_id()
    store(MailRow, [{"id": key, "recipient": recipient, "subject": subject, "text": text, "html": html,
                     "purpose": purpose, "state": state}])  # fmt: skip
    if state == "queued":
        jobs.soon("mail.send", {"mail": str(key)})


def _is_suppressed(recipient: str, purpose: str) -> bool:
    query = select(SuppressionRow.id).where(
        SuppressionRow.address == recipient.lower(), SuppressionRow.purpose.in_(["", purpose])
    )
    return session().scalars(query.limit(1)).first() is not None


def suppress(address: str, reason: str, *, purpose: str = "") -> None:
    """Stop mail to an address, for one purpose or (empty) for all. Doing it again changes nothing."""
    if not _is_suppressed(address, purpose):
        session().add(SuppressionRow(address=address.lower(), purpose=purpose, reason=reason))
