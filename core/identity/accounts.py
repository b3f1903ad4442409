"""Accounts: register, verify the address, find, make staff. Nothing here tells a stranger which addresses are known.

A registration's name and password stay in its link until the address is proven: whoever registers an address that
is not theirs gains nothing when its owner registers later.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.identity import passwords, tokens
from core.identity.addresses import Email
from core.identity.addresses import email as read_email
from core.identity.models import MembershipRow, RoleRow, UserRow
from core.identity.principals import Realm
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id

LONGEST_NAME = 80
OPEN_REALMS = frozenset({Realm.BUYER, Realm.MERCHANT})


@dataclass(frozen=True, slots=True)
class Account:
    """A person of one realm."""

    id: UUID
    realm: Realm
    email: str
    name: str
    is_verified: bool
    locale: str


def home_path(realm: Realm) -> str:
    """Return the path below which a realm's pages live; "" for buyers."""
    return "" if realm is Realm.BUYER else f"/{realm.value}"


def require_ground(realm: Realm) -> None:
    """Raise Missing unless the realm lives here: the platform's on its own host, the others in marketplaces."""
    if (realm is Realm.PLATFORM) != (current_id().int == 0):
        raise Missing("identity.no_such_realm", _("There is no such sign-in here"))


def announce(template: str, to: str, locale: str, **values: object) -> None:
    """Have a mail composed and sent after this transaction; `action_path` becomes the mail's one button."""
    payload = {"template": template, "to": to, "locale": locale, "values": values, "purpose": "security"}
    jobs.soon("mail.compose", payload)


def register(realm: Realm, address: str, name: str, password: str, *, locale: str = "", after: str = "") -> None:
    """Ask for an account: a link goes to the address, and only its owner can finish.

    To a known address goes a notice instead; the caller cannot tell the two apart. `after` is the local path to go
    to once the address is proven. Raise Invalid for a weak password, no name or no address.
    """
    require_ground(realm)
    if realm not in OPEN_REALMS:
        raise Denied("identity.by_invitation", _("Accounts here are made by invitation"))
    who = read_email(address)
    called = _name(name)
    passwords.check(password, who.key)
    stored = passwords.hashed(password)
    user = _by_key(realm, who.key)
    if user is not None and user.verified_at is not None:
        if user.state == "active":
            path = f"{home_path(realm)}/sign-in"
            announce("already_registered", user.email, user.locale or locale, action_path=path, name=user.name)
        return
    user_id = user.id if user is not None else _insert(realm, who, locale)
    facts = {"name": called, "password_hash": stored, "locale": locale, "after": after}
    secret = tokens.issue(tokens.VERIFY, realm, user_id, facts)
    announce("verify", who.shown, locale, action_path=f"{home_path(realm)}/verify?token={secret}", name=called)


def verify(realm: Realm, secret: str) -> tuple[Account, str]:
    """Finish a registration by its link; return the account and where to go on. Raise Invalid for a spent link."""
    link = tokens.take(tokens.VERIFY, realm, secret)
    user = _row(link.user_id)
    if user.verified_at is None:
        user.verified_at = clock.now()
        user.name, user.password_hash = link.facts["name"], link.facts["password_hash"]
        user.locale = link.facts["locale"]
        audit.record("identity.verified", "user", user.id)
    tokens.void(tokens.VERIFY, realm, user.id)
    return _account(user), str(link.facts.get("after", ""))


def create_verified(realm: Realm, address: str, name: str, password: str, *, locale: str = "") -> UUID:
    """Make an account whose address needs no proof (demo data, the first owner, an accepted invitation).

    Raise Conflict if the address has an account in this realm.
    """
    require_ground(realm)
    who = read_email(address)
    passwords.check(password, who.key)
    user = _by_key(realm, who.key)
    if user is not None and user.verified_at is not None:
        raise Conflict("identity.known", _("{email} has an account here already"), email=who.shown)
    user_id = user.id if user is not None else _insert(realm, who, locale)
    row = _row(user_id)
    row.name, row.password_hash, row.verified_at = _name(name), passwords.hashed(password), clock.now()
    audit.record("identity.created", "user", user_id, realm=realm.value)
    return user_id


