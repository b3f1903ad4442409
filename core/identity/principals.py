"""Who asks: a signed-in person, an API key, or a guest. Found once a request, by the digest of what they carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from core.hooks.types import Actor
from core.identity.models import ApiKeyRow
from core.kernel import clock
from core.kernel.db import fetched, session
from core.kernel.errors import Denied, _
from core.kernel.secrets import digest
from core.kernel.tenancy import current_id

KEY_PREFIX = "gk_"
"""How every API key begins, so that a session's token costs no search among the keys."""


class Realm(StrEnum):
    """Grounds that do not mix: a user, a session and a key belong to exactly one."""

    PLATFORM = "platform"
    OPERATOR = "operator"
    MERCHANT = "merchant"
    BUYER = "buyer"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts in a request. `permissions` with "*" is an owner's: everything in the realm and merchant.

    A `visitor` of the platform's staff looks through the person's eyes, for a reason, and changes nothing.
    """

    realm: Realm
    user_id: UUID | None = None
    key_id: UUID | None = None
    session_id: UUID | None = None
    merchant_id: UUID | None = None
    name: str = ""
    email: str = ""
    permissions: frozenset[str] = frozenset()
    key_made_by: UUID | None = None
    visitor: str = ""
    visit_reason: str = ""

    @property
    def person_id(self) -> UUID | None:
        """Who answers for what is asked: the person, or the maker of the key; an old key answers for itself."""
        return self.user_id or self.key_made_by or self.key_id

    @property
    def is_guest(self) -> bool:
        """Whether nobody has signed in."""
        return self.user_id is None and self.key_id is None

    @property
    def identity(self) -> str:
        """A stable name for idempotency and limits: "user:<id>", "key:<id>" or "guest"."""
        if self.key_id:
            return f"key:{self.key_id}"
        return f"user:{self.user_id}" if self.user_id else "guest"

    def may(self, permission: str) -> bool:
        """Tell whether the principal has a permission."""
        return "*" in self.permissions or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise Denied without the permission."""
        if not self.may(permission):
            raise Denied("identity.not_permitted", _("Your role does not include {permission}"), permission=permission)

    def as_actor(self) -> Actor | None:
        """Return the value that hooks see of a signed-in principal."""
        return Actor(self.user_id, self.merchant_id, self.permissions) if self.user_id else None


GUEST = Principal(Realm.BUYER, permissions=frozenset({"buy"}))


APPLICANT = frozenset({"merchants.apply"})


_SESSION = """
    select s.id, u.id, u.name, u.email, u.realm, s.merchant_id, s.visitor, s.visit_reason,
           m.merchant_id, m.role_id, r.permissions, m.id is not null
      from sessions s
      join users u on u.tenant_id = s.tenant_id and u.id = s.user_id and u.state = 'active'
      left join memberships m on m.tenant_id = u.tenant_id and m.user_id = u.id and u.realm <> 'buyer'
       and (m.merchant_id is not distinct from s.merchant_id
            or u.realm = 'merchant' and s.merchant_id is null and m.merchant_id is not null)
      left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
     where s.tenant_id = %(tenant)s and s.token_digest = %(token)s and s.expires_at > %(now)s"""


class _Place(NamedTuple):
    """A session with one place at which its person works."""

    session_id: UUID
    user_id: UUID
    name: str
    email: str
    realm: str
    chosen_id: UUID | None
    visitor: str
    visit_reason: str
    merchant_id: UUID | None
    role_id: UUID | None
    permissions: list[str] | None
    is_known: bool

    @property
    def rights(self) -> frozenset[str]:
        """What the person may do there: an owner, who has no role, everything."""
        return frozenset({"*"}) if self.role_id is None else frozenset(self.permissions or ())


def by_session(token: str, realm: Realm | None) -> Principal | None:
    """Return who a session token belongs to; None if it is unknown, expired, revoked or of another realm.

    Without a realm any will do. A merchant's user who works for nobody yet, or has not chosen among several, may
    only apply (and choose). Every request of somebody asks this: it is one statement.
    """
    values = {"tenant": current_id(), "token": digest(token), "now": clock.now()}
    places = [_Place._make(row) for row in fetched(_SESSION, values)]
    if not places or (realm is not None and places[0].realm != realm.value):
        return None
    first = places[0]
    merchant_id, permissions = _scope(Realm(first.realm), places)
    if permissions is None:
        return None
    return Principal(
        Realm(first.realm), first.user_id, None, first.session_id, merchant_id, first.name, first.email, permissions,
        visitor=first.visitor, visit_reason=first.visit_reason,
    )  # fmt: skip


def _scope(realm: Realm, places: Sequence[_Place]) -> tuple[UUID | None, frozenset[str] | None]:
    first = places[0]
    if realm is Realm.BUYER:
        return None, frozenset({"buy"})
    if realm is Realm.MERCHANT and first.chosen_id is None:
        works = [place for place in places if place.merchant_id is not None]
        return (works[0].merchant_id, works[0].rights) if len(works) == 1 else (None, APPLICANT)
    return first.chosen_id, first.rights if first.is_known else None


def by_key(key: str) -> Principal | None:
    """Return what an API key stands for; None if it is none, unknown or revoked."""
    if not key.startswith(KEY_PREFIX):
        return None
    query = select(ApiKeyRow).where(ApiKeyRow.key_digest == digest(key), ApiKeyRow.revoked_at.is_(None))
    row = session().scalars(query).one_or_none()
    if row is None:
        return None
    return Principal(
        Realm(row.realm),
        key_id=row.id,
        merchant_id=row.merchant_id,
        name=row.name,
        permissions=frozenset(row.permissions),
        key_made_by=row.made_by,
    )
