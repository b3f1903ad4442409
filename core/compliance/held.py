"""Personal data of buyers in identity, customers, mail and the log: how it is copied out, and how it is erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Delete, delete, func, select, update

from core.compliance.parts import Part, Person, Record, records, register
from core.customers.models import AddressRow, ConsentRow, CustomerRow, LabelRow, SavedRow
from core.hooks.data import Erasure
from core.identity.models import SessionRow, UserRow
from core.kernel import clock
from core.kernel.audit import AuditRow
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.mail import MailRow, SuppressionRow


def gone(query: Delete) -> int:
    """Delete, and return how many rows went."""
    return int(session().execute(query, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]


def _account(who: Person) -> Mapping[str, Sequence[Record]]:
    return {
        "account": records(UserRow, UserRow.id == who.user_id, without=("password_hash", "email_key")),
        "devices": records(SessionRow, SessionRow.user_id == who.user_id, without=("token_digest", "merchant_id")),
        "log": records(AuditRow, AuditRow.actor_id == who.user_id, without=("txid",)),
    }


def _erase_account(who: Person) -> Sequence[Erasure]:
    devices = gone(delete(SessionRow).where(SessionRow.user_id == who.user_id))
    users = gone(delete(UserRow).where(UserRow.id == who.user_id))
    deeds = session().scalar(select(func.count()).where(AuditRow.actor_id == who.user_id)) or 0
    return [
        Erasure("sessions", devices), Erasure("users", users),
        Erasure("audit_log", 0, _("The log is sealed against changes; it names the account by its number alone"))
        if deeds else Erasure("audit_log", 0),
    ]  # fmt: skip


def _customer(who: Person) -> Mapping[str, Sequence[Record]]:
    mine = who.customer_ids
    return {
        "customer": records(CustomerRow, CustomerRow.id.in_(mine), without=("email_key", "external_key")),
        "addresses": records(AddressRow, AddressRow.customer_id.in_(mine)),
        "consents": records(ConsentRow, ConsentRow.customer_id.in_(mine)),
        "labels": records(LabelRow, LabelRow.customer_id.in_(mine)),
        "saved": records(SavedRow, SavedRow.customer_id.in_(mine)),
    }


def _erase_customer(who: Person) -> Sequence[Erasure]:
    found = [
        Erasure(kind.__tablename__, gone(delete(kind).where(kind.customer_id.in_(who.customer_ids))))
        for kind in (AddressRow, LabelRow, SavedRow)
    ]
    for key in who.customer_ids:
        values: dict[str, Any] = {"email": "", "email_key": f"erased:{key}", "name": "", "phone": "",
                                  "external_key": None, "user_id": None, "erased_at": clock.now()}  # fmt: skip
        session().execute(update(CustomerRow).where(CustomerRow.id == key).values(**values))
    kept = _("That and when you agreed must be provable; without your name")
    return [*found, Erasure("customers", len(who.customer_ids)), Erasure("consents", 0, kept)]


def _is_to(address: str) -> ColumnElement[bool]:
    return func.lower(MailRow.recipient) == address.lower()


def _mail(who: Person) -> Mapping[str, Sequence[Record]]:
    return {"mails": records(MailRow, _is_to(who.email), without=("html",))}


def forget_mails(address: str) -> int:
    """Delete the mails to an address; return how many went."""
    return gone(delete(MailRow).where(_is_to(address)))


def _erase_mail(who: Person) -> Sequence[Erasure]:
    return [
        Erasure("mails", forget_mails(who.email)),
        Erasure("mail_suppressions", gone(delete(SuppressionRow).where(SuppressionRow.address == who.email.lower()))),
    ]


register(Part("mail", _mail, _erase_mail))
register(Part("customer", _customer, _erase_customer))
register(Part("account", _account, _erase_account))
