"""Coupons at checkout: the discount, why a code does not apply, and the use that a purchase claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_babel import format_currency, gettext
from sqlalchemy import func, select, update

from core.hooks.checkout import PurchaseDraft, PurchaseStage
from core.hooks.events import OrderChange, OrderEvent
from core.hooks.types import Adjustment, Basket, Stage, Violation
from core.kernel import clock
from core.kernel.db import session
from core.kernel.locks import lock
from core.kernel.money import total
from core.orders.models import OrderRow
from plugins.coupons import rules
from plugins.coupons.models import CouponRow, RedemptionRow
from plugins.coupons.rules import Coupon, Refusal, Uses
from plugins.coupons.services import CODE, coupon_of


def discounts(basket: Basket) -> Sequence[Adjustment]:
    """Return the discounts of the basket's codes that apply; the contest keeps the best. No query without a code."""
    if basket.stage is not Stage.BASKET or not basket.codes:
        return ()
    coupons = _of_codes(basket.codes)
    uses = _uses(basket.viewer.customer_id, coupons)
    return [
        row
        for coupon in coupons
        if rules.refusal(coupon, basket, uses) is None
        for row in rules.adjustments(coupon, basket, coupon.code)
    ]


def _of_codes(codes: Iterable[str]) -> list[Coupon]:
    wanted = list(dict.fromkeys(rules.normal(code) for code in codes))
    found = {row.code: coupon_of(row) for row in session().scalars(select(CouponRow).where(CouponRow.code.in_(wanted)))}
    return [found[code] for code in wanted if code in found]


def _uses(customer_id: UUID | None, coupons: Iterable[Coupon]) -> Uses:
    """Count a buyer's uses, where a coupon asks."""
    asked = [coupon.id for coupon in coupons if coupon.uses_per_customer is not None]
    if customer_id is None or not asked:
        return Uses(customer_id, {})
    query = (
        select(RedemptionRow.coupon_id, func.count())
        .where(
            RedemptionRow.coupon_id.in_(asked),
            RedemptionRow.customer_id == customer_id,
            RedemptionRow.released_at.is_(None),
        )
        .group_by(RedemptionRow.coupon_id)
    )
    return Uses(customer_id, dict(session().execute(query).all()))


def check(draft: PurchaseDraft) -> Sequence[Violation]:
    """Say which codes do not apply; at placing also claim the use of the one that counted."""
    basket = draft.basket
    if not basket.codes:
        return ()
    if draft.stage is PurchaseStage.PLACE:
        return _claim(draft)
    coupons = {coupon.code: coupon for coupon in _of_codes(basket.codes)}
    return _violations(basket, coupons, _uses(basket.viewer.customer_id, coupons.values()))


def _violations(basket: Basket, coupons: dict[str, Coupon], uses: Uses) -> list[Violation]:
    found = []
    for code in dict.fromkeys(rules.normal(code) for code in basket.codes):
        coupon = coupons.get(code)
        reason = rules.refusal(coupon, basket, uses) if coupon else Refusal.UNKNOWN
        if reason is not None:
            found.append(Violation(f"coupons.{reason.value}", _message(reason, code, coupon), field="code"))
    return found


def _message(reason: Refusal, code: str, coupon: Coupon | None) -> str:
    shown = code if CODE.fullmatch(code) else "?"
    minimum = coupon.minimum if coupon else None
    least = format_currency(minimum.decimal, minimum.currency) if minimum else ""
    texts = {
        Refusal.UNKNOWN: gettext("There is no coupon %(code)s. Check the code for slips.", code=shown),
        Refusal.STOPPED: gettext("The coupon %(code)s is not in use any more.", code=shown),
        Refusal.NOT_YET: gettext("The coupon %(code)s does not count yet.", code=shown),
        Refusal.EXPIRED: gettext("The coupon %(code)s has expired.", code=shown),
        Refusal.CURRENCY: gettext("The coupon %(code)s is for another currency.", code=shown),
        Refusal.OTHER_SHOP: gettext("The coupon %(code)s is for a shop that is not in your cart.", code=shown),
        Refusal.MINIMUM: gettext("The coupon %(code)s counts from %(least)s.", code=shown, least=least),
        Refusal.USED_UP: gettext("The coupon %(code)s has been used up.", code=shown),
        Refusal.USED_BY_YOU: gettext("You have used the coupon %(code)s already.", code=shown),
        Refusal.SIGN_IN: gettext("Sign in to use the coupon %(code)s.", code=shown),
    }
    return texts[reason]


def _claim(draft: PurchaseDraft) -> Sequence[Violation]:
    """Lock the coupons of the codes, look once more, write the use of each that counted; a repeat writes nothing."""
    keys = [coupon.id for coupon in _of_codes(draft.basket.codes)]
    coupons = {row.code: row for row in lock(CouponRow, keys)}
    claimed = _claimed(draft.purchase_id)
    values = {code: coupon_of(row) for code, row in coupons.items()}
    customer_id = draft.basket.viewer.customer_id or next((order.customer_id for order in draft.orders), None)
    refused = _violations(draft.basket, values, _uses(customer_id, values.values())) if not claimed else []
    if refused or draft.purchase_id is None:
        return refused
    for row in coupons.values():
        rows = [a for a in draft.adjustments if a.reason == f"coupons:{row.id}"]
        if rows and row.id not in claimed:
            taken = -total((a.amount for a in rows), draft.basket.currency)
            row.used += 1
            session().add(
                RedemptionRow(
                    coupon_id=row.id,
                    purchase_id=draft.purchase_id,
                    customer_id=customer_id,
                    amount_minor=taken.minor,
                    currency=taken.currency,
                )
            )
    session().flush()
    return ()


def _claimed(purchase_id: UUID | None) -> frozenset[UUID]:
    query = select(RedemptionRow.coupon_id).where(RedemptionRow.purchase_id == purchase_id)
    return frozenset(session().scalars(query)) if purchase_id else frozenset()


def release(event: OrderEvent) -> None:
    """Give a purchase's uses back, once, when the last of its orders is cancelled."""
    if event.change is not OrderChange.CANCELLED:
        return
    purchase_id = event.order.purchase_id
    standing = select(OrderRow.id).where(OrderRow.purchase_id == purchase_id, OrderRow.state != "cancelled").limit(1)
    if session().scalar(standing) is not None:
        return
    released = session().scalars(
        update(RedemptionRow)
        .where(RedemptionRow.purchase_id == purchase_id, RedemptionRow.released_at.is_(None))
        .values(released_at=clock.now())
        .returning(RedemptionRow.coupon_id)
    )
    for coupon_id in sorted(released):
        session().execute(update(CouponRow).where(CouponRow.id == coupon_id).values(used=CouponRow.used - 1))
