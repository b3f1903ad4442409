"""Products: the editor on one page, pictures, and what may be done with a listing in its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.catalogue import attributes, categories, editing, moderation, reading, stock, variants
from core.catalogue.tax import default_bps, prices_include_tax
from core.catalogue.values import Listing as Product
from core.catalogue.values import PictureInput
from core.http.answers import Answer, Page, page, see
from core.http.edge import Tx, edge, principal
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.tx import transaction
from core.media.pictures import clean
from core.media.uploads import keep_picture
from web import languages
from web.merchant import product_form
from web.merchant.surface import blueprint
from web.sellers import merchant_id, seller


def _editor(listing: Product | None, error: AppError | None) -> Page:
    form = request.form if error is not None else None
    values, errors = product_form.values_of(listing, form), product_form.faults(error)
    tree = [c for c in categories.tree(only_active=True) if c.is_active]
    chosen = next((c for c in tree if str(c.id) == values.get("category_id")), None)
    language = languages.language()
    items = product_form.attribute_items(
        attributes.of_category(chosen.id) if chosen else (), values, _said(errors), language, _yes_no()
    )
    return page(
        "merchant/product.html", listing=listing, values=values, errors=_said(errors), items=items,
        said=message(error) if error else "", rows=product_form.rows_of(listing, form, error),
        categories=[(str(c.id), "– " * c.depth + c.name(language)) for c in tree], tag_limit=editing.tag_limit(),
        default_tax=default_bps(), tax_included=prices_include_tax(), may_edit=principal().may("listings.edit"),
        needs_review=moderation.is_review_needed(), version=form.get("version") if form else None,
    )  # fmt: skip


def _said(errors: Mapping[str, str]) -> dict[str, str]:
    return {path: str(gettext(text)) for path, text in errors.items()}


def _yes_no() -> tuple[str, str]:
    return gettext("Yes"), gettext("No")


@blueprint.get("/products/attributes")
@edge(Realm.MERCHANT, "listings.view")
def product_attributes() -> Answer:
    """Show the controls of a category's attributes, for the editor when another category is chosen."""
    chosen = request.args.get("category_id", type=UUID)
    found = attributes.of_category(chosen) if chosen else ()
    items = product_form.attribute_items(found, request.args, {}, languages.language(), _yes_no())
    return page("merchant/_attributes.html", items=items)


@blueprint.get("/products/new")
@edge(Realm.MERCHANT, "listings.edit")
def new_product(error: AppError | None = None) -> Answer:
    """Show the empty editor."""
    return _editor(None, error)


@blueprint.post("/products/new")
@edge(Realm.MERCHANT, "listings.edit", again=new_product)
def create_product() -> Answer:
    """Write a new draft."""
    who, form = seller(), request.form
    listing_id = editing.create_listing(who, product_form.entered(form, None))
    _save_variants(listing_id, None)
    return see(url_for("merchant.product", listing_id=listing_id), gettext("Saved as a draft"))


@blueprint.get("/products/<uuid:listing_id>")
@edge(Realm.MERCHANT, "listings.view")
def product(listing_id: UUID, error: AppError | None = None) -> Answer:
    """Show the editor of a product."""
    return _editor(reading.listing(listing_id, merchant_id()), error)


@blueprint.post("/products/<uuid:listing_id>")
@edge(Realm.MERCHANT, "listings.edit", again=product)
def save_product(listing_id: UUID) -> Answer:
    """Save what the editor says."""
    before = reading.listing(listing_id, merchant_id())
    version = request.form.get("version", type=int)
    editing.change_listing(listing_id, merchant_id(), product_form.entered(request.form, before), version)
    _save_variants(listing_id, before)
    return see(url_for("merchant.product", listing_id=listing_id), gettext("Saved"))


def _save_variants(listing_id: UUID, before: Product | None) -> None:
    typed = product_form.typed(request.form, before)
    variants.set_variants(listing_id, merchant_id(), typed.names, typed.variants)
    after = {variant.options: variant.id for variant in reading.listing(listing_id, merchant_id()).variants}
    for variant, units in zip(typed.variants, typed.stock, strict=True):
        if units:
            stock.receive(after[variant.options], units, kind="receipt", reason=gettext("First stock"))


