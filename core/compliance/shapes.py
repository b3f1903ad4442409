"""Numbers that prove themselves: unified social credit codes, identity cards, permits for food."""

from __future__ import annotations

import re
from datetime import date

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PREFIXES = {"licensed": "JY", "catering": "JY", "filing": "YB", "producer": "SC"}


def uscc_ok(code: str) -> bool:
    """Whether a unified social credit code (GB 32100) has its shape and check character."""
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", code):
        return False
    total = sum(_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return _ALPHABET[(31 - total % 31) % 31] == code[17]


def id_card_ok(number: str, today: date) -> bool:
    """Whether an identity number (GB 11643) has its shape, a day of birth in the past and its check character."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11]
    return check == number[17] and born < today


def permit_no_ok(number: str, kind: str = "") -> bool:
    """Whether a permit has its shape: SC, JY or YB, the one of the kind of seller if it has one, and 14 digits."""
    prefix = _PREFIXES.get(kind, "(SC|JY|YB)")
    return bool(re.fullmatch(rf"{prefix}\d{{14}}", number))
