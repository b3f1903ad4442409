"""Host names of a marketplace: claimed, proved by a TXT record in the DNS, and only then served."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import dns.exception
import dns.resolver
from sqlalchemy import func, select, update
from sqlalchemy import text as text_of_sql
from sqlalchemy.dialects.postgresql import insert

from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id
from core.kernel.tx import after_commit, platform_transaction
from tenants import values
from tenants.models import DomainRow

MOST = 20
_SERVES = text_of_sql("select app.tenant_of_host(:host, '')")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


class Resolver(Protocol):
    """Asks the DNS."""

    def texts(self, name: str) -> frozenset[str]:
        """Return the TXT records of a name; none if it has none or nobody answers."""


class Dns:
    """The real DNS, asked for at most three seconds."""

    def texts(self, name: str) -> frozenset[str]:
        """Return the TXT records of a name; none if it has none or nobody answers."""
        try:
            answer = dns.resolver.resolve(name, "TXT", lifetime=3.0)
        except (dns.exception.DNSException, OSError):
            return frozenset()
        return frozenset(b"".join(record.strings).decode("utf-8", "replace") for record in answer)


@dataclass(frozen=True, slots=True)
class Domain:
    """A claimed host name. Its owner proves it with a TXT record `record` of the value `challenge`."""

    id: UUID
    host: str
    challenge: str
    verified_at: datetime | None

    @property
    def record(self) -> str:
        """The name of the TXT record that proves the domain."""
        return f"_galleria.{self.host}"


def normal(text: str) -> str:
    """Return a host name as it is compared: lower case, IDNA, no trailing dot. Raise Invalid if it is none."""
    wrong = FieldError("host", _("Give a host name such as shop.example.com, without https:// and path"))
    refusal = Invalid("domains.invalid", _("This is not a host name"), fields=(wrong,))
    try:
        host = text.strip().rstrip(".").lower().encode("idna").decode().lower()
    except UnicodeError:
        raise refusal from None
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise refusal
    if labels[-1].isdigit():
        raise refusal
    return host


def claim(tenant_id: UUID, text: str, platform_host: str) -> dict[str, Any]:
    """Return the values of a claim's row. Raise Invalid for what is no host name or lies below the platform's."""
    host = normal(text)
    if platform_host and (host == platform_host or host.endswith(f".{platform_host}")):
        wrong = FieldError("host", _("Addresses below the platform's own host are given by the platform"))
        raise Invalid("domains.platform", _("This host name belongs to the platform"), fields=(wrong,))
    challenge = secrets.token_hex(16)
    return {"tenant_id": tenant_id, "id": new_id(), "host": host, "challenge": challenge}


def add(text: str, platform_host: str) -> Domain:
    """Claim a host name for the bound tenant. It does not serve until verified.

    Raise Invalid for what is no host name or lies at or below the platform's host, Conflict if it is claimed.
    """
    row = claim(current_id(), text, platform_host)
    host, serves = row["host"], session().scalar(_SERVES, {"host": row["host"]})
    if serves not in (None, values.PLATFORM.id, current_id()):
        raise Conflict("domains.taken", _("{host} serves another marketplace"), host=host)
    count = session().scalar(select(func.count()).select_from(DomainRow)) or 0
    if count >= MOST:
        raise Conflict("domains.too_many", _("A marketplace has at most {most} domains"), most=MOST)
    written = session().execute(insert(DomainRow).values(row).on_conflict_do_nothing().returning(DomainRow.id)).first()
    if written is None:
        raise Conflict("domains.taken", _("{host} is on your list already"), host=host)
    audit.record("domain.added", "domain", written.id, host=host)
    return Domain(written.id, host, row["challenge"], None)


def listed() -> list[Domain]:
    """Return the bound tenant's domains by name."""
    return [_value(row) for row in session().scalars(select(DomainRow).order_by(DomainRow.host))]


def find(domain_id: UUID) -> Domain:
    """Return one domain of the bound tenant. Raise Missing."""
    row = session().scalars(select(DomainRow).where(DomainRow.id == domain_id)).one_or_none()
    if row is None:
        raise Missing("domains.missing", _("There is no such domain"))
    return _value(row)


def remove(domain_id: UUID) -> None:
    """Give a domain of the bound tenant up; it stops serving at once. Raise Missing."""
    row = session().scalars(select(DomainRow).where(DomainRow.id == domain_id)).one_or_none()
    if row is None:
        raise Missing("domains.missing", _("There is no such domain"))
    session().delete(row)
    audit.record("domain.removed", "domain", domain_id, host=row.host)
    _forget_after()


def is_proved(domain: Domain, resolver: Resolver) -> bool:
    """Tell whether the DNS shows the domain's challenge. Asks the outside: call it outside of a transaction."""
    return domain.challenge in resolver.texts(domain.record)


def verify(domain: Domain, resolver: Resolver) -> bool:
    """Ask the DNS and let the domain serve if it is proved; return whether it is. Opens its own transaction.

    Raise Conflict "domains.taken" while it serves another marketplace.
    """
    if not is_proved(domain, resolver):
        return False
    tenant_id = current_id()
    with platform_transaction():
        served = select(DomainRow.id).where(DomainRow.host == domain.host, DomainRow.verified_at.is_not(None))
        if session().scalars(served.where(DomainRow.tenant_id != tenant_id)).first() is not None:
            raise Conflict("domains.taken", _("{host} serves another marketplace"), host=domain.host)
        session().execute(
            update(DomainRow)
            .where(DomainRow.tenant_id == tenant_id, DomainRow.id == domain.id, DomainRow.host == domain.host)
            .values(verified_at=clock.now())
        )
        audit.record("domain.verified", "domain", domain.id, host=domain.host)
        _forget_after()
    return True


def _forget_after() -> None:
    tenant_id = current_id()
    after_commit(lambda: values.forget(tenant_id))


def _value(row: DomainRow) -> Domain:
    return Domain(row.id, row.host, row.challenge, row.verified_at)
