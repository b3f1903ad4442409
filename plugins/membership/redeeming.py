"""Points at checkout: the question, the discount, and the hold that a purchase takes; paid, released, returned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_babel import format_currency, format_decimal, gettext, ngettext
from sqlalchemy import func, select

from core.billing.models import RefundLineRow
from core.hooks.checkout import CheckoutField, FieldKind, PurchaseDraft, PurchaseStage
from core.hooks.events import OrderChange, OrderEvent, RefundEvent
from core.hooks.money import MoneyEvent, MoneyFact, Posting
from core.hooks.runtime import move
from core.hooks.types import Adjustment, Basket, Line, OrderSnapshot, Party, Stage, Violation
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.ids import new_id
from core.kernel.machine import machine
from core.kernel.money import Money, spread, total
from core.kernel.tenancy import current
from plugins.membership import accounts, rules
from plugins.membership.accounts import PROMO, Change
from plugins.membership.models import MemberRow, UseRow
from plugins.membership.settings import Settings

FIELD, OWN = "membership.points", "membership.points_own"
REASON = "membership:points"
HOLD = machine("membership.hold", held="redeemed released", redeemed="", released="")


def _eligible(basket: Basket, settings: Settings) -> list[Line]:
    return [line for line in basket.lines if line.plugin not in settings.excluded]


def _goods(basket: Basket, lines: Iterable[Line]) -> list[Money]:
    return [basket.amounts.get(line.id, line.unit_price * line.quantity) for line in lines]


def _is_open(basket: Basket, settings: Settings) -> bool:
    return settings.with_coupons or not basket.codes


def discount(basket: Basket) -> Sequence[Adjustment]:
    """Return the discount that the buyer's answer asks for, on each line; no query without an answer."""
    if basket.stage is not Stage.POINTS or not basket.answer(FIELD) or basket.viewer.customer_id is None:
        return ()
    settings = Settings.of(current())
    member = accounts.find(basket.viewer.customer_id)
    lines = _eligible(basket, settings)
    if member is None or not lines or not _is_open(basket, settings):
        return ()
    goods = _goods(basket, lines)
    most = rules.most(member.points, total(goods, basket.currency).minor, settings)
    points = rules.asked(basket.answer(FIELD), basket.answer(OWN), most, settings)
    off = Money(rules.worth(points, settings), basket.currency)
    label = ngettext("%(shown)s point", "%(shown)s points", points, shown=format_decimal(points))
    return [
        Adjustment(Stage.POINTS, -part, label, f"{REASON}.{points}", Party.PLATFORM, line.id)
        for line, part in zip(lines, spread(off, [amount.minor for amount in goods]), strict=True)
        if part
    ]


def questions(basket: Basket) -> Sequence[CheckoutField]:
    """Ask a buyer who has enough points how many to use."""
    settings = Settings.of(current())
    key = basket.viewer.customer_id
    member = accounts.find(key) if key is not None and _is_open(basket, settings) else None
    lines = _eligible(basket, settings)
    # The goods before coupons: what may be used in the end is bounded once more by the discount itself.
    goods = total(_goods(basket, lines), basket.currency)
    most = rules.most(member.points, goods.minor, settings) if member else 0
    if not most:
        return ()
    worth = Money(rules.worth(most, settings), basket.currency)
    choices = (
        ("none", gettext("Use no points")),
        ("most", gettext("Use as many as possible, up to %(points)s points (%(worth)s)",
                         points=format_decimal(most), worth=format_currency(worth.decimal, worth.currency))),
        ("own", gettext("Use a number of my own")),
    )  # fmt: skip
    title = gettext("You have %(points)s points", points=format_decimal(member.points if member else 0))
    own = gettext("Number of points, in steps of %(step)s", step=format_decimal(settings.step))
    fields = [CheckoutField(FIELD, title, FieldKind.CHOICE, required=False, choices=choices)]
    if basket.answer(FIELD) == "own":
        fields.append(CheckoutField(OWN, own, FieldKind.TEXT, required=False))
    return fields


def check(draft: PurchaseDraft) -> Sequence[Violation]:
    """At placing take the hold under the account's lock; refuse where the points are not there any more."""
    rows = [row for row in draft.adjustments if row.reason.startswith(f"{REASON}.")]
    customer_id = draft.basket.viewer.customer_id
    if draft.stage is not PurchaseStage.PLACE or not rows or draft.purchase_id is None or customer_id is None:
        return ()
    points = int(rows[0].reason.rpartition(".")[2])
    member = accounts.locked(customer_id)
    if member.points < points:
        facts = {"left": str(max(member.points, 0))}
        text = _("Only {left} points are left; another order has used the rest. Look again before you pay")
        return [Violation("membership.points_short", text, field=FIELD, facts=facts)]
    _hold(member, points, rows, draft.orders, draft.purchase_id)
    return ()


def _hold(
    member: MemberRow, points: int, rows: Sequence[Adjustment], orders: Sequence[OrderSnapshot], purchase_id: UUID
) -> None:
    """Take the points out of their lots, spread them over the lines as the discount was, and keep them apart."""
    order_of = {line.id: order.id for order in orders for line in order.lines}
    off = [(row.line_id, -row.amount) for row in rows if row.line_id in order_of]
    shares = spread(Money(points, current().currency), [amount.minor for _line, amount in off])
    given = list(accounts.take(member, points).items())
    of_order: dict[UUID, int] = {}
    for (line_id, amount), share in zip(off, shares, strict=True):
        if line_id is None:
            continue
        pieces = _pieces(given, share.minor)
        parts = spread(amount, [count for _lot, count in pieces])
        for (lot_id, count), part in zip(pieces, parts, strict=True):
            session().add(
                UseRow(
                    id=new_id(), member_id=member.id, lot_id=lot_id, purchase_id=purchase_id, line_id=line_id,
                    order_id=order_of[line_id], points=count, amount_minor=part.minor, state="held", returned=0,
                )
            )  # fmt: skip
        of_order[order_of[line_id]] = of_order.get(order_of[line_id], 0) + share.minor
    for order_id, count in of_order.items():
        accounts.write(member, Change("hold", f"hold:{order_id}", points=-count, held=count, order_id=order_id))


