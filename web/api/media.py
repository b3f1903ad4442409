"""Files in the API: pictures of goods, sent as multipart; and product files with their imports."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask_smorest import Blueprint
from werkzeug.datastructures import FileStorage

from core.catalogue import importing
from core.catalogue.importing import Kind, Mapped
from core.http.answers import Answer
from core.http.edge import Tx
from core.identity.principals import Realm
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.tx import read_only, transaction
from core.media.pictures import clean
from core.media.uploads import keep_picture, media
from web.api.answers import answer, listed
from web.api.surface import api_edge, resource
from web.schemas.catalogue import Body, ImportBody
from web.sellers import merchant_id, seller

blueprint: Blueprint = resource("media", "/media", "Pictures of goods")
imports: Blueprint = resource("imports", "/imports", "Imports of product files")


def _file() -> FileStorage:
    file = request.files.get("file")
    if file is None or not file.filename:
        said = _("Send the file as multipart/form-data under the name file")
        raise Invalid("media.no_file", said, fields=(FieldError("file", said),))
    return file


@blueprint.post("/")
@api_edge(Realm.MERCHANT, "listings.edit", tx=Tx.OWN)
def upload_picture() -> Answer:
    """Keep a picture; its renditions are made right after."""
    file = _file()
    picture = clean(file.read())
    with transaction():
        key = keep_picture(picture, file.filename or "", merchant_id())
    with read_only():
        return answer(media(key), 201)


@blueprint.get("/<uuid:media_id>")
@api_edge(Realm.MERCHANT, "listings.view")
def picture(media_id: UUID) -> Answer:
    """Return a file's facts and which renditions are ready."""
    return answer(media(media_id, merchant_id()))


@imports.get("/")
@api_edge(Realm.MERCHANT, "imports.run")
def runs() -> Answer:
    """List the latest imports."""
    return listed(importing.runs(merchant_id()))


@imports.post("/files")
@api_edge(Realm.MERCHANT, "imports.run")
def upload_table() -> Answer:
    """Keep a product file and say what it holds: the types and tags to be mapped, the faults of its rows."""
    file = _file()
    key = importing.keep(file.read(), file.filename or "", seller())
    return answer({"media_id": key, "outline": importing.outline(key, merchant_id())}, 201)


@imports.post("/")
@imports.arguments(ImportBody)
@api_edge(Realm.MERCHANT, "imports.run")
def start(body: Body) -> Answer:
    """Begin a dry run or a run over a kept file."""
    mapped = Mapped(body["default_category_id"], body["types"], body["tags"])
    kind = Kind.DRY_RUN if body["is_dry_run"] else Kind.RUN
    key = importing.start(body["media_id"], seller(body["shop_id"]), mapped, kind)
    return answer(importing.run(key), 202)


@imports.get("/<uuid:run_id>")
@api_edge(Realm.MERCHANT, "imports.run")
def run(run_id: UUID) -> Answer:
    """Return how far an import is, and its report."""
    return answer(importing.run(run_id, merchant_id()))
