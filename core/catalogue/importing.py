"""Imports of product files: each product whole or not at all, a second run changes instead of doubling.

A run reads its file again at each step, carries out some products per transaction, and notes in the same transaction
how far it has come; a worker that dies loses nothing and doubles nothing. A dry run does the same work in savepoints
that are rolled back, so that its report is what the run would say.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.catalogue import moderation, publication, stock, variants
from core.catalogue.categories import tree
from core.catalogue.editing import change_listing, create_listing, set_pictures, tag_limit
from core.catalogue.import_models import ImportRow
from core.catalogue.models import ListingRow, PictureRow, VariantRow
from core.catalogue.shopify import Product, RowError, parse
from core.catalogue.tokens import fold
from core.catalogue.values import PICTURE_LIMIT, ListingInput, PictureInput, Seller, VariantInput
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import AppError, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current
from core.kernel.tx import read_only, transaction
from core.media.models import MediaRow
from core.media.store import files
from core.media.uploads import keep_remote_picture, keep_table

IMPORT = "catalogue.import"
_PER_TRANSACTION = 20
_STEP_SECONDS = 40.0
_REPORT_LIMIT = 1_000


class Kind(StrEnum):
    """Whether a run writes, or only says what it would write."""

    DRY_RUN = "dry_run"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where products go: by their type, else by their first tag that is known, else into the default."""

    default: UUID
    types: Mapping[str, UUID] = field(default_factory=dict)
    tags: Mapping[str, UUID] = field(default_factory=dict)

    def category_of(self, product: Product) -> UUID:
        """Return the category for a product."""
        by_type = self.types.get(fold(product.type))
        known = (self.tags[fold(tag)] for tag in product.tags if fold(tag) in self.tags)
        return by_type or next(known, self.default)


@dataclass(frozen=True, slots=True)
class Run:
    """A run as pages and the API show it."""

    id: UUID
    merchant_id: UUID
    shop_id: UUID
    file_name: str
    kind: Kind
    state: str
    total: int
    done: int
    created: int
    updated: int
    refused: int
    report: tuple[RowError, ...]
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file holds, before anything is decided: how many products, and the types and tags to be mapped."""

    products: int
    errors: tuple[RowError, ...]
    types: tuple[str, ...]
    tags: tuple[str, ...]


def keep(data: bytes, name: str, seller: Seller) -> UUID:
    """Keep an uploaded file for an import. Raise Invalid if it is no product file at all."""
    parse(data, current().currency)
    return keep_table(data, name, seller.merchant_id)


def outline(media_id: UUID, merchant_id: UUID) -> Outline:
    """Say what a kept file holds. Raise Missing if it is not the merchant's."""
    parsed = parse(_bytes(media_id, merchant_id), current().currency)
    types = dict.fromkeys(product.type for product in parsed.products if product.type)
    tags = dict.fromkeys(tag for product in parsed.products for tag in product.tags)
    return Outline(parsed.handles, parsed.errors[:_REPORT_LIMIT], tuple(types)[:200], tuple(tags)[:200])


def suggest(names: Iterable[str]) -> dict[str, UUID]:
    """Return a category for each name that is one's own name or address already; keys are folded."""
    known: dict[str, UUID] = {}
    for category in tree(only_active=True):
        for name in (category.slug, *category.names.values()):
            known.setdefault(fold(name), category.id)
    return {fold(name): known[fold(name)] for name in names if fold(name) in known}


