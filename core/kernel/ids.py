"""Keys and references: UUIDv7 for rows, short readable references for people."""

from __future__ import annotations

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

# Crockford's base 32: no I, L, O, U, so a reference can be read aloud.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """Return a fresh UUIDv7: unique, and ordered by time within a process."""
    return uuid7()


def reference(prefix: str, key: UUID) -> str:
    """Return what people see of a row, such as "ord_06EJ3Q5RWXKZT9M1P4N7V2A8BC": prefix and the whole key."""
    number, digits = key.int, []
    for _ in range(26):
        number, rest = divmod(number, 32)
        digits.append(_ALPHABET[rest])
    return f"{prefix}_{''.join(reversed(digits))}"


def from_reference(prefix: str, text: str) -> UUID | None:
    """Return the key behind a reference, or None where the text is no reference of this prefix."""
    head, _, tail = text.partition("_")
    if head != prefix or len(tail) != 26:
        return None
    number = 0
    for char in tail.upper():
        digit = _ALPHABET.find(char)
        if digit < 0:
            return None
        number = number * 32 + digit
    return UUID(int=number) if number < 2**128 else None


def token() -> str:
    """Return a secret of 256 bits for links and sessions, safe in a URL."""
    return secrets.token_urlsafe(32)


def short_code(length: int = 8) -> str:
    """Return a random code that people can type."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
