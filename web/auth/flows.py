"""What takes more than one transaction: counting tries, proving a password, then the deed. Pages and API share it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import request

from core.compliance import own_data
from core.compliance.own_data import Request
from core.customers import buyers
from core.http.edge import COOKIES
from core.http.limits import client_network, throttle
from core.identity import accounts, invitations, passwords, resets, sessions
from core.identity.addresses import email_key
from core.identity.principals import Realm
from core.identity.sessions import Opened, Place
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.tx import read_only, transaction
from web import languages

_QUARTER = timedelta(minutes=15)


def place() -> Place:
    """Return where the request comes from."""
    return Place(client_network(), request.headers.get("User-Agent", ""))


def sign_in(realm: Realm, email: str, password: str) -> Opened:
    """Open a session; one that the browser had before ends. Raise Throttled, or Invalid for a wrong pair.

    Ten tries a minute for an account and for a network address. Where the owner has signed in from before, there
    are ten of their own, so that nobody can lock them out from elsewhere.
    """
    key, here = f"{realm.value}:{email_key(email)}", place()
    with read_only():
        is_known = sessions.is_known_place(realm, email, here)
    throttle("sign_in", f"address:{here.address}", f"{key}:{here.address}" if is_known else key)
    with read_only():
        found = sessions.look_up(realm, email)
    proof = passwords.prove(found.password_hash, password)
    with transaction():
        earlier = request.cookies.get(COOKIES[realm])
        opened = sessions.sign_in(found, proof, here)
        if earlier:
            sessions.sign_out(earlier)
    return opened


def register(realm: Realm, email: str, name: str, password: str, *, after: str = "") -> None:
    """Ask for an account. Raise Throttled, or Invalid for what cannot be accepted."""
    _throttle_mail("register", realm, email)
    with transaction():
        accounts.register(realm, email, name, password, locale=languages.language(), after=after)


def forgotten(realm: Realm, email: str) -> None:
    """Ask for a link to a new password. Raise Throttled, or Invalid for what is no address."""
    _throttle_mail("forgotten", realm, email)
    with transaction():
        resets.ask(realm, email, locale=languages.language())


def reset(realm: Realm, secret: str, password: str) -> None:
    """Set a new password by a link. Raise Throttled, or Invalid for a spent link or a weak password."""
    throttle("link", f"address:{client_network()}")
    with transaction():
        user_id = resets.reset(realm, secret, password)
        _greet(realm, accounts.get(user_id))


def change_password(user_id: UUID, old: str, new: str) -> None:
    """Set a new password with the old one. Raise Throttled or Invalid."""
    throttle("password", str(user_id))
    with transaction():
        resets.change(user_id, old, new)


def erase_account(user_id: UUID, password: str) -> Request:
    """Ask that a buyer's account is erased, with the password. Raise Throttled, Invalid, or Conflict (open orders)."""
    throttle("password", str(user_id))
    with read_only():
        found = sessions.credentials_of(user_id)
    proof = passwords.prove(found.password_hash, password)
    if not proof.is_right:
        fault = _("This is not your password")
        raise Invalid("identity.wrong_password", fault, fields=(FieldError("password", fault),))
    with transaction():
        return own_data.ask_erasure(user_id)


def verify(realm: Realm, secret: str) -> str:
    """Finish a registration by a link; return the local path to go on to, or nothing."""
    throttle("link", f"address:{client_network()}")
    with transaction():
        account, after = accounts.verify(realm, secret)
        _greet(realm, account)
    return after


def accept(realm: Realm, secret: str, name: str, password: str) -> None:
    """Join a team by a link. Raise Throttled, or Invalid for a spent link or a weak password."""
    throttle("link", f"address:{client_network()}")
    with transaction():
        invitations.accept(realm, secret, name, password)


def _greet(realm: Realm, account: accounts.Account) -> None:
    """A buyer whose address is proven becomes a customer, and gets what was ordered as a guest."""
    if realm is Realm.BUYER:
        buyers.ensure_customer(account.id, account.email, account.name)


def _throttle_mail(name: str, realm: Realm, email: str) -> None:
    throttle(name, f"address:{client_network()}")
    throttle(f"{name}_mail", f"{realm.value}:{email_key(email)}", most=5, window=_QUARTER)