_ACTS: Mapping[str, tuple[Callable[[UUID], object], str]] = {
    "submit": (lambda key: moderation.submit(key, seller()), _("Handed in")),
    "hide": (lambda key: moderation.hide(key, merchant_id()), _("Taken off the shelf")),
    "unhide": (lambda key: moderation.unhide(key, merchant_id()), _("Back on the shelf")),
    "archive": (lambda key: moderation.archive(key, merchant_id()), _("Archived")),
    "restore": (lambda key: moderation.restore(key, merchant_id()), _("Back as a draft")),
}


@blueprint.get("/products/<uuid:listing_id>/state")
@edge(Realm.MERCHANT, "listings.view")
def product_refused(listing_id: UUID, act: str = "", error: AppError | None = None) -> Answer:
    """Show the product again after an act was refused, with the reasons."""
    found = reading.listing(listing_id, merchant_id())
    shown = _editor(found, None)
    return replace(shown, values={**shown.values, "said": message(error) if error else ""})


@blueprint.post("/products/<uuid:listing_id>/<any(submit,hide,unhide,archive,restore):act>")
@edge(Realm.MERCHANT, "listings.edit", again=product_refused)
def act_on_product(listing_id: UUID, act: str) -> Answer:
    """Hand in, hide, show, archive or restore a product."""
    carry_out, said = _ACTS[act]
    carry_out(listing_id)
    return see(url_for("merchant.product", listing_id=listing_id), gettext(said))


@blueprint.post("/products/<uuid:listing_id>/pictures")
@edge(Realm.MERCHANT, "listings.edit", tx=Tx.OWN)
def add_pictures(listing_id: UUID) -> Answer:
    """Add uploaded pictures at the end of the gallery; they are checked before the transaction begins."""
    files = [file for file in request.files.getlist("pictures") if file.filename]
    target = url_for("merchant.product", listing_id=listing_id)
    try:
        if not files:
            raise Invalid("media.refused", _("Choose a picture first"), fields=(FieldError("pictures", ""),))
        checked = [(file.filename or "", clean(file.read())) for file in files]
        with transaction():
            found = reading.listing(listing_id, merchant_id())
            fresh = [PictureInput(keep_picture(picture, name, found.merchant_id)) for name, picture in checked]
            old = [PictureInput(p.media_id, p.alt) for p in found.pictures]
            editing.set_pictures(listing_id, found.merchant_id, [*old, *fresh])
    except Invalid as error:
        return see(f"{target}#pictures", message(error))
    return see(f"{target}#pictures", gettext("Pictures added"))


def _move(keys: list[UUID], wish: str) -> None:
    """Carry out a button's wish, such as "<key>:up": the picture changes places with its neighbour."""
    name, _colon, way = wish.partition(":")
    place = next((n for n, key in enumerate(keys) if str(key) == name), None)
    other = None if place is None else place + (-1 if way == "up" else 1)
    if place is not None and other is not None and 0 <= other < len(keys):
        keys[place], keys[other] = keys[other], keys[place]


@blueprint.post("/products/<uuid:listing_id>/gallery")
@edge(Realm.MERCHANT, "listings.edit", again=product_refused)
def arrange_pictures(listing_id: UUID) -> Answer:
    """Save the order, the descriptions and the removals of the gallery."""
    found, form = reading.listing(listing_id, merchant_id()), request.form
    places = {p.media_id: form.get(f"place-{p.media_id}", n, type=int) for n, p in enumerate(found.pictures, 1)}
    kept = [p.media_id for p in found.pictures if f"remove-{p.media_id}" not in form]
    kept.sort(key=lambda key: places[key])
    _move(kept, form.get("move", ""))
    pictures = [PictureInput(key, form.get(f"alt-{key}", "")) for key in kept]
    editing.set_pictures(listing_id, found.merchant_id, pictures)
    return see(url_for("merchant.product", listing_id=listing_id, _anchor="pictures"), gettext("Saved"))
