"""Import of product files: upload, map, try without writing, run with progress, a report for each bad row; export."""

from __future__ import annotations

import csv
import io
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext

from core.catalogue import categories, export, importing
from core.catalogue.importing import Kind, Mapped
from core.catalogue.tokens import fold
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.merchants import shops
from web import languages
from web.merchant.surface import blueprint, menu
from web.sellers import merchant_id, seller

menu.add("Catalogue", 40, "Import and export", "merchant.imports", "upload", "imports.run")


@blueprint.get("/imports")
@edge(Realm.MERCHANT, "imports.run")
def imports(error: AppError | None = None) -> Answer:
    """Show the upload, the latest runs, and the export."""
    return page(
        "merchant/imports.html", runs=importing.runs(merchant_id()), said=message(error) if error else "",
        shops=[(str(shop.id), shop.name) for shop in shops.of_merchant(merchant_id())],
    )  # fmt: skip


@blueprint.post("/imports")
@edge(Realm.MERCHANT, "imports.run", again=imports)
def upload_products() -> Answer:
    """Keep the file and go on to its mapping."""
    file = request.files.get("file")
    if file is None or not file.filename:
        said = _("Choose a CSV file first")
        raise Invalid("imports.no_file", said, fields=(FieldError("file", said),))
    who = seller(request.form.get("shop", type=UUID))
    media_id = importing.keep(file.read(), file.filename, who)
    return see(url_for("merchant.map_import", media_id=media_id, shop=who.shop_id))


@blueprint.get("/imports/map/<uuid:media_id>")
@edge(Realm.MERCHANT, "imports.run")
def map_import(media_id: UUID, error: AppError | None = None) -> Answer:
    """Show which category each type and tag of the file will mean."""
    outline = importing.outline(media_id, merchant_id())
    guessed = importing.suggest([*outline.types, *outline.tags])
    language = languages.language()
    tree = [(str(c.id), "– " * c.depth + c.name(language)) for c in categories.tree(only_active=True)]
    return page(
        "merchant/import_map.html", outline=outline, categories=tree, said=message(error) if error else "",
        types=[(f"type-{n}", name, guessed.get(fold(name), "")) for n, name in enumerate(outline.types)],
        tags=[(f"tag-{n}", name, guessed.get(fold(name), "")) for n, name in enumerate(outline.tags)],
    )  # fmt: skip


@blueprint.post("/imports/map/<uuid:media_id>")
@edge(Realm.MERCHANT, "imports.run", again=map_import)
def start_import(media_id: UUID) -> Answer:
    """Begin the dry run or the run."""
    outline, form = importing.outline(media_id, merchant_id()), request.form
    default = form.get("default", type=UUID)
    if default is None:
        said = _("Choose the category for everything else")
        raise Invalid("imports.no_category", said, fields=(FieldError("default", said),))
    types = {name: key for n, name in enumerate(outline.types) if (key := form.get(f"type-{n}", type=UUID))}
    tags = {name: key for n, name in enumerate(outline.tags) if (key := form.get(f"tag-{n}", type=UUID))}
    kind = Kind.RUN if form.get("act") == "run" else Kind.DRY_RUN
    run_id = importing.start(media_id, seller(request.args.get("shop", type=UUID)), Mapped(default, types, tags), kind)
    return see(url_for("merchant.import_run", run_id=run_id, file=media_id, shop=request.args.get("shop")))


@blueprint.get("/imports/<uuid:run_id>")
@edge(Realm.MERCHANT, "imports.run")
def import_run(run_id: UUID) -> Answer:
    """Show how far a run is and what was wrong; it asks again by itself until it is finished."""
    run = importing.run(run_id, merchant_id())
    return page(
        "merchant/import_run.html", fragment="merchant/_import_run.html", run=run,
        pictures=importing.failed_pictures(run_id), file=request.args.get("file"), shop=request.args.get("shop"),
    )  # fmt: skip


@blueprint.get("/imports/<uuid:run_id>/report.csv")
@edge(Realm.MERCHANT, "imports.run")
def import_report(run_id: UUID) -> Answer:
    """Send the report as a table."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [gettext("Row"), gettext("Handle"), gettext("Column"), gettext("What is wrong"), gettext("What to do")]
    )
    for error in importing.run(run_id, merchant_id()).report:
        cells = (error.handle, error.column, gettext(error.message), gettext(error.advice))
        writer.writerow([str(error.row), *map(export.safe, map(str, cells))])
    return _table(out.getvalue().encode("utf-8-sig"), "report.csv")


@blueprint.get("/exports/products.csv")
@edge(Realm.MERCHANT, "listings.view")
def export_products() -> Answer:
    """Send all products in Shopify's format."""
    url = f"{request.host_url}media/{{id}}/1280.webp"
    return _table(export.write_csv(merchant_id(), url), "products.csv")


def _table(data: bytes, name: str) -> Response:
    response = Response(data, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
