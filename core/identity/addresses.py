"""E-mail addresses: checked, and brought into the one form by which accounts are found."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from core.kernel.errors import FieldError, Invalid, _


@dataclass(frozen=True, slots=True)
class Email:
    """`shown` is how its owner writes it; `key` is equal for all ways to write the same address."""

    shown: str
    key: str


def email(text: str) -> Email:
    """Read an address. Raise Invalid for what cannot be one."""
    plain = unicodedata.normalize("NFKC", text.strip())
    try:
        found = validate_email(plain, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        found = None
    if found is None or "." not in found.domain or len(plain) > 254:
        fault = _("Enter an e-mail address, such as name@example.com")
        raise Invalid("identity.not_an_email", fault, fields=(FieldError("email", fault),))
    return Email(found.normalized, f"{found.local_part.lower()}@{found.ascii_domain.lower()}")


def email_key(text: str) -> str:
    """Return the canonical form of an address. Raise Invalid for what cannot be one."""
    return email(text).key