def _pieces(given: list[tuple[UUID, int]], wanted: int) -> list[tuple[UUID, int]]:
    """Take so many points off the front of what lots gave."""
    found: list[tuple[UUID, int]] = []
    while wanted and given:
        lot_id, count = given[0]
        used = min(count, wanted)
        found.append((lot_id, used))
        wanted -= used
        given[0] = (lot_id, count - used)
        if not given[0][1]:
            given.pop(0)
    return found


def _uses(order_id: UUID, state: str) -> list[UseRow]:
    query = select(UseRow).where(UseRow.order_id == order_id, UseRow.state == state).order_by(UseRow.id)
    return list(session().scalars(query, execution_options={"populate_existing": True}))


def captured(event: MoneyEvent) -> Sequence[Posting]:
    """Redeem what an order holds once it is paid: the promise is met, and the platform's discount with it."""
    if event.name != MoneyFact.PAYMENT_CAPTURED or event.order is None:
        return ()
    order_id = event.order.id
    first = next(iter(_uses(order_id, "held")), None)
    if first is None:
        return ()
    member = accounts.locked_by_id(first.member_id)
    uses = _uses(order_id, "held")
    for use in uses:
        move(HOLD, use, "redeemed")
    accounts.write(
        member,
        Change(
            "redeem", f"redeem:{order_id}", held=-sum(use.points for use in uses), against=PROMO,
            exactly=-sum(use.amount_minor for use in uses), order_id=order_id,
        ),
    )  # fmt: skip
    return ()


def release(event: OrderEvent) -> None:
    """Give back what an order held when it is cancelled before it was paid; what was paid comes back by its refund."""
    held = _uses(event.order.id, "held") if event.change is OrderChange.CANCELLED else []
    if not held:
        return
    member = accounts.locked_by_id(held[0].member_id)
    uses = _uses(event.order.id, "held")
    points = sum(use.points for use in uses)
    if not points:
        return
    for use in uses:
        move(HOLD, use, "released")
    accounts.give_back(member, _by_lot((use.lot_id, use.points) for use in uses))
    accounts.write(
        member,
        Change("return", f"release:{event.order.id}", points=points, held=-points, order_id=event.order.id),
    )


def _by_lot(parts: Iterable[tuple[UUID, int]]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for lot_id, points in parts:
        found[lot_id] = found.get(lot_id, 0) + points
    return found


def give_back(event: RefundEvent) -> None:
    """Return the points of what was refunded so far, line by line (R4): a repeat or a late event returns nothing more."""
    held = _uses(event.order.id, "redeemed")
    if not held:
        return
    member = accounts.locked_by_id(held[0].member_id)
    refunded = refunded_of(event.order)
    parts: list[tuple[UUID, int]] = []
    amount = 0
    for line_id, uses in _by_line(_uses(event.order.id, "redeemed")).items():
        worth = event.order.amounts[line_id].net.minor + event.order.amounts[line_id].tax.minor
        so_far = refunded.get(line_id, 0)
        back = rules.part(sum(u.points for u in uses), so_far, worth) - sum(u.returned for u in uses)
        amount += _due(uses, back)
        parts += _return(uses, back)
    points = sum(count for _lot, count in parts)
    if not points:
        return
    accounts.give_back(member, _by_lot(parts))
    accounts.write(
        member,
        Change("return", f"return:{event.id}", points=points, against=PROMO, exactly=amount, order_id=event.order.id),
    )


def _due(uses: Sequence[UseRow], back: int) -> int:
    """Return how much of the line's discount these further points stand for, the last ones for what is left."""
    whole, points = sum(u.amount_minor for u in uses), sum(u.points for u in uses)
    before = sum(u.returned for u in uses)
    return rules.part(whole, before + back, points) - rules.part(whole, before, points)


def _by_line(uses: Iterable[UseRow]) -> dict[UUID, list[UseRow]]:
    found: dict[UUID, list[UseRow]] = {}
    for use in uses:
        found.setdefault(use.line_id, []).append(use)
    return found


def _return(uses: Sequence[UseRow], points: int) -> list[tuple[UUID, int]]:
    """Mark points as returned, those of the lot that was used last first, and name the lots."""
    found = []
    for use in reversed(uses):
        back = min(use.points - use.returned, points)
        if back > 0:
            use.returned += back
            points -= back
            found.append((use.lot_id, back))
    return found


def refunded_of(order: OrderSnapshot) -> dict[UUID, int]:
    """Return what each line of an order has given back so far, tax included, in minor units."""
    worth = func.sum(RefundLineRow.net_minor + RefundLineRow.tax_minor)
    ids = [line.id for line in order.lines]
    query = select(RefundLineRow.line_id, worth).where(RefundLineRow.line_id.in_(ids)).group_by(RefundLineRow.line_id)
    return {line_id: int(minor) for line_id, minor in session().execute(query)}
