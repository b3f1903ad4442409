"""What cannot be sent back for a change of mind: by category (the operator) or by listing (its merchant)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.aftersales.reasons import Ground
from core.catalogue.models import CategoryRow, ListingRow, VariantRow
from core.kernel import audit, clock
from core.kernel.db import fetched, session
from core.kernel.errors import FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id
from core.orders.aftersale_models import ReturnExclusionRow

_MOST = 500


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An exclusion as pages show it; `names` are a category's by language, or the listing's title under "en"."""

    id: UUID
    ground: Ground
    names: Mapping[str, str]
    category_id: UUID | None
    listing_id: UUID | None
    created_at: datetime


def of_categories() -> tuple[Exclusion, ...]:
    """Return the categories whose goods cannot be sent back."""
    query = (
        select(ReturnExclusionRow, CategoryRow.names)
        .join(CategoryRow, (CategoryRow.tenant_id == ReturnExclusionRow.tenant_id)
              & (CategoryRow.id == ReturnExclusionRow.category_id))
        .order_by(CategoryRow.path)
        .limit(_MOST)
    )  # fmt: skip
    return tuple(_value(row, names) for row, names in session().execute(query))


def of_listings(merchant_id: UUID) -> tuple[Exclusion, ...]:
    """Return a merchant's listings that cannot be sent back."""
    query = (
        select(ReturnExclusionRow, ListingRow.title)
        .join(ListingRow, (ListingRow.tenant_id == ReturnExclusionRow.tenant_id)
              & (ListingRow.id == ReturnExclusionRow.listing_id))
        .where(ListingRow.merchant_id == merchant_id)
        .order_by(ListingRow.title, ListingRow.id)
        .limit(_MOST)
    )  # fmt: skip
    return tuple(_value(row, {"en": title}) for row, title in session().execute(query))


def _value(row: ReturnExclusionRow, names: Mapping[str, str]) -> Exclusion:
    return Exclusion(row.id, Ground(row.ground), names, row.category_id, row.listing_id, row.created_at)


def exclude_category(category_id: UUID, ground: str) -> UUID:
    """Say that goods of a category and below cannot be sent back; later orders only. Raise Missing or Invalid."""
    if session().scalar(select(CategoryRow.id).where(CategoryRow.id == category_id)) is None:
        raise Missing("catalogue.no_category", _("There is no such category"))
    query = select(ReturnExclusionRow).where(ReturnExclusionRow.category_id == category_id)
    row = session().scalars(query).one_or_none() or ReturnExclusionRow(id=new_id(), category_id=category_id)
    return _keep(row, ground)


def exclude_article(merchant_id: UUID, sku: str, ground: str) -> UUID:
    """Say that the listing of an article number cannot be sent back; later orders only. Raise Invalid."""
    query = select(VariantRow.listing_id).where(VariantRow.merchant_id == merchant_id, VariantRow.sku == sku.strip())
    listing_id = session().scalar(query)
    if listing_id is None:
        fault = _("You offer nothing with this article number")
        raise Invalid("aftersales.no_article", fault, fields=(FieldError("sku", fault),))
    known = select(ReturnExclusionRow).where(ReturnExclusionRow.listing_id == listing_id)
    row = session().scalars(known).one_or_none() or ReturnExclusionRow(id=new_id(), listing_id=listing_id)
    return _keep(row, ground)


def _keep(row: ReturnExclusionRow, ground: str) -> UUID:
    if ground not in set(Ground):
        fault = _("Choose why it cannot be sent back")
        raise Invalid("aftersales.no_ground", fault, fields=(FieldError("ground", fault),))
    if row.ground != ground:
        row.ground, row.created_at = ground, clock.now()
    session().add(row)
    audit.record("aftersale.excluded", "return_exclusion", row.id, ground=ground)
    return row.id


def remove(exclusion_id: UUID, *, merchant_id: UUID | None = None) -> None:
    """Let goods be sent back again: a category's, or with `merchant_id` that merchant's listing. Raise Missing."""
    query = select(ReturnExclusionRow).where(ReturnExclusionRow.id == exclusion_id)
    if merchant_id is None:
        query = query.where(ReturnExclusionRow.category_id.is_not(None))
    else:
        theirs = select(ListingRow.id).where(ListingRow.merchant_id == merchant_id)
        query = query.where(ReturnExclusionRow.listing_id.in_(theirs))
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("aftersales.no_exclusion", _("There is no such rule"))
    audit.record("aftersale.exclusion_removed", "return_exclusion", row.id, ground=row.ground)
    session().delete(row)


def grounds(listings: Mapping[UUID, UUID], placed_at: datetime) -> dict[UUID, Ground]:
    """Return why listings (with their categories) that were ordered at a moment cannot be sent back, where so."""
    paths: dict[UUID, str] = dict(
        session().execute(select(CategoryRow.id, CategoryRow.path).where(CategoryRow.id.in_(listings.values()))).all()
    )
    by_listing, by_path = _rules(listings, paths, placed_at)
    found: dict[UUID, Ground] = {}
    for listing_id, category_id in listings.items():
        own = paths.get(category_id, "")
        above = [path for path in by_path if own == path or own.startswith(f"{path}/")]
        if listing_id in by_listing:
            found[listing_id] = by_listing[listing_id]
        elif above:
            found[listing_id] = by_path[max(above, key=len)]
    return found


# The listing's own rule first, else the nearest category's: what every product page asks.
_NOW = """
select x.ground from return_exclusions x
  left join categories c on c.tenant_id = x.tenant_id and c.id = x.category_id
 where x.tenant_id = %(tenant)s and x.created_at <= %(now)s
   and (x.listing_id = %(listing)s or c.path = any(%(paths)s))
 order by x.listing_id nulls last, length(c.path) desc limit 1"""


def ground_now(listing_id: UUID, path: str) -> Ground | None:
    """Return why a listing, in the category of a path, cannot be sent back if it is ordered now; None if it can."""
    values = {"tenant": current_id(), "now": clock.now(), "listing": listing_id, "paths": list(_above(path))}
    return next((Ground(ground) for (ground,) in fetched(_NOW, values)), None)


def _above(path: str) -> set[str]:
    """Return a category's path and those of the categories above it."""
    return {path.rsplit("/", cut)[0] for cut in range(path.count("/") + 1)}


def _rules(
    listings: Mapping[UUID, UUID], paths: Mapping[UUID, str], placed_at: datetime
) -> tuple[dict[UUID, Ground], dict[str, Ground]]:
    prefixes = {above for path in paths.values() for above in _above(path)}
    query = (
        select(ReturnExclusionRow.listing_id, CategoryRow.path, ReturnExclusionRow.ground)
        .outerjoin(CategoryRow, (CategoryRow.tenant_id == ReturnExclusionRow.tenant_id)
                   & (CategoryRow.id == ReturnExclusionRow.category_id))
        .where(ReturnExclusionRow.created_at <= placed_at)
        .where(ReturnExclusionRow.listing_id.in_(listings) | CategoryRow.path.in_(prefixes))
    )  # fmt: skip
    rows = session().execute(query).all()
    return (
        {listing_id: Ground(ground) for listing_id, _path, ground in rows if listing_id is not None},
        {path: Ground(ground) for listing_id, path, ground in rows if listing_id is None},
    )