def start(media_id: UUID, seller: Seller, mapped: Mapped, kind: Kind) -> UUID:
    """Begin a run over a kept file in a job. Raise Missing for another's file, Invalid for a category that is not open.

    The same file again updates what it made before.
    """
    name = session().scalar(select(MediaRow.name).where(MediaRow.id == media_id))
    _bytes(media_id, seller.merchant_id)
    open_ids = {category.id for category in tree(only_active=True)}
    if not {mapped.default, *mapped.types.values(), *mapped.tags.values()} <= open_ids:
        message = _("Choose an open category")
        raise Invalid("imports.no_category", message, fields=(FieldError("default", message),))
    row = ImportRow(
        id=new_id(), merchant_id=seller.merchant_id, shop_id=seller.shop_id, media_id=media_id, file_name=name or "",
        kind=kind.value, is_trusted=seller.is_trusted, mapping=_stored(mapped),
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("import.started", "import", row.id, file=row.file_name, kind=kind.value)
    jobs.soon(IMPORT, {"run_id": str(row.id)})
    return row.id


def _stored(mapped: Mapped) -> dict[str, object]:
    return {
        "default": str(mapped.default),
        "types": {fold(name): str(key) for name, key in mapped.types.items()},
        "tags": {fold(name): str(key) for name, key in mapped.tags.items()},
    }


def _mapped(stored: Mapping[str, dict[str, str]]) -> Mapped:
    types, tags = ({name: UUID(key) for name, key in stored[part].items()} for part in ("types", "tags"))
    return Mapped(UUID(str(stored["default"])), types, tags)


def _bytes(media_id: UUID, merchant_id: UUID) -> bytes:
    query = select(MediaRow.sha256).where(
        MediaRow.id == media_id, MediaRow.merchant_id == merchant_id, MediaRow.media_type == "text/csv"
    )
    sha256 = session().scalar(query)
    data = files().read(sha256) if sha256 else None
    if data is None:
        raise Missing("imports.no_file", _("There is no such file"))
    return data


def run(run_id: UUID, merchant_id: UUID | None = None) -> Run:
    """Return a run; with `merchant_id`, of that merchant alone. Raise Missing if there is none."""
    row = session().scalars(select(ImportRow).where(ImportRow.id == run_id)).one_or_none()
    if row is None or merchant_id not in (None, row.merchant_id):
        raise Missing("imports.no_run", _("There is no such import"))
    return _value(row)


def runs(merchant_id: UUID, limit: int = 20) -> tuple[Run, ...]:
    """Return a merchant's latest runs, newest first."""
    query = select(ImportRow).where(ImportRow.merchant_id == merchant_id).order_by(ImportRow.id.desc()).limit(limit)
    return tuple(_value(row) for row in session().scalars(query))


def _value(row: ImportRow) -> Run:
    report = tuple(RowError(**error) for error in row.report)
    return Run(
        row.id, row.merchant_id, row.shop_id, row.file_name, Kind(row.kind), row.state, row.total, row.done,
        row.created, row.updated, row.refused, report, row.created_at, row.finished_at,
    )  # fmt: skip


@jobs.slow_job(IMPORT)
def _job(payload: jobs.Payload) -> None:
    if not process(UUID(payload["run_id"]), seconds=_STEP_SECONDS):
        with transaction():
            jobs.soon(IMPORT, dict(payload))


def process(run_id: UUID, *, seconds: float | None = None) -> bool:
    """Carry a run on, for at most so many seconds, and return whether it is finished. Opens its own transactions."""
    end = None if seconds is None else time.monotonic() + seconds
    with read_only():
        row = session().scalars(select(ImportRow).where(ImportRow.id == run_id)).one()
        parsed = parse(_bytes(row.media_id, row.merchant_id), current().currency)
    while True:
        with transaction():
            row = session().scalars(select(ImportRow).where(ImportRow.id == run_id).with_for_update()).one()
            if row.state in ("done", "failed"):
                return True
            if row.state == "waiting":
                row.state, row.total = "running", parsed.handles
                row.refused = parsed.handles - len(parsed.products)
                _note(row, parsed.errors)
            first = row.created + row.updated + row.refused - (parsed.handles - len(parsed.products))
            batch = parsed.products[first : first + _PER_TRANSACTION]
            for product in batch:
                _one(row, product)
            row.done = row.created + row.updated + row.refused
            if not batch:
                row.state, row.finished_at = "done", clock.now()
                audit.record("import.finished", "import", row.id, created=row.created, refused=row.refused)
                return True
        if end is not None and time.monotonic() > end:
            return False


def _note(row: ImportRow, errors: Sequence[RowError]) -> None:
    row.report = [*row.report, *(asdict(error) for error in errors)][:_REPORT_LIMIT]


def _one(row: ImportRow, product: Product) -> None:
    """Carry out one product in a savepoint of its own and count what became of it."""
    savepoint = session().begin_nested()
    try:
        is_new, warnings = _write(row, product)
        session().flush()
    except (AppError, IntegrityError) as error:
        savepoint.rollback()
        row.refused += 1
        _note(row, list(_explained(product, error)))
        return
    if row.kind == Kind.DRY_RUN:
        savepoint.rollback()
    else:
        savepoint.commit()
    row.created += is_new
    row.updated += not is_new
    _note(row, warnings)


_COLUMNS = {
    "title": "Title", "description": "Body (HTML)", "brand": "Vendor", "tags": "Tags", "category_id": "Type",
    "sku": "Variant SKU", "price": "Variant Price", "was": "Variant Compare At Price", "options": "Option1 Value",
    "option_names": "Option1 Name", "weight_g": "Variant Grams", "barcode": "Variant Barcode",
}  # fmt: skip


def _explained(product: Product, error: AppError | IntegrityError) -> Iterable[RowError]:
    """Say of which row and column a refusal is."""
    advice = _("Change it in the file and import it again")
    if isinstance(error, IntegrityError):
        yield RowError(product.row, "", _("The product clashes with one that exists"), advice, product.handle)
    elif isinstance(error, Invalid) and error.fields:
        for wrong in error.fields:
            head, _dot, rest = wrong.path.partition(".")
            place, _dot, name = rest.partition(".")
            is_variant = head == "variants" and place.isdigit()
            number = product.variants[int(place)].row if is_variant else product.row
            column = _COLUMNS.get(name if is_variant else head, wrong.path)
            yield RowError(number, column, wrong.message, advice, product.handle)
    else:
        yield RowError(product.row, "", error.message.format(**error.facts), advice, product.handle)


def _write(row: ImportRow, product: Product) -> tuple[bool, list[RowError]]:
    warnings: list[RowError] = []
    seller = Seller(row.merchant_id, row.shop_id, is_trusted=row.is_trusted)
    entered = _entered(product, _mapped(row.mapping).category_of(product), warnings)
    query = select(ListingRow).where(ListingRow.shop_id == row.shop_id, ListingRow.external_key == product.handle)
    found = session().scalars(query).one_or_none()
    if found is None:
        listing_id = create_listing(seller, entered)
    else:
        listing_id = found.id
        kept = replace(entered, attributes=found.attributes, publish_at=found.publish_at, tax_bps=found.tax_bps,
                       unpublish_at=found.unpublish_at)  # fmt: skip
        change_listing(listing_id, row.merchant_id, kept)
    if row.kind == Kind.RUN:
        _hang_pictures(listing_id, row.merchant_id, product, warnings)
    _put_variants(listing_id, row.merchant_id, product, warnings)
    if found is None and product.is_published:
        _publish(listing_id, seller, product, warnings)
    return found is None, warnings


def _entered(product: Product, category_id: UUID, warnings: list[RowError]) -> ListingInput:
    tags = tuple(tag for tag in product.tags if len(tag) <= 40)[: tag_limit()]
    if len(tags) < len(product.tags):
        _warn(warnings, product, "Tags", _("Some tags were left out"), _("There is a limit of tags for each listing"))
    return ListingInput(
        title=product.title, category_id=category_id, description=product.description, brand=product.vendor, tags=tags,
        external_key=product.handle,
    )  # fmt: skip


def _warn(warnings: list[RowError], product: Product, column: str, message: str, advice: str) -> None:
    warnings.append(RowError(product.row, column, message, advice, product.handle, is_warning=True))


def _put_variants(listing_id: UUID, merchant_id: UUID, product: Product, warnings: list[RowError]) -> None:
    inputs = [
        VariantInput(v.options, v.price, v.sku, v.was, v.weight_g, v.barcode) for v in product.variants
    ]  # fmt: skip
    variants.set_variants(listing_id, merchant_id, product.option_names, inputs)
    query = select(VariantRow.option_key, VariantRow.id)
    query = query.where(VariantRow.listing_id == listing_id, VariantRow.is_active)
    keys = dict(session().execute(query).all())
    for variant in product.variants:
        if variant.quantity is None:
            continue
        try:
            stock.set_on_hand(keys[variants.option_key(variant.options)], variant.quantity, reason=product.handle)
        except AppError as error:
            text = error.message.format(**error.facts)
            _warn(warnings, product, "Variant Inventory Qty", text, _("The stock was left as it is"))


def _hang_pictures(listing_id: UUID, merchant_id: UUID, product: Product, warnings: list[RowError]) -> None:
    """Hang a product's pictures; one that came from the same address before, and is here, is not fetched again."""
    of_media = (MediaRow.tenant_id == PictureRow.tenant_id) & (MediaRow.id == PictureRow.media_id)
    query = select(MediaRow.source_url, MediaRow.id).join(PictureRow, of_media)
    known = dict(session().execute(query.where(PictureRow.listing_id == listing_id, MediaRow.state != "failed")).all())
    if len(product.images) > PICTURE_LIMIT:
        _warn(warnings, product, "Image Src", _("Some pictures were left out"), _("A listing has at most 20 pictures"))
    pictures = [
        PictureInput(known.get(url) or keep_remote_picture(url, merchant_id), alt)
        for url, alt in product.images[:PICTURE_LIMIT]
    ]
    if pictures:
        set_pictures(listing_id, merchant_id, pictures)


def _publish(listing_id: UUID, seller: Seller, product: Product, warnings: list[RowError]) -> None:
    """Hand a new product in; where it is not yet fit for the shelf it stays a draft, and the report says why."""
    row = session().scalars(select(ListingRow).where(ListingRow.id == listing_id)).one()
    try:
        publication.check(row)
        moderation.submit(listing_id, seller)
    except AppError as error:
        reasons = error.fields if isinstance(error, Invalid) else ()
        text = " ".join(reason.message for reason in reasons) or error.message.format(**error.facts)
        _warn(warnings, product, "Published", text, _("It was kept as a draft; complete it there"))


def failed_pictures(run_id: UUID) -> tuple[tuple[str, str, str], ...]:
    """Return (listing's title, address, reason) of pictures of a run's shop that could not be fetched."""
    row = session().scalars(select(ImportRow).where(ImportRow.id == run_id)).one()
    of_media = (MediaRow.tenant_id == PictureRow.tenant_id) & (MediaRow.id == PictureRow.media_id)
    of_listing = (ListingRow.tenant_id == PictureRow.tenant_id) & (ListingRow.id == PictureRow.listing_id)
    query = (
        select(ListingRow.title, MediaRow.source_url, MediaRow.note)
        .select_from(PictureRow)
        .join(MediaRow, of_media)
        .join(ListingRow, of_listing)
        .where(ListingRow.shop_id == row.shop_id, MediaRow.state == "failed", MediaRow.created_at >= row.created_at)
        .limit(200)
    )
    return tuple((title, url, note) for title, url, note in session().execute(query))
