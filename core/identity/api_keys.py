"""Keys for the API: shown once, stored as digests, never with more permissions than their maker has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from core.identity import permissions
from core.identity.models import ApiKeyRow
from core.identity.principals import KEY_PREFIX, Principal
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest

_MOST = 50


@dataclass(frozen=True, slots=True)
class Key:
    """A key as lists show it; `prefix` is how its owner recognises it."""

    id: UUID
    name: str
    prefix: str
    permissions: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at its making: the only moment at which `secret` can be read."""

    id: UUID
    name: str
    secret: str


def create(by: Principal, name: str, wanted: list[str]) -> NewKey:
    """Make a key for the principal's realm and merchant. Raise Invalid for permissions that they lack."""
    called = " ".join(name.split())
    if not 0 < len(called) <= 60:
        fault = _("Give the key a name of at most 60 characters")
        raise Invalid("keys.no_name", fault, fields=(FieldError("name", fault),))
    allowed = permissions.check(by.realm, wanted, by.permissions)
    if not allowed:
        fault = _("Choose at least one permission")
        raise Invalid("keys.no_permission", fault, fields=(FieldError("permissions", fault),))
    if sum(key.revoked_at is None for key in keys(by)) >= _MOST:
        raise Conflict("keys.too_many", _("Revoke a key first; {most} are enough"), most=_MOST)
    secret = KEY_PREFIX + token()
    row = ApiKeyRow(
        id=new_id(), name=called, prefix=secret[:9], key_digest=digest(secret), realm=by.realm.value,
        merchant_id=by.merchant_id, permissions=list(allowed), made_by=by.user_id or by.key_made_by,
    )  # fmt: skip
    session().add(row)
    audit.record("keys.created", "api_key", row.id, name=called, permissions=" ".join(allowed))
    return NewKey(row.id, called, secret)


def keys(by: Principal) -> list[Key]:
    """Return the keys of the principal's realm and merchant, newest first, revoked ones included."""
    rows = session().scalars(select(ApiKeyRow).where(*_scope(by)).order_by(ApiKeyRow.id.desc()).limit(500))
    return [Key(r.id, r.name, r.prefix, tuple(r.permissions), r.created_at, r.revoked_at) for r in rows]


def revoke(by: Principal, key_id: UUID) -> None:
    """Make a key worthless from the next request on; again changes nothing."""
    row = session().scalars(select(ApiKeyRow).where(*_scope(by), ApiKeyRow.id == key_id)).one_or_none()
    if row is None:
        raise Missing("keys.no_such_key", _("There is no such key"))
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        audit.record("keys.revoked", "api_key", key_id, name=row.name)


def _scope(by: Principal) -> tuple[ColumnElement[bool], ...]:
    return (ApiKeyRow.realm == by.realm.value, ApiKeyRow.merchant_id.is_not_distinct_from(by.merchant_id))
