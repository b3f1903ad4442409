"""Sends files: pictures to anyone who looks at the marketplace, papers to those whom they concern."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request

from core.http.edge import identify
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.tx import read_only
from core.media import fetching, renditions
from core.media.uploads import Blob, media, original
from core.media.uploads import picture as find_picture

blueprint = Blueprint("media", __name__, url_prefix="/media")
JOBS = (fetching.fetch, renditions.render)
"""Named here so that a process that serves pictures also knows how to make them."""


@blueprint.get("/<uuid:media_id>/<int:width>.webp")
def picture(media_id: UUID, width: int) -> Response:
    """Send a public picture 320, 640 or 1280 pixels wide; the original for a moment after its upload."""
    with read_only():
        blob = find_picture(media_id, width)
    cache = "public, max-age=31536000, immutable" if blob.is_final else "public, max-age=30"
    return _sent(blob, cache)


@blueprint.get("/<uuid:media_id>/file")
def document(media_id: UUID) -> Response:
    """Send a private file to the operator or to the merchant whose it is; to others there is none."""
    with read_only():
        blob = _for_reader(media_id)
    response = _sent(blob, "private, no-store")
    response.headers.set("Content-Disposition", "attachment", filename=blob.name or "file")
    return response


def _for_reader(media_id: UUID) -> Blob:
    operator = identify(Realm.OPERATOR)
    if operator.realm is Realm.OPERATOR and not operator.is_guest:
        operator.require("merchants.review")
        return original(media_id)
    merchant = identify(Realm.MERCHANT)
    if merchant.realm is Realm.MERCHANT and merchant.merchant_id is not None:
        return original(media_id, merchant.merchant_id)
    if media(media_id).is_public:
        return original(media_id)
    raise Missing("media.missing", _("There is no such file"))


def _sent(blob: Blob, cache: str) -> Response:
    response = Response(blob.data, mimetype=blob.media_type)
    response.set_etag(blob.etag)
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.make_conditional(request)
    return response
