"""Fields that the parts of the design are made of: texts in each language, and addresses that links may name."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields, validate

from core.kernel.errors import _

LANGUAGES = ("en", "zh")
Texts = Mapping[str, str]


def texts(longest: int) -> fields.Dict:
    """Return a field of one text for each language, each of at most so many letters."""
    return fields.Dict(
        keys=fields.String(validate=validate.OneOf(LANGUAGES)),
        values=fields.String(validate=validate.Length(max=longest, error=_("Write at most {max} letters"))),
        load_default=dict,
    )


def address(text: str) -> None:
    """Raise ValidationError unless a text is empty, a path of this storefront, or an https address."""
    if text == "" or (text.startswith("/") and not text.startswith(("//", "/\\")) and _is_clean(text)):
        return
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.netloc or not _is_clean(text):
        raise ValidationError(_("Give a page of the storefront, such as /search?sale=1, or an https:// address"))


def _is_clean(text: str) -> bool:
    return all(ord(char) > 32 and char not in "\"'<>\\" for char in text)


def href() -> fields.String:
    """Return a field of an address; "" where nothing is linked."""
    return fields.String(validate=[validate.Length(max=300), address], load_default="")


def said(found: Texts, *languages: str) -> str:
    """Return a text in the first of these languages that has one, else in any; "" where there is none."""
    return next((found[code] for code in (*languages, *LANGUAGES) if found.get(code)), "")
