"""Sends queued mail: by SMTP where SMTP_URL says how; in the embedded set-up it stays readable on the outbox page."""

from __future__ import annotations

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from core.kernel import clock, jobs
from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.mail import MailRow
from core.kernel.tx import read_only, transaction

_TIMEOUT_SECONDS = 20
_configs: list[Config] = []


def register(app: Flask) -> None:
    """Send with this application's configuration."""
    _configs[:] = [app.extensions["galleria"]]


@jobs.slow_job("mail.send")
def send(payload: jobs.Payload) -> None:
    """Send one queued mail and note it. Sent already: nothing. A refused recipient: failed, not tried again.

    A crash between the server's yes and our note sends a second copy with the same Message-ID.
    """
    key = UUID(payload["mail"])
    with read_only():
        row = session().scalars(select(MailRow).where(MailRow.id == key, MailRow.state == "queued")).one_or_none()
    if row is None:
        return
    config = _configs[0]
    state = _deliver(config, row) if config.smtp_url else "sent"
    values: dict[str, object] = {"state": state, "sent_at": clock.now()}
    if config.smtp_url and row.purpose == "security":
        values |= {"text": "", "html": ""}  # It held a link that works once; only its reader may keep it.
    with transaction():
        session().execute(update(MailRow).where(MailRow.id == key).values(**values))


def _deliver(config: Config, row: MailRow) -> str:
    parts = urlsplit(config.smtp_url)
    is_tls = parts.scheme == "smtps"
    host, port = parts.hostname or "localhost", parts.port or (465 if is_tls else 587)
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_SECONDS, context=context)
        if is_tls
        else smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS)
    )
    with server:
        server.ehlo()
        if not is_tls and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        try:
            server.send_message(message(config, row))
        except smtplib.SMTPRecipientsRefused:
            return "failed"
    return "sent"


def message(config: Config, row: MailRow) -> EmailMessage:
    """Return the mail as it goes out: both bodies, and a Message-ID of its own."""
    name, address = parseaddr(config.mail_from)
    user, _, domain = address.partition("@")
    letter = EmailMessage()
    letter["Subject"] = " ".join(row.subject.split())
    letter["From"] = Address(name, user, domain or "localhost")
    letter["To"] = row.recipient
    letter["Date"] = row.created_at
    letter["Message-ID"] = f"<{row.id.hex}@{domain or 'localhost'}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(row.text)
    letter.add_alternative(row.html, subtype="html")
    return letter
