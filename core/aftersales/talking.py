"""What buyer, shop and operator write to each other about a case, and the photographs that they add."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from core.aftersales import moves
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.media import uploads
from core.media.pictures import CleanPicture
from core.media.uploads import Blob
from core.orders.aftersale_models import AftersalePhotoRow, AftersaleRow
from core.orders.states import AFTERSALE_OPEN

MOST_PHOTOS = 12


def write(case_id: UUID, text: str, *, merchant_id: UUID | None = None) -> None:
    """Write to the others while a case is open. Raise Missing, Invalid (nothing written) or Conflict."""
    _order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, *AFTERSALE_OPEN)
    moves.remember(case, "message", moves.said(text))
    moves.tell(case, "message")


def add_photos(case_id: UUID, photos: Sequence[tuple[CleanPicture, str]], *, merchant_id: UUID | None = None) -> None:
    """Add checked pictures with their names, private to the case. Raise Missing or Conflict: ended, or too many."""
    if not photos:
        return
    order, case = moves.locked(case_id, merchant_id=merchant_id)
    moves.require(case, *AFTERSALE_OPEN)
    known = select(func.count()).select_from(AftersalePhotoRow).where(AftersalePhotoRow.case_id == case_id)
    if int(session().scalar(known) or 0) + len(photos) > MOST_PHOTOS:
        raise Conflict("aftersales.too_many_photos", _("A case has at most {most} photographs"), most=MOST_PHOTOS)
    for picture, name in photos:
        media_id = uploads.keep_private_picture(picture, name, order.merchant_id)
        row = AftersalePhotoRow(id=new_id(), case_id=case.id, media_id=media_id, by_kind=audit.actor().kind,
                                at=clock.now())  # fmt: skip
        session().add(row)
    moves.remember(case, "photos", facts={"count": len(photos)})


def photo(case: AftersaleRow, media_id: UUID) -> Blob:
    """Return a photograph of a case; the caller has checked who asks. Raise Missing."""
    query = select(AftersalePhotoRow.id).where(
        AftersalePhotoRow.case_id == case.id, AftersalePhotoRow.media_id == media_id
    )
    if session().scalar(query) is None:
        raise Missing("media.missing", _("There is no such file"))
    return uploads.original(media_id)


def label(case: AftersaleRow) -> Blob:
    """Return a case's label for the way back; the caller has checked who asks. Raise Missing."""
    if case.label_id is None:
        raise Missing("media.missing", _("There is no such file"))
    return uploads.original(case.label_id)
