"""Makes the renditions of pictures, after the commit, outside of any transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from core.kernel import jobs
from core.kernel.db import session
from core.kernel.tx import read_only, transaction
from core.media.models import MediaRow
from core.media.pictures import WIDTHS, rendition
from core.media.store import files
from core.media.uploads import RENDER


@jobs.slow_job(RENDER, retries=3)
def render(payload: jobs.Payload) -> None:
    """Make WebP renditions of 320, 640 and 1280 pixels; doing it again finds them made."""
    media_id = UUID(payload["media_id"])
    with read_only():
        query = select(MediaRow.sha256).where(MediaRow.id == media_id, MediaRow.state == "stored")
        sha256 = session().scalar(query)
    data = files().read(sha256) if sha256 else None
    if data is None:
        return
    for width in WIDTHS:
        name = f"{sha256}.{width}"
        if not files().exists(name):
            files().write(name, rendition(data, width))
    with transaction():
        ready = {"state": "ready", "widths": " ".join(map(str, WIDTHS))}
        session().execute(update(MediaRow).where(MediaRow.id == media_id, MediaRow.state == "stored").values(ready))
