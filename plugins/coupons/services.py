"""Reads and writes coupons: the operator's, and each merchant's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update

from core.hooks.data import DataSubject, Erasure, ExportFile
from core.hooks.lifecycle import Purged
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.money import Money
from core.merchants.models import ShopRow
from plugins.coupons.models import CouponRow, RedemptionRow
from plugins.coupons.rules import Coupon, normal

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class CouponDraft:
    """A coupon as someone writes it; amounts are minor units of the currency."""

    code: str
    currency: str
    amount_minor: int | None = None
    percent_bps: int | None = None
    minimum_minor: int | None = None
    shop_id: UUID | None = None
    platform_bps: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    total_uses: int | None = None
    uses_per_customer: int | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A coupon with what lists say about it. `given` is what the standing uses took off, in its currency."""

    coupon: Coupon
    shop: str
    given: Money


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a coupon by a purchase."""

    at: datetime
    purchase_id: UUID
    amount: Money
    is_released: bool


def coupon_of(row: CouponRow) -> Coupon:
    """Return a row as a value."""
    amount, minimum = row.amount_minor, row.minimum_minor
    return Coupon(
        id=row.id,
        code=row.code,
        currency=row.currency,
        amount=None if amount is None else Money(amount, row.currency),
        percent_bps=row.percent_bps,
        minimum=None if minimum is None else Money(minimum, row.currency),
        merchant_id=row.merchant_id,
        shop_id=row.shop_id,
        platform_bps=row.platform_bps,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        total_uses=row.total_uses,
        uses_per_customer=row.uses_per_customer,
        used=row.used,
        is_active=row.is_active,
    )


def _owned(merchant_id: UUID | None) -> Select[CouponRow]:
    """The operator sees every coupon, a merchant its own."""
    query = select(CouponRow)
    return query if merchant_id is None else query.where(CouponRow.merchant_id == merchant_id)


def _row(coupon_id: UUID, merchant_id: UUID | None) -> CouponRow:
    row = session().scalars(_owned(merchant_id).where(CouponRow.id == coupon_id)).one_or_none()
    if row is None:
        raise Missing("coupons.missing", _("There is no such coupon"))
    return row


def entries(
    merchant_id: UUID | None, *, search: str = "", before: UUID | None = None, limit: int = 50
) -> tuple[list[Entry], UUID | None]:
    """Return coupons newest first, of one merchant or of all, and the key after which the next page starts."""
    query = _owned(merchant_id).order_by(CouponRow.id.desc()).limit(limit + 1)
    if search:
        query = query.where(CouponRow.code.contains(normal(search), autoescape=True))
    if before is not None:
        query = query.where(CouponRow.id < before)
    rows = session().scalars(query).all()
    shown = rows[:limit]
    return _entries(shown), shown[-1].id if len(rows) > limit else None


def _entries(rows: Sequence[CouponRow]) -> list[Entry]:
    shops = shop_names({row.shop_id for row in rows if row.shop_id})
    given = dict(
        session()
        .execute(
            select(RedemptionRow.coupon_id, func.sum(RedemptionRow.amount_minor))
            .where(RedemptionRow.coupon_id.in_([row.id for row in rows]), RedemptionRow.released_at.is_(None))
            .group_by(RedemptionRow.coupon_id)
        )
        .all()
    )
    return [
        Entry(
            coupon_of(row),
            shops.get(row.shop_id, "") if row.shop_id else "",
            Money(int(given.get(row.id, 0)), row.currency),
        )
        for row in rows
    ]


def shop_names(shop_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of shops."""
    query = select(ShopRow.id, ShopRow.name).where(ShopRow.id.in_(set(shop_ids)))
    return dict(session().execute(query).all())


def shops(merchant_id: UUID | None) -> list[tuple[UUID, str]]:
    """Return the shops that a coupon may be for, by name: a merchant's own, or all."""
    query = select(ShopRow.id, ShopRow.name).order_by(ShopRow.name, ShopRow.id)
    if merchant_id is not None:
        query = query.where(ShopRow.merchant_id == merchant_id)
    return [(key, name) for key, name in session().execute(query)]


def find(coupon_id: UUID, merchant_id: UUID | None) -> Entry:
    """Return one coupon. Raise Missing if there is none, or it is another merchant's."""
    return _entries([_row(coupon_id, merchant_id)])[0]


def uses(coupon_id: UUID, limit: int = 50) -> list[Use]:
    """Return the newest uses of a coupon."""
    query = select(RedemptionRow).where(RedemptionRow.coupon_id == coupon_id)
    rows = session().scalars(query.order_by(RedemptionRow.id.desc()).limit(limit))
    return [
        Use(row.created_at, row.purchase_id, Money(row.amount_minor, row.currency), row.released_at is not None)
        for row in rows
    ]


def create(draft: CouponDraft, merchant_id: UUID | None) -> UUID:
    """Write a new coupon. Raise Invalid by field, or Conflict if the code is taken."""
    row = CouponRow(merchant_id=merchant_id, used=0, **_columns(draft, merchant_id))
    if session().scalar(select(CouponRow.id).where(CouponRow.code == row.code)) is not None:
        raise Conflict("coupons.code_taken", _("The code {coupon} is taken"), coupon=row.code)
    session().add(row)
    session().flush()
    audit.record("coupons.created", "coupon", row.id, code=row.code)
    return row.id


