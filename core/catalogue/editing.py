"""Writing listings: what they say, their tags and pictures. Variants are in `variants`, the shelf in `moderation`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select

from core.catalogue import attributes, publication
from core.catalogue.models import CategoryRow, ListingRow, PictureRow, TagRow
from core.catalogue.refreshing import refresh
from core.catalogue.schedule import schedule
from core.catalogue.slugs import slugify, with_tail
from core.catalogue.tax import default_bps
from core.catalogue.tokens import fold
from core.catalogue.values import PICTURE_LIMIT, ListingInput, PictureInput, Seller
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock, lock_name
from core.kernel.tenancy import current
from core.media.models import MediaRow

TAG_LIMIT = 10
_SHOWN = ("live", "hidden", "review")


def tag_limit() -> int:
    """Return how many tags a listing may have: the tenant's setting `tag_limit`, else 10."""
    limit = current().setting("tag_limit")
    return limit if isinstance(limit, int) and limit >= 0 else TAG_LIMIT


def create_listing(seller: Seller, entered: ListingInput) -> UUID:
    """Write a new draft. Raise Invalid with an error for each field, Conflict when the tenant's plan is used up."""
    _refuse_over_limit()
    kept = _checked(entered, is_final=False)
    row = ListingRow(
        id=new_id(), merchant_id=seller.merchant_id, shop_id=seller.shop_id, slug=_free_slug(entered.title),
        currency=current().currency, category_id=entered.category_id, title=entered.title.strip(),
        tax_bps=default_bps(), plugin=entered.plugin, external_key=entered.external_key, option_names=[],
    )  # fmt: skip
    _write(row, entered, kept)
    session().add(row)
    session().flush()
    set_tags(row.id, entered.tags)
    audit.record("listing.created", "listing", row.id, title=row.title)
    refresh([row.id])
    return row.id


def _refuse_over_limit() -> None:
    most = current().limits.get("listings")
    if most is None:
        return
    lock_name("catalogue.listings")
    count = session().scalar(select(func.count()).select_from(ListingRow).where(ListingRow.state != "archived")) or 0
    if count >= most:
        raise Conflict(
            "catalogue.plan_limit",
            _("The marketplace's plan allows {most} listings and has as many; archive some, or ask for a larger plan"),
            most=most,
        )


def _free_slug(title: str) -> str:
    slug = slugify(title)
    taken = not slug or session().scalar(select(ListingRow.id).where(ListingRow.slug == slug))
    return with_tail(slug) if taken else slug


def _checked(entered: ListingInput, *, is_final: bool) -> dict[str, str]:
    """Return the attributes as they are stored. Raise Invalid with an error for each field at fault."""
    is_open = session().scalar(select(CategoryRow.is_active).where(CategoryRow.id == entered.category_id))
    begin, end = entered.publish_at, entered.unpublish_at
    rules = (
        ("title", _("Give the listing a title of at most 200 characters"), 0 < len(entered.title.strip()) <= 200),
        ("description", _("Write at most 20,000 characters"), len(entered.description) <= 20_000),
        ("brand", _("Write at most 80 characters"), len(entered.brand) <= 80),
        ("category_id", _("Choose a category"), is_open),
        ("tags", _("There are too many tags, or one is longer than 40 characters"), _tags_fit(entered.tags)),
        ("tax_bps", _("Give a rate between 0 and 100 %"), entered.tax_bps is None or 0 <= entered.tax_bps <= 10_000),
        ("unpublish_at", _("The end lies before the start"), not (begin and end) or begin < end),
    )
    wrong = tuple(FieldError(path, message) for path, message, holds in rules if not holds)
    if wrong:
        raise Invalid("catalogue.invalid_listing", _("The listing cannot be saved like this"), fields=wrong)
    return attributes.checked(entered.category_id, entered.attributes, is_final=is_final)


def _tags_fit(tags: Sequence[str]) -> bool:
    return len(_distinct(tags)) <= tag_limit() and all(len(tag.strip()) <= 40 for tag in tags)


