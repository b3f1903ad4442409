"""Files that people upload in forms, and papers that are shown to those who review them.

Reading a picture is slow, so it is read before a transaction is opened and kept inside it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from uuid import UUID

from flask import Response, request
from PIL import Image

from core.kernel.errors import FieldError, Invalid, _
from core.media import pictures, uploads
from core.media.pictures import CleanPicture
from core.media.uploads import Blob

_PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it is kept: a PDF, whatever was sent."""

    data: bytes
    name: str


def picture(field: str) -> tuple[CleanPicture, str] | None:
    """Read a picture that a form sent, and its name; None if none was chosen. Slow: before the transaction."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        return None
    try:
        return pictures.clean(sent.read()), sent.filename
    except Invalid as wrong:
        raise _at(field, wrong) from None


def paper(field: str) -> Paper:
    """Read a document that a form sent: a PDF, or a photograph of the page, which becomes one. Slow.

    Raise Invalid if none was chosen or it is neither.
    """
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        message = _("Choose a file first")
        raise Invalid("form.no_file", message, fields=(FieldError(field, message),))
    data = sent.read()
    if data.startswith(_PDF):
        return Paper(data, sent.filename)
    try:
        return Paper(_as_pdf(pictures.clean(data)), f"{sent.filename}.pdf")
    except Invalid:
        message = _("Send a PDF, or a picture of the page as JPEG, PNG or WebP of at most 10 MB")
        raise Invalid("media.refused", message, fields=(FieldError(field, message),)) from None


def keep(sent: Paper, merchant_id: UUID | None) -> UUID:
    """Keep a document where only its merchant and the operator may read it; return its key."""
    return uploads.keep_document(sent.data, sent.name, merchant_id)


def shown(blob: Blob) -> Response:
    """Send a private file to be looked at in the browser; nothing in between may keep it."""
    response = Response(blob.data, content_type=blob.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _as_pdf(clean: CleanPicture) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(clean.data)).convert("RGB").save(out, "PDF", resolution=150.0)
    return out.getvalue()


def _at(field: str, wrong: Invalid) -> Invalid:
    return Invalid(wrong.code, wrong.message, fields=(FieldError(field, wrong.message),), **wrong.facts)
