"""Passwords: which ones are allowed, and argon2id with the same work whether or not an account exists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.kernel.errors import FieldError, Invalid, Unavailable, _
from core.kernel.ids import token

SHORTEST, LONGEST = 10, 256
# Those of ten and more characters that head the published lists; shorter ones are refused by their length.
_WORST = frozenset(
    """1234567890 12345678910 0123456789 0987654321 9876543210 1q2w3e4r5t 1q2w3e4r5t6y qwertyuiop qwerty12345
    qwerty123456 1qaz2wsx3edc q1w2e3r4t5 zaq12wsxcde asdfghjkl1 asdfghjkl; password12 password123 password1234
    password12345 passw0rd123 p@ssw0rd123 p@ssword123 iloveyou12 iloveyou123 iloveyou1234 letmein123 letmein1234
    welcome123 welcome1234 welcome2024 welcome2025 welcome2026 administrator changeme123 changeme1234 football123
    baseball123 superman123 sunshine123 princess123 princess12 dragon12345 monkey12345 michael123 jennifer123
    abcdefghij abcdef1234 abcd123456 abc1234567 a123456789 1234567890a 123456789a 123456789q 111222333444
    12344321 1122334455 1231231234 123123123123 123321123321 147258369 1472583690 789456123 7894561230 5201314520
    woaini1314 woaini521 woaini5201314 google12345 galleria123 marketplace marketplace1 marketplace123""".split()
)
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Each run takes 19 MiB and a core: a flood of sign-ins waits here instead of in the memory of the machine.
_AT_ONCE = BoundedSemaphore(4)
_PATIENCE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a password was right, and its new hash where the stored one has outdated parameters."""

    is_right: bool
    rehashed: str | None = None


def check(password: str, email: str = "") -> None:
    """Raise Invalid for a password that is too short, too long, the e-mail address, or among the most used."""
    fault = _fault(password, email.casefold())
    if fault:
        raise Invalid("identity.weak_password", fault, fields=(FieldError("password", fault),))


def _fault(password: str, email: str) -> str:
    plain = password.casefold().strip()
    if len(password) < SHORTEST:
        return _("Choose a password of at least 10 characters; a short sentence is good")
    if len(password) > LONGEST:
        return _("Choose a password of at most 256 characters")
    if email and plain in (email, email.partition("@")[0]):
        return _("Choose a password that is not your e-mail address")
    if plain in _WORST or len(set(plain)) < 4:
        return _("This password is among the first that anybody would try; choose another")
    return ""


def hashed(password: str) -> str:
    """Return the argon2id hash to store. Takes tens of milliseconds. Raise Unavailable under too much load."""
    _enter()
    try:
        return _HASHER.hash(password)
    finally:
        _AT_ONCE.release()


@cache
def _nobody() -> str:
    return _HASHER.hash(token())


def prove(stored: str | None, password: str) -> Proof:
    """Check a password against its hash; without one, do the same work and find it wrong."""
    _enter()
    try:
        _HASHER.verify(stored or _nobody(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return Proof(is_right=False)
    else:
        if stored is None:
            return Proof(is_right=False)
        outdated = _HASHER.check_needs_rehash(stored)
        return Proof(is_right=True, rehashed=_HASHER.hash(password) if outdated else None)
    finally:
        _AT_ONCE.release()


def _enter() -> None:
    if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
        raise Unavailable(
            "identity.busy", _("Many people are signing in; try again in a moment"), retry_after=2
        )  # fmt: skip