def _write(row: ListingRow, entered: ListingInput, kept: dict[str, str]) -> None:
    row.title, row.description, row.brand = entered.title.strip(), entered.description, entered.brand.strip()
    row.category_id, row.attributes = entered.category_id, kept
    if entered.tax_bps is not None:
        row.tax_bps = entered.tax_bps
    schedule(row, entered.publish_at, entered.unpublish_at)


def own(listing_id: UUID, merchant_id: UUID, version: int | None = None) -> ListingRow:
    """Lock a merchant's listing and return its row.

    Raise Missing if it is not theirs, Conflict if it has another version than the one that was edited.
    """
    row = next(iter(lock(ListingRow, [listing_id])), None)
    if row is None or row.merchant_id != merchant_id:
        raise Missing("catalogue.no_listing", _("There is no such listing"))
    if version is not None and row.version != version:
        raise Conflict(
            "catalogue.changed_meanwhile",
            _("Somebody changed this listing in the meantime; look again before you save"),
        )
    return row


def change_listing(listing_id: UUID, merchant_id: UUID, entered: ListingInput, version: int | None = None) -> int:
    """Change what a listing says and return its new version. One on the shelf must stay fit for it.

    Raise Invalid, Missing, or Conflict if `version` is not the present one.
    """
    row = own(listing_id, merchant_id, version)
    before = row.title
    _write(row, entered, _checked(entered, is_final=row.state in _SHOWN))
    set_tags(row.id, entered.tags)
    row.version += 1
    audit.record("listing.edited", "listing", row.id, title=row.title, before=before)
    refresh([row.id])
    if row.state == "live":
        publication.check(row)
    return row.version


def _distinct(tags: Sequence[str]) -> dict[str, str]:
    return {fold(tag): tag.strip() for tag in reversed(tags) if tag.strip()}


def set_tags(listing_id: UUID, tags: Sequence[str]) -> None:
    """Replace a listing's tags; the same word in another writing counts once. The caller refreshes."""
    kept = set(_distinct(tags).values())
    rows = session().scalars(select(TagRow).where(TagRow.listing_id == listing_id)).all()
    for row in rows:
        if row.tag not in kept:
            session().delete(row)
    session().add_all(TagRow(listing_id=listing_id, tag=tag) for tag in sorted(kept - {row.tag for row in rows}))
    session().flush()


def set_pictures(
    listing_id: UUID, merchant_id: UUID, pictures: Sequence[PictureInput], version: int | None = None
) -> int:
    """Replace a listing's gallery, in order, and return the listing's new version.

    Raise Invalid if there are too many or one is not a picture of the merchant's.
    """
    row = own(listing_id, merchant_id, version)
    wanted = list({picture.media_id: picture for picture in pictures}.values())
    _check_pictures(merchant_id, wanted)
    session().execute(delete(PictureRow).where(PictureRow.listing_id == listing_id))
    session().add_all(
        PictureRow(listing_id=listing_id, media_id=picture.media_id, position=place, alt=picture.alt.strip()[:200])
        for place, picture in enumerate(wanted)
    )
    row.version += 1
    audit.record("listing.pictures", "listing", listing_id, count=len(wanted))
    refresh([listing_id])
    return row.version


def _check_pictures(merchant_id: UUID, pictures: Sequence[PictureInput]) -> None:
    if len(pictures) > PICTURE_LIMIT:
        raise _wrong_pictures(_("A listing has at most 20 pictures"))
    ids = [picture.media_id for picture in pictures]
    query = select(MediaRow.id).where(MediaRow.id.in_(ids), MediaRow.merchant_id == merchant_id, MediaRow.is_public)
    if set(session().scalars(query)) != set(ids):
        raise _wrong_pictures(_("One of the pictures is not yours; upload it here first"))


def _wrong_pictures(message: str) -> Invalid:
    return Invalid("catalogue.invalid_pictures", message, fields=(FieldError("pictures", message),))
