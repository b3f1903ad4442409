"""Files that people upload in forms: stored for a merchant, and shown again."""

from __future__ import annotations

from uuid import UUID

from flask import request

from core.kernel.errors import FieldError, Invalid, _
from core.media import uploads


def taken(field: str, merchant_id: UUID | None, *, is_public: bool) -> UUID | None:
    """Store the file that a form sent in a field; return its key, None if no file was chosen."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        return None
    try:
        return uploads.store(sent.read(), sent.filename, merchant_id=merchant_id, is_public=is_public)
    except Invalid as wrong:
        raise Invalid(wrong.code, wrong.message, fields=(FieldError(field, wrong.message),), **wrong.facts) from None


def required(field: str, merchant_id: UUID | None, *, is_public: bool) -> UUID:
    """Store the file that a form sent in a field. Raise Invalid if no file was chosen."""
    media_id = taken(field, merchant_id, is_public=is_public)
    if media_id is None:
        message = _("Choose a file first")
        raise Invalid("form.no_file", message, fields=(FieldError(field, message),))
    return media_id
