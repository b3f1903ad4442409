"""The people who run a marketplace: the platform names them, they set a password of their own by a link."""

from __future__ import annotations

from uuid import UUID

from core.identity import accounts, resets
from core.identity.principals import Realm
from core.kernel.ids import token
from core.kernel.tenancy import current


def invite(address: str, name: str) -> UUID:
    """Make an owner of the bound marketplace and mail a link to set a password. Raise Invalid for a bad address.

    Until the link is used nobody can sign in: the password is one that nobody knows.
    """
    user_id = accounts.create_staff(Realm.OPERATOR, address, name or address, token())
    resets.ask(Realm.OPERATOR, address, locale=current().locale)
    return user_id
