"""Whether an uploaded file is a merchant's own: others' files can be neither shown nor handed in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.media.models import MediaRow


def require_own(merchant_id: UUID, media_id: UUID) -> None:
    """Raise Missing unless the merchant has uploaded the file."""
    query = select(MediaRow.id).where(MediaRow.id == media_id, MediaRow.merchant_id == merchant_id)
    if session().scalars(query).first() is None:
        raise Missing("merchants.file_missing", _("There is no such file"))
