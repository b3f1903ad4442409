"""Shops: opening one, holidays, closing and reopening, and which shops sell now."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from core.hooks.runtime import move
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id, short_code
from core.kernel.locks import lock, lock_name
from core.kernel.tenancy import current
from core.merchants.directory import row_of
from core.merchants.models import DeliveryRow, MerchantRow, ShopRow
from core.merchants.states import SHOP_MACHINE
from core.merchants.values import Shop, shop_of

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")
DEFAULT_SHOPS_EACH = 10


def row(merchant_id: UUID | None, shop_id: UUID) -> ShopRow:
    """Return a merchant's shop for the services of this package. Raise Missing if it is not the merchant's."""
    query = select(ShopRow).where(ShopRow.id == shop_id, ShopRow.merchant_id == merchant_id)
    found = session().scalars(query).one_or_none()
    if found is None:
        raise Missing("merchants.shop_missing", _("There is no such shop"))
    return found


def find(merchant_id: UUID | None, shop_id: UUID) -> Shop:
    """Return one shop of a merchant. Raise Missing if it is not the merchant's."""
    return shop_of(row(merchant_id, shop_id))


def find_by_slug(slug: str) -> Shop:
    """Return the shop at an address of the storefront, open or on holiday. Raise Missing otherwise."""
    query = select(ShopRow).where(ShopRow.slug == slug, ShopRow.state != "closed")
    found = session().scalars(query).one_or_none()
    if found is None:
        raise Missing("merchants.shop_missing", _("There is no such shop"))
    return shop_of(found)


def of_merchant(merchant_id: UUID | None) -> tuple[Shop, ...]:
    """Return a merchant's shops, oldest first."""
    query = select(ShopRow).where(ShopRow.merchant_id == merchant_id).order_by(ShopRow.id)
    return tuple(shop_of(found) for found in session().scalars(query))


def found(shop_ids: Iterable[UUID]) -> Mapping[UUID, Shop]:
    """Return shops by key, in one query; unknown keys are left out."""
    rows = session().scalars(select(ShopRow).where(ShopRow.id.in_(list(shop_ids))))
    return {found.id: shop_of(found) for found in rows}


