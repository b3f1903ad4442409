"""Files that come in and go out: pictures for everyone, papers for those whom they concern."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit, jobs
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.ids import new_id
from core.media.models import MediaRow
from core.media.pictures import BYTES_LIMIT, WIDTHS, CleanPicture, refused
from core.media.store import files

RENDER, FETCH = "media.render", "media.fetch"
TABLE_LIMIT = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Media:
    """A file as pages and the API show it. `widths` are the renditions that are ready."""

    id: UUID
    name: str
    media_type: str
    bytes: int
    width: int
    height: int
    widths: tuple[int, ...]
    is_public: bool
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes to send. `is_final` says that they will never change, so they may be cached for ever."""

    data: bytes
    media_type: str
    etag: str
    name: str
    is_final: bool


def _new(clean_name: str, merchant_id: UUID | None) -> MediaRow:
    name = clean_name.replace("\\", "/").rpartition("/")[2][:120]
    return MediaRow(id=new_id(), merchant_id=merchant_id, name=name, sha256="", media_type="", bytes=0)


def keep_picture(picture: CleanPicture, name: str, merchant_id: UUID | None) -> UUID:
    """Keep a checked picture and have its renditions made; None is the operator's own."""
    row = _new(name, merchant_id)
    fill(row, picture)
    session().add(row)
    audit.record("media.uploaded", "media", row.id, name=row.name, bytes=row.bytes)
    return row.id


def keep_private_picture(picture: CleanPicture, name: str, merchant_id: UUID | None) -> UUID:
    """Keep a checked picture that only those see to whom its owner shows it; it has no renditions."""
    row = _new(name, merchant_id)
    row.sha256, row.media_type, row.bytes = picture.sha256, picture.media_type, len(picture.data)
    row.width, row.height, row.is_public, row.state = picture.width, picture.height, False, "ready"
    files().write(picture.sha256, picture.data)
    session().add(row)
    audit.record("media.uploaded", "media", row.id, name=row.name, bytes=row.bytes)
    return row.id


def fill(row: MediaRow, picture: CleanPicture) -> None:
    """Write a checked picture into a row and its bytes into the store, and have renditions made."""
    files().write(picture.sha256, picture.data)
    row.sha256, row.media_type, row.bytes = picture.sha256, picture.media_type, len(picture.data)
    row.width, row.height, row.state, row.note = picture.width, picture.height, "stored", ""
    jobs.soon(RENDER, {"media_id": str(row.id)})


def keep_remote_picture(url: str, merchant_id: UUID) -> UUID:
    """Note a picture that lies at an address; a job fetches it after the commit."""
    row = _new(url.partition("?")[0], merchant_id)
    row.source_url, row.state = url[:2000], "fetching"
    session().add(row)
    session().flush()
    jobs.soon(FETCH, {"media_id": str(row.id)})
    return row.id


def keep_document(data: bytes, name: str, merchant_id: UUID | None) -> UUID:
    """Keep a paper (PDF) that only the operator and its merchant may read. Raise Invalid if it is no PDF."""
    if len(data) > BYTES_LIMIT:
        raise refused(_("The file is larger than 10 MB"))
    if not data.startswith(b"%PDF-"):
        raise refused(_("Send the paper as a PDF"))
    return _keep_private(data, name, "application/pdf", merchant_id)


def keep_table(data: bytes, name: str, merchant_id: UUID) -> UUID:
    """Keep a CSV file that an import reads. Raise Invalid above 20 MB."""
    if len(data) > TABLE_LIMIT:
        raise refused(_("The file is larger than 20 MB; split it"))
    return _keep_private(data, name, "text/csv", merchant_id)


def _keep_private(data: bytes, name: str, media_type: str, merchant_id: UUID | None) -> UUID:
    row = _new(name, merchant_id)
    row.sha256, row.media_type, row.bytes = hashlib.sha256(data).hexdigest(), media_type, len(data)
    row.is_public, row.state = False, "ready"
    files().write(row.sha256, data)
    session().add(row)
    audit.record("media.uploaded", "media", row.id, name=row.name, bytes=row.bytes)
    return row.id


def media(media_id: UUID, merchant_id: UUID | None = None) -> Media:
    """Return a file's facts; with `merchant_id`, of that merchant alone. Raise Missing if there is none."""
    row = _row(media_id)
    if merchant_id is not None and row.merchant_id != merchant_id:
        raise _missing()
    widths = tuple(int(width) for width in row.widths.split())
    return Media(row.id, row.name, row.media_type, row.bytes, row.width, row.height, widths, row.is_public, row.state,
                 row.note)  # fmt: skip


def _row(media_id: UUID) -> MediaRow:
    row = session().scalars(select(MediaRow).where(MediaRow.id == media_id)).one_or_none()
    if row is None:
        raise _missing()
    return row


def _missing() -> Missing:
    return Missing("media.missing", _("There is no such file"))


def picture(media_id: UUID, width: int) -> Blob:
    """Return a public picture at a width of 320, 640 or 1280; the original until that is made. Raise Missing."""
    row = _row(media_id)
    if not row.is_public or not row.sha256 or width not in WIDTHS:
        raise _missing()
    if str(width) in row.widths.split():
        data = files().read(f"{row.sha256}.{width}")
        if data is not None:
            return Blob(data, "image/webp", f"{row.sha256[:32]}-{width}", row.name, is_final=True)
    return _original(row, is_final=False)


def original(media_id: UUID, merchant_id: UUID | None = None) -> Blob:
    """Return a file as it is kept; with `merchant_id`, of that merchant alone. The caller has checked who asks."""
    row = _row(media_id)
    if merchant_id is not None and row.merchant_id != merchant_id:
        raise _missing()
    return _original(row, is_final=True)


def _original(row: MediaRow, *, is_final: bool) -> Blob:
    data = files().read(row.sha256) if row.sha256 else None
    if data is None:
        raise _missing()
    return Blob(data, row.media_type, row.sha256[:32], row.name, is_final)
