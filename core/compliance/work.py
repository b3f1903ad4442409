"""Jobs that carry out what buyers asked about their own data: make the archive, erase, and forget both in time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from core.compliance import held, held_orders, holdings, own_data, parts
from core.compliance.models import SubjectRequestRow
from core.compliance.parts import Person
from core.compliance.states import SUBJECT_REQUEST
from core.hooks.data import DataSubject, Erasure, erase_subject, export_subject
from core.hooks.runtime import move, plugins
from core.identity import accounts
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.locks import lock
from core.kernel.tenancy import current
from core.kernel.tx import read_only, transaction
from core.media.store import files

KEPT = timedelta(days=7)
HELD = (held, held_orders)
"""Modules whose parts count; importing them makes the parts known."""


@jobs.slow_job("privacy.export")
def _export(payload: jobs.Payload) -> None:
    key = UUID(payload["request"])
    with read_only():
        row = _row(key)
        if row is None or row.state != "asked" or row.user_id is None:
            return
        content = _packed(own_data.person(row.user_id))
    name = f"{key.hex}.zip"
    files().write(name, content)
    with transaction():
        (fresh,) = lock(SubjectRequestRow, [key])
        if fresh.state == "asked":
            _is_ready(fresh, name, len(content))


def _is_ready(row: SubjectRequestRow, name: str, size: int) -> None:
    row.file_name, row.bytes, row.done_at, row.expires_at = name, size, clock.now(), clock.now() + KEPT
    move(SUBJECT_REQUEST, row, "ready")
    holdings.changed(row.id)
    jobs.at(f"privacy.expire:{row.id}", row.expires_at, "privacy.expire", {"request": str(row.id)})
    if row.user_id is not None:
        account = accounts.get(row.user_id)
        _tell(account.email, account.locale, _("Your data is ready"),
              [_("The copy of your data that you asked for is ready. You can fetch it for seven days.")],
              _("Fetch it"), "/account/privacy")  # fmt: skip


def _packed(who: Person) -> bytes:
    """Return the archive: core's records by area, then every plugin's files, the switched off ones' too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in parts.known():
            for name, found in part.export(who).items():
                packed.writestr(f"{name}.json", _json(found))
        for number, key in enumerate(who.customer_ids):
            subject = DataSubject("customer", key)
            for file in plugins().collect(export_subject, tenant=current(), subject=subject):
                packed.writestr(file.name if number == 0 else f"{number + 1}/{file.name}", file.content)
    return out.getvalue()


def _json(found: Sequence[Mapping[str, object]]) -> str:
    return json.dumps(list(found), default=str, ensure_ascii=False, indent=1)


@jobs.job("privacy.expire")
def _expire(payload: jobs.Payload) -> None:
    rows = lock(SubjectRequestRow, [UUID(payload["request"])])
    for row in rows:
        if row.state == "ready":
            files().delete(row.file_name)
            row.file_name = ""
            move(SUBJECT_REQUEST, row, "expired")


@jobs.job("privacy.erase")
def _erase(payload: jobs.Payload) -> None:
    rows = lock(SubjectRequestRow, [UUID(payload["request"])])
    if not rows or rows[0].state != "asked" or rows[0].user_id is None:
        return
    row, who = rows[0], own_data.person(rows[0].user_id)
    account = accounts.get(who.user_id)
    row.done_at = clock.now()
    if own_data.open_orders(who):
        move(SUBJECT_REQUEST, row, "refused")
        holdings.changed(row.id)
        _tell(account.email, account.locale, _("Your account is still there"),
              [_("An order was placed in the meantime. Ask again once all your orders are completed.")],
              _("Your orders"), "/orders")  # fmt: skip
        return
    done = _erase_everything(who)
    row.report = [{"table": one.table, "erased": one.erased, "kept": one.kept} for one in done]
    move(SUBJECT_REQUEST, row, "done", erased=sum(one.erased for one in done))
    holdings.changed(row.id)
    _tell(account.email, account.locale, _("Your account is erased"),
          [_("Your account and your personal data are gone. What the law makes us keep of your orders no longer says "
             "who you are. This is our last mail to you; it goes too, in a week.")])  # fmt: skip
    forgetting = clock.now() + KEPT
    jobs.at(f"privacy.forget:{row.id}", forgetting, "privacy.forget_mails", {"address": account.email})


def _erase_everything(who: Person) -> list[Erasure]:
    """Let plugins go first, while the customer is still known; copies made before go with the account."""
    done: list[Erasure] = []
    for key in who.customer_ids:
        subject = DataSubject("customer", key)
        done += plugins().collect(erase_subject, tenant=current(), subject=subject)
    _forget_requests(who.user_id)
    for part in parts.known():
        done += part.erase(who)
    audit.record("privacy.erased", "customer", who.customer_ids[0], tables=len(done))
    return done


def _forget_requests(user_id: UUID) -> None:
    for row in session().scalars(select(SubjectRequestRow).where(SubjectRequestRow.user_id == user_id)).all():
        if row.file_name:
            files().delete(row.file_name)
            row.file_name = ""
        if row.state == "ready":
            jobs.cancel(f"privacy.expire:{row.id}")
            move(SUBJECT_REQUEST, row, "expired")
        row.user_id = None
    session().flush()


@jobs.job("privacy.forget_mails")
def _forget_mails(payload: jobs.Payload) -> None:
    held.forget_mails(payload["address"])


def _tell(to: str, locale: str, title: str, paragraphs: list[str], label: str = "", path: str = "") -> None:
    values = {"title": title, "paragraphs": paragraphs, "action_label": label, "action_path": path}
    jobs.soon("mail.compose", {"template": "notice", "to": to, "locale": locale, "values": values})


def _row(request_id: UUID) -> SubjectRequestRow | None:
    return session().scalars(select(SubjectRequestRow).where(SubjectRequestRow.id == request_id)).one_or_none()
