"""Who asks: a signed-in person, an API key, or a guest. Found once a request, by the digest of what they carry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from core.hooks.types import Actor
from core.identity.models import ApiKeyRow, MembershipRow, RoleRow, SessionRow, UserRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Denied, _
from core.kernel.secrets import digest

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


def by_session(token: str, realm: Realm | None) -> Principal | None:
    """Return who a session token belongs to; None if it is unknown, expired, revoked or of another realm.

    Without a realm any will do. A merchant's user who works for nobody yet, or has not chosen among several, may
    only apply (and choose).
    """
    query = (
        select(SessionRow.id, SessionRow.merchant_id, UserRow.id.label("user_id"), UserRow.name, UserRow.email,
               UserRow.realm, SessionRow.visitor, SessionRow.visit_reason)
        .join(UserRow, (UserRow.tenant_id == SessionRow.tenant_id) & (UserRow.id == SessionRow.user_id))
        .where(
            SessionRow.token_digest == digest(token),
            SessionRow.expires_at > clock.now(),
            UserRow.state == "active",
        )
    )  # fmt: skip
    row = session().execute(query).one_or_none()
    if row is None or (realm is not None and row.realm != realm.value):
        return None
    found = Realm(row.realm)
    merchant_id, permissions = _scope(found, row.user_id, row.merchant_id)
    if permissions is None:
        return None
    return Principal(
        found, row.user_id, None, row.id, merchant_id, row.name, row.email, permissions, visitor=row.visitor,
        visit_reason=row.visit_reason,
    )  # fmt: skip


def _scope(realm: Realm, user_id: UUID, merchant_id: UUID | None) -> tuple[UUID | None, frozenset[str] | None]:
    if realm is Realm.BUYER:
        return None, frozenset({"buy"})
    if realm is Realm.MERCHANT and merchant_id is None:
        query = select(MembershipRow.merchant_id).where(
            MembershipRow.user_id == user_id, MembershipRow.merchant_id.is_not(None)
        )
        known = session().scalars(query.limit(2)).all()
        if len(known) != 1:
            return None, APPLICANT
        merchant_id = known[0]
    return merchant_id, permissions_of(user_id, merchant_id)


def permissions_of(user_id: UUID, merchant_id: UUID | None) -> frozenset[str] | None:
    """Return what a user may do for a merchant (or for the tenant); None without a membership there."""
    query = (
        select(MembershipRow.role_id, RoleRow.permissions)
        .outerjoin(RoleRow, (RoleRow.tenant_id == MembershipRow.tenant_id) & (RoleRow.id == MembershipRow.role_id))
        .where(MembershipRow.user_id == user_id, MembershipRow.merchant_id.is_not_distinct_from(merchant_id))
    )
    row = session().execute(query).one_or_none()
    if row is None:
        return None
    return frozenset({"*"}) if row.role_id is None else frozenset(row.permissions)


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
