"""What a completed order earns, and what refunds withdraw again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.catalogue.models import ListingRow
from core.customers.models import CustomerRow
from core.hooks.events import OrderChange, OrderEvent, RefundEvent
from core.hooks.types import OrderSnapshot
from core.identity.models import MembershipRow, UserRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import exponent
from core.kernel.tenancy import current
from plugins.membership import accounts, rules
from plugins.membership.accounts import Change
from plugins.membership.models import EarningRow, EntryRow, MemberRow
from plugins.membership.redeeming import refunded_of
from plugins.membership.settings import Settings


def earn(event: OrderEvent) -> None:
    """Give the points of a completed order, once; nothing to guests, to the shop's own people, or after closing."""
    order, settings = event.order, Settings.of(current())
    if event.change is not OrderChange.COMPLETED or settings.closes_on is not None or not _may_earn(order):
        return
    member = accounts.locked(order.customer_id) if order.customer_id else None
    if member is None or _earning(order.id) is not None:
        return
    lines, refunded = _eligible(order, settings), refunded_of(order)
    worth = {i: order.amounts[i].net.minor + order.amounts[i].tax.minor for i in lines}
    before = sum(refunded.get(i, 0) for i in lines)
    paid = sum(_paid(order.amounts[i].platform_discount.minor, worth[i], refunded.get(i, 0)) for i in lines)
    unit = 10 ** exponent(order.total.currency)
    points = rules.earned(paid, unit, _today(member), settings)
    if points <= 0:
        return
    session().add(
        EarningRow(
            member_id=member.id, order_id=order.id, points=points, base_minor=sum(worth.values()) - before,
            refunded_before_minor=before, withdrawn=0,
        )
    )  # fmt: skip
    accounts.give(member, points, order_id=order.id, expires_at=accounts.expiry())
    accounts.write(member, Change("earn", f"earn:{order.id}", points=points, order_id=order.id))


def _paid(platform: int, worth: int, refunded: int) -> int:
    """Return what the buyer has paid for a line and not got back: worth less the platform's discount, in proportion."""
    return worth - platform - (refunded - rules.part(platform, refunded, worth))


def _may_earn(order: OrderSnapshot) -> bool:
    """Tell whether the order is a registered buyer's, and not of someone who works for the shop that sells."""
    email = session().scalar(
        select(CustomerRow.email_key).where(CustomerRow.id == order.customer_id, CustomerRow.user_id.is_not(None))
    )
    if email is None:
        return False
    own = (
        select(MembershipRow.id)
        .join(UserRow, (UserRow.tenant_id == MembershipRow.tenant_id) & (UserRow.id == MembershipRow.user_id))
        .where(MembershipRow.merchant_id == order.merchant_id, UserRow.email_key == email)
    )
    return session().scalar(own.limit(1)) is None


def _eligible(order: OrderSnapshot, settings: Settings) -> list[UUID]:
    query = select(ListingRow.id, ListingRow.plugin).where(ListingRow.id.in_({line.listing_id for line in order.lines}))
    owners = dict(session().execute(query).all())
    return [line.id for line in order.lines if owners.get(line.listing_id) not in settings.excluded]


def _today(member: MemberRow) -> int:
    """Return what the member has earned on this day of the marketplace."""
    now = clock.now().astimezone(ZoneInfo(current().timezone))
    start: datetime = now.replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.coalesce(func.sum(EntryRow.points), 0)).where(
        EntryRow.member_id == member.id, EntryRow.kind == "earn", EntryRow.at >= start
    )
    return int(session().scalar(query) or 0)


def _earning(order_id: UUID) -> EarningRow | None:
    query = select(EarningRow).where(EarningRow.order_id == order_id)
    return session().scalars(query, execution_options={"populate_existing": True}).one_or_none()


def withdraw(event: RefundEvent) -> None:
    """Take back what refunds since the earning stand for (R4); the account may fall below zero."""
    found = _earning(event.order.id)
    if found is None:
        return
    member = accounts.locked_by_id(found.member_id)
    found = _earning(event.order.id) or found
    lines = _eligible(event.order, Settings.of(current()))
    refunded = refunded_of(event.order)
    since = sum(refunded.get(i, 0) for i in lines) - found.refunded_before_minor
    points = rules.part(found.points, since, found.base_minor) - found.withdrawn
    if points <= 0:
        return
    found.withdrawn += points
    accounts.take(member, points, accounts.lot_of(member.id, event.order.id))
    accounts.write(member, Change("withdraw", f"withdraw:{event.id}", points=-points, order_id=event.order.id))