def selling(shop_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the shops that sell now: open, of an approved merchant, with an active delivery option."""
    delivers = select(DeliveryRow.id).where(
        DeliveryRow.tenant_id == ShopRow.tenant_id, DeliveryRow.shop_id == ShopRow.id, DeliveryRow.is_active
    )
    query = (
        select(ShopRow.id)
        .join(MerchantRow, (MerchantRow.tenant_id == ShopRow.tenant_id) & (MerchantRow.id == ShopRow.merchant_id))
        .where(
            ShopRow.id.in_(list(shop_ids)), ShopRow.state == "open", MerchantRow.state == "approved", delivers.exists()
        )
    )
    return frozenset(session().scalars(query))


def is_selling(shop_id: UUID) -> bool:
    """Tell whether a shop sells now; on holiday it does not."""
    return shop_id in selling([shop_id])


def create(merchant_id: UUID | None, *, name: str, slug: str = "", story: str = "", city: str = "") -> Shop:
    """Open a further shop, or prepare the first one of an applicant: that one opens with the approval.

    Without a slug one is made of the name. Raise Conflict if the slug is taken or a limit is reached, Denied to a
    merchant that is suspended or closed.
    """
    merchant = row_of(merchant_id)
    if merchant.state in ("suspended", "closed"):
        raise Denied("merchants.may_not_sell", _("The merchant may not open shops now"))
    _check_limits(merchant.id)
    _check_name(name)
    shop = ShopRow(
        id=new_id(), merchant_id=merchant.id, name=name.strip(), slug=free_slug(name, slug), story=story.strip(),
        city=city.strip(), state="open" if merchant.state == "approved" else "closed",
    )  # fmt: skip
    session().add(shop)
    session().flush()
    audit.record("shop.created", "shop", shop.id, name=shop.name, slug=shop.slug)
    return shop_of(shop)


def free_slug(name: str, slug: str = "") -> str:
    """Return the slug that is wished for, or one made of the name. Raise Conflict if the wished one is taken."""
    wished = slug.strip().lower()
    if wished and not _SLUG.fullmatch(wished):
        message = _("Use lower-case letters, digits and hyphens, at most 60")
        raise Invalid("merchants.bad_slug", message, fields=(FieldError("slug", message),))
    if wished and is_taken(wished):
        raise Conflict("merchants.slug_taken", _("The address {slug} is taken"), slug=wished)
    made = wished or _made_of(name)
    return made if wished or not is_taken(made) else f"{made}-{short_code(4).lower()}"


def is_taken(slug: str) -> bool:
    """Tell whether a shop has this address already."""
    return session().scalars(select(ShopRow.id).where(ShopRow.slug == slug)).first() is not None


def start_holiday(merchant_id: UUID | None, shop_id: UUID, *, note: str = "", until: datetime | None = None) -> Shop:
    """Stop selling for a while; with `until` the shop opens by itself then. Again, it changes note and date."""
    if until is not None and until <= clock.now():
        message = _("Choose a day in the future")
        raise Invalid("merchants.holiday_past", message, fields=(FieldError("until", message),))
    shop = _locked(merchant_id, shop_id)
    if shop.state != "holiday":
        move(SHOP_MACHINE, shop, "holiday", until=until.isoformat() if until else None)
    else:
        audit.record("shop.holiday_changed", "shop", shop.id, until=until.isoformat() if until else None)
    shop.holiday_note, shop.holiday_until = note.strip()[:500], until
    end_timer(shop.id)
    if until is not None:
        jobs.at(_timer(shop.id), until, "merchants.end_holiday", {"shop": str(shop.id)})
    return shop_of(shop)


def end_holiday(merchant_id: UUID | None, shop_id: UUID) -> Shop:
    """Open a shop that is on holiday. Raise Conflict if it is not."""
    shop = _locked(merchant_id, shop_id)
    if shop.state != "holiday":
        raise Conflict("merchants.no_holiday", _("The shop is not on holiday"))
    _open(shop)
    return shop_of(shop)


def close(merchant_id: UUID | None, shop_id: UUID) -> Shop:
    """Close a shop; orders that were placed are not touched. Its address stays taken."""
    shop = _locked(merchant_id, shop_id)
    end_timer(shop.id)
    move(SHOP_MACHINE, shop, "closed")
    return shop_of(shop)


def reopen(merchant_id: UUID | None, shop_id: UUID) -> Shop:
    """Open a shop that was closed. Raise Denied unless the merchant may sell."""
    shop = _locked(merchant_id, shop_id)
    if row_of(merchant_id).state != "approved":
        raise Denied("merchants.may_not_sell", _("The merchant may not open shops now"))
    if shop.state != "closed":
        raise Conflict("merchants.not_closed", _("The shop is not closed"))
    _open(shop)
    return shop_of(shop)


def end_timer(shop_id: UUID) -> None:
    """Forget the end of a holiday."""
    jobs.cancel(_timer(shop_id))


@jobs.job("merchants.end_holiday")
def _holiday_is_over(payload: jobs.Payload) -> None:
    for shop in lock(ShopRow, [UUID(payload["shop"])]):
        if shop.state == "holiday" and shop.holiday_until is not None and shop.holiday_until <= clock.now():
            _open(shop)


def _open(shop: ShopRow) -> None:
    end_timer(shop.id)
    move(SHOP_MACHINE, shop, "open")
    shop.holiday_note, shop.holiday_until = "", None


def _timer(shop_id: UUID) -> str:
    return f"merchants.holiday:{shop_id}"


def _locked(merchant_id: UUID | None, shop_id: UUID) -> ShopRow:
    shop = row(merchant_id, shop_id)
    lock(ShopRow, [shop.id])
    return shop


def _check_name(name: str) -> None:
    if not 0 < len(name.strip()) <= 80:
        message = _("Give the shop a name of at most 80 characters")
        raise Invalid("merchants.shop_name", message, fields=(FieldError("name", message),))


def _check_limits(merchant_id: UUID) -> None:
    lock_name("shops.limit")
    own = session().scalar(select(func.count()).where(ShopRow.merchant_id == merchant_id)) or 0
    most = current().setting("shops_per_merchant", DEFAULT_SHOPS_EACH)
    if isinstance(most, int) and own >= most:
        raise Conflict("merchants.shop_limit", _("A merchant may have {limit} shops here"), limit=most)
    limit = current().limits.get("shops")
    if limit is not None and (session().scalar(select(func.count(ShopRow.id))) or 0) >= limit:
        raise Conflict("merchants.plan_shops", _("The marketplace's plan allows {limit} shops"), limit=limit)


def _made_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or f"shop-{short_code(6).lower()}"
