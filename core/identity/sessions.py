"""Sessions: opened by a proven password, seen as devices, ended one by one or all at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from core.identity.accounts import announce, home_path, require_ground
from core.identity.addresses import email as read_email
from core.identity.models import MembershipRow, SessionRow, UserRow
from core.identity.passwords import Proof
from core.identity.principals import Realm
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Invalid, Missing, _
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest

_STAFF = timedelta(hours=12)
LIFETIME = {
    Realm.BUYER: timedelta(days=30),
    Realm.MERCHANT: _STAFF,
    Realm.OPERATOR: _STAFF,
    Realm.PLATFORM: _STAFF,
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is proven against; an unknown address has neither user nor hash."""

    realm: Realm
    user_id: UUID | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request comes from: network address and the browser's own name."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh session. `token` goes to the browser and is kept nowhere; `merchants` is what staff may work for."""

    token: str
    user_id: UUID
    expires_at: datetime
    merchant_id: UUID | None = None
    merchants: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """A session that is open, as its owner sees it."""

    id: UUID
    address: str
    agent: str
    since: datetime
    expires_at: datetime


def look_up(realm: Realm, address: str) -> Credentials:
    """Find what a password is to be proven against, outside of this transaction (argon2 takes its time)."""
    require_ground(realm)
    query = select(UserRow.id, UserRow.password_hash).where(
        UserRow.realm == realm.value, UserRow.email_key == read_email(address).key,
        UserRow.state == "active", UserRow.verified_at.is_not(None),
    )  # fmt: skip
    row = session().execute(query).one_or_none()
    return Credentials(realm, row.id, row.password_hash) if row else Credentials(realm, None, None)


def credentials_of(user_id: UUID) -> Credentials:
    """Return what a signed-in person's password is proven against, before something that cannot be undone."""
    row = session().execute(
        select(UserRow.realm, UserRow.password_hash).where(UserRow.id == user_id, UserRow.state == "active")
    ).one_or_none()  # fmt: skip
    return Credentials(Realm(row.realm), user_id, row.password_hash) if row else Credentials(Realm.BUYER, None, None)


def sign_in(found: Credentials, proof: Proof, place: Place) -> Opened:
    """Open a session for a proven password; tell its owner by mail if the browser is new.

    Raise Invalid with one and the same refusal for an unknown address, a wrong password and staff without a place.
    """
    user = _proven(found, proof)
    merchants = _merchants_of(user.id) if found.realm is Realm.MERCHANT else ()
    merchant_id = merchants[0] if len(merchants) == 1 else None
    if proof.rehashed:
        user.password_hash = proof.rehashed
    _tell_of_new_browser(user, place)
    secret, until = token(), clock.now() + LIFETIME[found.realm]
    row = SessionRow(
        id=new_id(), user_id=user.id, token_digest=digest(secret), merchant_id=merchant_id, expires_at=until,
        address=place.address[:64], agent=place.agent[:300],
    )  # fmt: skip
    session().add(row)
    name = "" if found.realm is Realm.BUYER else user.name
    with audit.acting(audit.By(found.realm.value, user.id, name, audit.actor().request_id)):
        audit.record("identity.signed_in", "user", user.id, address=place.address[:64])
    return Opened(secret, user.id, until, merchant_id, merchants)


def _proven(found: Credentials, proof: Proof) -> UserRow:
    user = None
    if proof.is_right and found.user_id is not None:
        # The hash must still be the one that was proven: a new password meanwhile ends this try.
        query = select(UserRow).where(UserRow.id == found.user_id, UserRow.password_hash == found.password_hash)
        user = session().scalars(query.where(UserRow.state == "active")).one_or_none()
    if user is None or not _has_place(user):
        raise Invalid(
            "identity.wrong_credentials",
            _("This e-mail address and password do not match. If you are new, open the link in our mail first."),
        )
    return user


