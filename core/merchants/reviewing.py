"""What the operator decides about merchants: ask, approve, reject, suspend, restore, close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import func, select

from core.hooks.runtime import move
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.locks import lock_name
from core.kernel.tenancy import current
from core.merchants import applying, closing, shops
from core.merchants.models import DocumentRow, MerchantRow, ShopRow
from core.merchants.moving import locked, moved, require_step
from core.merchants.states import SHOP_MACHINE
from core.merchants.values import Merchant, merchant_of

_ON_BOARD = ("approved", "suspended")
Objection = Callable[[MerchantRow], Sequence[FieldError]]
"""Says what stands against letting a merchant sell; parts of the system that this one may not know register here."""
_objections: dict[str, Objection] = {}


def register(name: str, objection: Objection) -> None:
    """Have approval refused while a function has something against it. Needs a transaction."""
    _objections[name] = objection


def ask(merchant_id: UUID, message: str) -> Merchant:
    """Ask the applicant for something more. Raise Invalid without a message, Conflict if it is not under review."""
    text = _said(message, "message", _("Say what you need"))
    row = locked(merchant_id)
    moved(row, "info_asked", "info_asked", text)
    return merchant_of(row)


def approve(merchant_id: UUID) -> Merchant:
    """Let an applicant sell: its documents count as accepted and its first shops open.

    Raise Invalid if something that is required was not handed in, Conflict at the plan's limit of merchants or if
    it is not under review.
    """
    row = locked(merchant_id)
    require_step(row, "approved", source=("applied", "info_asked"))
    lacks = applying.lacking(row)
    if lacks:
        raise Invalid("merchants.incomplete", _("Something is still missing"), fields=lacks)
    against = tuple(error for objection in _objections.values() for error in objection(row))
    if against:
        reasons = tuple(error.message for error in against)
        raise Invalid("merchants.not_fit", "{reasons}", fields=against, reasons=reasons)
    _check_limit()
    row.approved_at = clock.now()
    for document in session().scalars(select(DocumentRow).where(DocumentRow.merchant_id == row.id)):
        document.state = "accepted" if document.state == "submitted" else document.state
    moved(row, "approved", "approved")
    for shop in _shops(row.id, "closed"):
        move(SHOP_MACHINE, shop, "open")
    return merchant_of(row)


def reject(merchant_id: UUID, reason: str) -> Merchant:
    """Turn an application down. Raise Invalid without a reason, Conflict if it is not under review."""
    text = _said(reason, "reason", _("Give the reason; the merchant reads it"))
    row = locked(merchant_id)
    moved(row, "rejected", "rejected", text)
    return merchant_of(row)


def suspend(merchant_id: UUID, reason: str) -> Merchant:
    """Take a merchant's goods off sale until it is restored. Raise Invalid without a reason, Conflict for the house."""
    text = _said(reason, "reason", _("Give the reason; the merchant reads it"))
    row = locked(merchant_id)
    _not_the_house(row)
    moved(row, "suspended", "suspended", text)
    return merchant_of(row)


def restore(merchant_id: UUID) -> Merchant:
    """End a suspension. Raise Conflict if the merchant is not suspended."""
    row = locked(merchant_id)
    require_step(row, "approved", source=("suspended",))
    moved(row, "approved", "restored")
    return merchant_of(row)


def close(merchant_id: UUID | None, reason: str = "", *, open_orders: int = 0) -> Merchant:
    """Close a merchant and its shops for good.

    Raise Conflict while orders are open (given, or counted by what core.merchants.closing knows), or for the house.
    """
    row = locked(merchant_id)
    _not_the_house(row)
    require_step(row, "closed")
    closing.check(row.id, open_orders=open_orders)
    for shop in _shops(row.id, "open", "holiday"):
        shops.end_timer(shop.id)
        move(SHOP_MACHINE, shop, "closed")
    moved(row, "closed", "closed", reason.strip())
    return merchant_of(row)


def _said(text: str, path: str, message: str) -> str:
    if not text.strip():
        raise Invalid("merchants.reason_missing", message, fields=(FieldError(path, message),))
    return text.strip()[:2000]


def _not_the_house(row: MerchantRow) -> None:
    if row.is_house:
        raise Conflict("merchants.house", _("The marketplace's own merchant stays"))


def _check_limit() -> None:
    limit = current().limits.get("merchants")
    if limit is None:
        return
    lock_name("merchants.limit")
    query = select(func.count()).where(MerchantRow.state.in_(_ON_BOARD), MerchantRow.is_house.is_(False))
    if (session().scalar(query) or 0) >= limit:
        raise Conflict("merchants.limit", _("Your plan allows {limit} merchants"), limit=limit)


def _shops(merchant_id: UUID, *states: str) -> list[ShopRow]:
    query = select(ShopRow).where(ShopRow.merchant_id == merchant_id, ShopRow.state.in_(states)).order_by(ShopRow.id)
    return list(session().scalars(query))
