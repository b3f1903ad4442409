"""New passwords: by a link when the old one is forgotten, or with the old one. Either ends every session."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.identity import passwords, sessions, tokens
from core.identity.accounts import announce, home_path, require_ground
from core.identity.addresses import email as read_email
from core.identity.models import UserRow
from core.identity.principals import Realm
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, Missing, _


def ask(realm: Realm, address: str, *, locale: str = "") -> None:
    """Ask for a link to set a new password. The answer and its time are the same for every address.

    Whether there is an account is looked up by a job afterwards.
    """
    require_ground(realm)
    who = read_email(address)
    jobs.soon("identity.send_reset", {"realm": realm.value, "email_key": who.key, "locale": locale})


@jobs.job("identity.send_reset")
def _send(payload: jobs.Payload) -> None:
    realm = Realm(payload["realm"])
    query = select(UserRow).where(
        UserRow.realm == realm.value, UserRow.email_key == payload["email_key"], UserRow.state == "active"
    )
    user = session().scalars(query).one_or_none()
    if user is None:
        return
    tokens.void(tokens.RESET, realm, user.id)
    secret = tokens.issue(tokens.RESET, realm, user.id, {})
    path = f"{home_path(realm)}/reset?token={secret}"
    announce("reset", user.email, user.locale or payload["locale"], action_path=path, name=user.name)


def reset(realm: Realm, secret: str, password: str) -> UUID:
    """Set a new password by its link, end all sessions, and return whose it is.

    The link proves the address too. Raise Invalid for a spent link or a weak password; then the link still works.
    """
    link = tokens.take(tokens.RESET, realm, secret)
    user = _locked(link.user_id)
    _set(user, password)
    user.verified_at = user.verified_at or clock.now()
    tokens.void(tokens.VERIFY, realm, user.id)
    audit.record("identity.password_reset", "user", user.id)
    return user.id


def change(user_id: UUID, old: str, new: str) -> None:
    """Set a new password with the old one and end all sessions. Raise Invalid if the old one is wrong."""
    user = _locked(user_id)
    if not passwords.prove(user.password_hash, old).is_right:
        fault = _("This is not your present password")
        raise Invalid("identity.wrong_password", fault, fields=(FieldError("old", fault),))
    _set(user, new)
    audit.record("identity.password_changed", "user", user_id)


def _locked(user_id: UUID | None) -> UserRow:
    user = session().scalars(select(UserRow).where(UserRow.id == user_id, UserRow.state == "active")).one_or_none()
    if user is None:
        raise Missing("identity.no_such_user", _("There is no such account"))
    return user


def _set(user: UserRow, password: str) -> None:
    passwords.check(password, user.email_key)
    user.password_hash = passwords.hashed(password)
    tokens.void(tokens.RESET, Realm(user.realm), user.id)
    sessions.sign_out_everywhere(user.id)
    path = f"{home_path(Realm(user.realm))}/forgotten"
    announce("password_changed", user.email, user.locale, action_path=path, name=user.name)