def _has_place(user: UserRow) -> bool:
    if user.realm in (Realm.BUYER.value, Realm.MERCHANT.value):
        return True
    query = select(MembershipRow.id).where(MembershipRow.user_id == user.id, MembershipRow.merchant_id.is_(None))
    return session().scalars(query).first() is not None


def _merchants_of(user_id: UUID) -> tuple[UUID, ...]:
    query = select(MembershipRow.merchant_id).where(
        MembershipRow.user_id == user_id, MembershipRow.merchant_id.is_not(None)
    )
    return tuple(key for key in session().scalars(query.order_by(MembershipRow.id)) if key is not None)


def merchants_of(user_id: UUID) -> tuple[UUID, ...]:
    """Return the merchants that a person may work for, in the order in which they joined."""
    return _merchants_of(user_id)


def choose_merchant(session_id: UUID, user_id: UUID, merchant_id: UUID) -> None:
    """Work for this merchant from now on. Raise Missing without a membership there."""
    if merchant_id not in _merchants_of(user_id):
        raise Missing("identity.no_such_merchant", _("You do not work for this merchant"))
    session().execute(
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.user_id == user_id)
        .values(merchant_id=merchant_id)
    )


def _tell_of_new_browser(user: UserRow, place: Place) -> None:
    query = select(SessionRow.agent).where(SessionRow.user_id == user.id).limit(200)
    seen = set(session().scalars(query))
    if seen and place.agent[:300] not in seen:
        path = f"{home_path(Realm(user.realm))}/devices"
        announce("new_sign_in", user.email, user.locale, action_path=path, name=user.name, agent=place.agent[:300],
                 address=place.address[:64])  # fmt: skip


def is_known_place(realm: Realm, address: str, place: Place) -> bool:
    """Tell whether the owner of an account has signed in from this network address before."""
    query = (
        select(SessionRow.id)
        .join(UserRow, (UserRow.tenant_id == SessionRow.tenant_id) & (UserRow.id == SessionRow.user_id))
        .where(UserRow.realm == realm.value, UserRow.email_key == read_email(address).key,
               SessionRow.address == place.address[:64])
    )  # fmt: skip
    return session().scalars(query.limit(1)).first() is not None


def sign_out(secret: str) -> None:
    """End the session of a token; nothing happens if there is none."""
    _end(SessionRow.token_digest == digest(secret))


def sign_out_device(user_id: UUID, session_id: UUID) -> None:
    """End one session of a person. Raise Missing if it is not theirs."""
    if not _end((SessionRow.id == session_id) & (SessionRow.user_id == user_id)):
        raise Missing("identity.no_such_session", _("This device is signed out already"))
    audit.record("identity.device_signed_out", "user", user_id)


def sign_out_everywhere(user_id: UUID) -> None:
    """End all sessions of a person."""
    _end(SessionRow.user_id == user_id)
    audit.record("identity.signed_out_everywhere", "user", user_id)


def _end(which: object) -> bool:
    """End sessions; their rows stay for a while, because they say from where a person has signed in."""
    session().flush()
    ended = (
        update(SessionRow)
        .where(which, SessionRow.expires_at > clock.now())  # type: ignore[arg-type]
        .values(expires_at=clock.now())
        .returning(SessionRow.id)
        .execution_options(synchronize_session=False)
    )
    return bool(session().execute(ended).all())


def devices(user_id: UUID) -> list[Device]:
    """Return the open sessions of a person, newest first."""
    query = select(SessionRow).where(SessionRow.user_id == user_id, SessionRow.expires_at > clock.now())
    rows = session().scalars(query.order_by(SessionRow.id.desc()).limit(100))
    return [Device(r.id, r.address, r.agent, r.created_at, r.expires_at) for r in rows]


def sweep(before: datetime) -> None:
    """Delete sessions that ended before a moment; 90 days ago keeps known places known."""
    session().execute(delete(SessionRow).where(SessionRow.expires_at < before))
