"""Links that work once: only the digest is stored, they expire, and they open one purpose in one realm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core.identity.models import TokenRow
from core.identity.principals import Realm
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Invalid, _
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest

VERIFY, RESET, INVITATION, VISIT = "verify", "reset", "invitation", "visit"
LIFETIME = {
    VERIFY: timedelta(days=2), RESET: timedelta(hours=1), INVITATION: timedelta(days=7), VISIT: timedelta(minutes=2),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link stands for."""

    id: UUID
    user_id: UUID | None
    facts: Mapping[str, Any]


def issue(purpose: str, realm: Realm, user_id: UUID | None, facts: Mapping[str, Any]) -> str:
    """Return a fresh token for a link; the token itself is not kept."""
    secret = token()
    session().add(
        TokenRow(
            id=new_id(),
            purpose=f"{purpose}:{realm.value}",
            token_digest=digest(secret),
            user_id=user_id,
            facts=dict(facts),
            expires_at=clock.now() + LIFETIME[purpose],
        )
    )
    return secret


def look(purpose: str, realm: Realm, secret: str) -> Opened:
    """Return what a link stands for without using it. Raise Invalid if it is unknown, used or expired."""
    query = select(TokenRow.id, TokenRow.user_id, TokenRow.facts).where(*_open(purpose, realm, secret))
    return _found(session().execute(query).one_or_none())


def take(purpose: str, realm: Realm, secret: str) -> Opened:
    """Use a link up; of two at the same moment one gets it. Raise Invalid if it is unknown, used or expired."""
    found = look(purpose, realm, secret)
    used = (
        update(TokenRow)
        .where(*_open(purpose, realm, secret))
        .values(used_at=clock.now(), facts={})
        .returning(TokenRow.id)
        .execution_options(synchronize_session=False)
    )
    if session().execute(used).first() is None:
        raise _spent()
    return found


def void(purpose: str, realm: Realm, user_id: UUID) -> None:
    """Make the open links of a person for a purpose worthless."""
    session().flush()
    session().execute(
        update(TokenRow)
        .where(TokenRow.purpose == f"{purpose}:{realm.value}", TokenRow.user_id == user_id, TokenRow.used_at.is_(None))
        .values(used_at=clock.now(), facts={})
    )


def _open(purpose: str, realm: Realm, secret: str) -> tuple[Any, ...]:
    return (
        TokenRow.token_digest == digest(secret),
        TokenRow.purpose == f"{purpose}:{realm.value}",
        TokenRow.used_at.is_(None),
        TokenRow.expires_at > clock.now(),
    )


def _found(row: Any) -> Opened:
    if row is None:
        raise _spent()
    return Opened(row.id, row.user_id, row.facts)


def _spent() -> Invalid:
    return Invalid("identity.link_spent", _("This link was used already or is too old; ask for a new one"))