def create_staff(
    realm: Realm, address: str, name: str, password: str, permissions: list[str] | None = None, *,
    merchant_id: UUID | None = None, role: str = "Staff",
) -> UUID:  # fmt: skip
    """Make a verified member of staff: an owner, or with these permissions under a role of this name.

    For commands and demo data. An address that has an account here keeps its password and gets the membership.
    """
    found = find(realm, address)
    user_id = found.id if found and found.is_verified else create_verified(realm, address, name, password)
    role_id = None if permissions is None else _role(realm, merchant_id, role, permissions)
    join(user_id, merchant_id, role_id)
    return user_id


def join(user_id: UUID, merchant_id: UUID | None, role_id: UUID | None, department_id: UUID | None = None) -> None:
    """Make a user a member of the tenant's or a merchant's staff; `role_id` None makes an owner.

    Doing it again changes nothing. For `merchants.apply`: `join(user_id, merchant_id, None)`.
    """
    row = {"tenant_id": current_id(), "id": new_id(), "user_id": user_id, "merchant_id": merchant_id,
           "role_id": role_id, "department_id": department_id}  # fmt: skip
    session().flush()
    written = insert(MembershipRow).values(row).on_conflict_do_nothing().returning(MembershipRow.id)
    if session().execute(written).first() is not None:
        audit.record("team.joined", "user", user_id, merchant_id=str(merchant_id or ""), role_id=str(role_id or ""))


def _role(realm: Realm, merchant_id: UUID | None, name: str, permissions: list[str]) -> UUID:
    query = select(RoleRow.id).where(
        RoleRow.realm == realm.value, RoleRow.merchant_id.is_not_distinct_from(merchant_id), RoleRow.name == name
    )
    known = session().scalars(query).one_or_none()
    if known is not None:
        return known
    row = RoleRow(id=new_id(), realm=realm.value, merchant_id=merchant_id, name=name, permissions=list(permissions))
    session().add(row)
    session().flush()
    return row.id


def find(realm: Realm, address: str) -> Account | None:
    """Return the account of an address in a realm; None for an unknown one."""
    row = _by_key(realm, read_email(address).key)
    return _account(row) if row is not None else None


def get(user_id: UUID) -> Account:
    """Return an account by its key. Raise Missing for an unknown one."""
    return _account(_row(user_id))


def rename(user_id: UUID, name: str, locale: str) -> None:
    """Change how a person is called and which language their mail has."""
    row = _row(user_id)
    row.name, row.locale = _name(name), locale
    audit.record("identity.renamed", "user", user_id)


def _by_key(realm: Realm, key: str) -> UserRow | None:
    query = select(UserRow).where(UserRow.realm == realm.value, UserRow.email_key == key)
    return session().scalars(query).one_or_none()


def _row(user_id: UUID | None) -> UserRow:
    row = session().scalars(select(UserRow).where(UserRow.id == user_id)).one_or_none()
    if row is None:
        raise Missing("identity.no_such_user", _("There is no such account"))
    return row


def _insert(realm: Realm, who: Email, locale: str) -> UUID:
    """Write an account without a password; of two at the same moment both get the same one."""
    row = {"tenant_id": current_id(), "id": new_id(), "realm": realm.value, "email": who.shown, "email_key": who.key,
           "name": "", "password_hash": None, "state": "active", "locale": locale,
           "created_at": clock.now()}  # fmt: skip
    session().execute(insert(UserRow).values(row).on_conflict_do_nothing())
    found = _by_key(realm, who.key)
    if found is None:
        raise Missing("identity.no_such_user", _("There is no such account"))
    return found.id


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST_NAME:
        fault = _("Enter a name of at most 80 characters")
        raise Invalid("identity.no_name", fault, fields=(FieldError("name", fault),))
    return name


def _account(row: UserRow) -> Account:
    return Account(row.id, Realm(row.realm), row.email, row.name, row.verified_at is not None, row.locale)