def change(coupon_id: UUID, draft: CouponDraft, merchant_id: UUID | None) -> None:
    """Change a coupon; carts see it at once, orders keep what they got. The code and the owner stay.

    Raise Missing, or Invalid by field.
    """
    row = _row(coupon_id, merchant_id)
    columns = _columns(draft, row.merchant_id)
    if columns.pop("code") != row.code:
        raise Invalid("coupons.code_stays", _("The code stays; make another coupon for another code"))
    before = {"amount": row.amount_minor, "percent_bps": row.percent_bps, "was_active": row.is_active}
    for name, value in columns.items():
        setattr(row, name, value)
    session().flush()
    audit.record("coupons.changed", "coupon", row.id, **before)


def remove(coupon_id: UUID, merchant_id: UUID | None) -> None:
    """Delete a coupon that nobody has used. Raise Missing, or Conflict if it has been used."""
    row = _row(coupon_id, merchant_id)
    if session().scalar(select(RedemptionRow.id).where(RedemptionRow.coupon_id == row.id).limit(1)) is not None:
        raise Conflict("coupons.used", _("The coupon has been used; stop it instead"))
    audit.record("coupons.removed", "coupon", row.id, code=row.code)
    session().delete(row)
    session().flush()


def _columns(draft: CouponDraft, merchant_id: UUID | None) -> dict[str, object]:
    wrong = list(_wrong(draft, merchant_id))
    if wrong:
        raise Invalid("coupons.invalid", _("The coupon cannot be saved like this"), fields=tuple(wrong))
    return {
        "code": normal(draft.code),
        "currency": draft.currency,
        "amount_minor": draft.amount_minor,
        "percent_bps": draft.percent_bps,
        "minimum_minor": draft.minimum_minor,
        "shop_id": draft.shop_id,
        "platform_bps": draft.platform_bps,
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
        "total_uses": draft.total_uses,
        "uses_per_customer": draft.uses_per_customer,
        "is_active": draft.is_active,
    }


def _wrong(draft: CouponDraft, merchant_id: UUID | None) -> Iterable[FieldError]:
    if not CODE.fullmatch(normal(draft.code)):
        yield FieldError("code", _("Use 1 to 32 letters, digits, hyphens or underscores"))
    if (draft.amount_minor is None) == (draft.percent_bps is None):
        yield FieldError("amount", _("Give either an amount or a percentage"))
    if draft.amount_minor is not None and draft.amount_minor <= 0:
        yield FieldError("amount", _("The amount is more than nothing"))
    if draft.percent_bps is not None and not 1 <= draft.percent_bps <= 10_000:
        yield FieldError("percent_bps", _("The percentage lies between 0.01 and 100"))
    if not 0 <= draft.platform_bps <= 10_000:
        yield FieldError("platform_bps", _("The share lies between 0 and 100"))
    if draft.starts_at and draft.ends_at and draft.starts_at >= draft.ends_at:
        yield FieldError("ends_at", _("The end comes after the start"))
    yield from _wrong_shop(draft, merchant_id)


def _wrong_shop(draft: CouponDraft, merchant_id: UUID | None) -> Iterable[FieldError]:
    allowed = {key for key, _name in shops(merchant_id)} if draft.shop_id or merchant_id else set()
    if draft.shop_id is not None and draft.shop_id not in allowed:
        yield FieldError("shop_id", _("There is no such shop"))
    if merchant_id is not None and draft.shop_id is None:
        yield FieldError("shop_id", _("Choose one of your shops"))
    if merchant_id is not None and draft.platform_bps:
        yield FieldError("platform_bps", _("A shop pays its own coupons"))


def export(subject: DataSubject) -> Sequence[ExportFile]:
    """Return a buyer's uses of coupons."""
    if subject.kind != "customer":
        return ()
    query = (
        select(RedemptionRow, CouponRow.code)
        .join(CouponRow, CouponRow.id == RedemptionRow.coupon_id)
        .where(RedemptionRow.customer_id == subject.id)
        .order_by(RedemptionRow.id)
    )
    found = [
        {
            "code": code,
            "purchase_id": str(row.purchase_id),
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "at": row.created_at.isoformat(),
        }
        for row, code in session().execute(query)
    ]
    content = json.dumps(found, ensure_ascii=False, indent=1).encode()
    return [ExportFile("coupons/redemptions.json", "application/json", content)] if found else ()


def erase(subject: DataSubject) -> Sequence[Erasure]:
    """Forget who used a coupon; that it was used stays, since its limit counts on it."""
    if subject.kind != "customer":
        return ()
    changed = session().execute(
        update(RedemptionRow).where(RedemptionRow.customer_id == subject.id).values(customer_id=None)
    )
    return [Erasure("coupons_redemptions", changed.rowcount)]  # type: ignore[attr-defined]


def purge() -> Sequence[Purged]:
    """Delete every coupon of the tenant and its uses."""
    used = session().execute(delete(RedemptionRow)).rowcount  # type: ignore[attr-defined]
    coupons = session().execute(delete(CouponRow)).rowcount  # type: ignore[attr-defined]
    return [Purged("coupons_redemptions", used), Purged("coupons_coupons", coupons)]
