"""Placing: a quote becomes a purchase with an order for each shop and split key, in one transaction.

Locks are taken in one order by everybody: the placing's key, the goods, the series of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from core.billing import charges
from core.catalogue import reservations
from core.catalogue.reservations import Want
from core.checkout import cart as carts
from core.checkout import placed
from core.checkout.cart import Cart
from core.checkout.models import CartRow
from core.checkout.prices import PricedLine
from core.checkout.quote import Quote, QuoteLine, ShopQuote, quote, tax_inclusive
from core.compliance import gates
from core.customers import addresses, buyers
from core.hooks.checkout import PurchaseDraft, PurchaseStage, check_purchase
from core.hooks.events import OrderChange, OrderEvent
from core.hooks.orders import StockMove, StockMovement, move_stock
from core.hooks.runtime import plugins, publish_all
from core.hooks.types import OrderSnapshot, Viewer
from core.kernel import clock, jobs
from core.kernel.db import fetched
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.money import Money, total
from core.kernel.rows import store
from core.kernel.secrets import digest
from core.kernel.tenancy import current, current_id
from core.orders import timeline
from core.orders.models import AppliedRow, LineRow, OrderRow, PurchaseRow
from core.orders.numbers import next_number
from core.orders.snapshot import build
from core.payments import payments

ADDRESS_FIELDS = ("name", "line1", "line2", "postcode", "city", "region", "country", "phone")


@dataclass(frozen=True, slots=True)
class Placing:
    """What a buyer confirms. `expected` is the total that was shown: another one is refused, not charged.

    `key` makes a repeat harmless. `guest_token` lets a guest see the orders again.
    """

    viewer: Viewer
    email: str
    address: Mapping[str, str]
    key: str
    expected: Money | None = None
    guest_token: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[UUID, str] = field(default_factory=dict)


def placed_under(key: str) -> UUID | None:
    """Return the purchase that was placed under a key, if any."""
    query = "select id from purchases where tenant_id = %(tenant)s and placing_key = %(key)s"
    found = fetched(query, {"tenant": current_id(), "key": key})
    return found[0][0] if found else None


def place(cart: CartRow | Cart | None, request: Placing) -> UUID:
    """Place what is chosen in the cart and return the purchase; the same key again returns the same one.

    Raise Invalid (address, e-mail), Conflict (nothing to buy, another total, a plugin's refusal), OutOfStock.
    """
    lock_name(f"place:{request.key}")
    known = placed_under(request.key)
    if known is not None:
        return known
    _check_input(request)
    found = quote(cart, request.viewer, request.answers)
    _check_quote(found, request)
    gates.check_purchase(line.listing_id for line in found.basket.lines)
    if cart is None:
        raise Conflict("checkout.empty", _("The cart is empty"))
    customer_id = request.viewer.customer_id or buyers.ensure_guest(request.email, request.address.get("name", ""))
    purchase, orders = _write(found, request, customer_id)
    carts.take_out(cart, [line.id for line in found.basket.lines])
    placed.tell(customer_id)
    _number(purchase, orders)
    return purchase.id


def _number(purchase: PurchaseRow, orders: Sequence[OrderRow]) -> None:
    """Give a purchase and its orders their numbers and write them, last of all.

    From here to the commit no other purchase of the marketplace gets a number; goods are locked before, by everybody.
    """
    purchase.number = f"P{next_number('purchase')}"
    for place, order in enumerate(orders):
        order.number = f"{purchase.number}-{place + 1}"
    store(PurchaseRow, [vars(purchase)])
    store(OrderRow, [vars(order) for order in orders])


def _check_input(request: Placing) -> None:
    wrong: list[FieldError] = []
    try:
        addresses.place(request.address)
    except Invalid as error:
        wrong += error.fields
    if "@" not in request.email.strip("@") or len(request.email) > 254:
        wrong.append(FieldError("email", _("Type an e-mail address, such as name@example.com")))
    if wrong:
        raise Invalid("checkout.invalid", _("Some details are missing"), fields=tuple(wrong))


def _check_quote(found: Quote, request: Placing) -> None:
    if not found.basket.lines:
        raise Conflict("checkout.empty", _("The cart is empty"))
    chosen = [line for shop in found.shops for line in shop.lines if line.is_selected and line.problem]
    if chosen:
        raise Conflict("checkout.unavailable", _("{title} cannot be bought like this any more; look at the cart"),
                       title=chosen[0].good.title)  # fmt: skip
    if found.violations:
        first = found.violations[0]
        raise Conflict(first.code, first.message, **first.facts)
    unanswered = [f for f in found.fields if f.required and not found.basket.answer(f.name, f.line_id)]
    if unanswered:
        raise Invalid("checkout.unanswered", _("A question is not answered"),
                      fields=tuple(FieldError(f.name, _("Fill this in")) for f in unanswered))  # fmt: skip
    if request.expected is not None and request.expected != found.total:
        raise Conflict("checkout.changed", _("The total has changed from {shown} to {now}; look again before you pay"),
                       shown=request.expected, now=found.total)  # fmt: skip


def _write(found: Quote, request: Placing, customer_id: UUID) -> tuple[PurchaseRow, list[OrderRow]]:
    """Write all that belongs to a purchase and hold its goods; return itself and its orders, not written yet."""
    now = clock.now()
    minutes = int(str(current().setting("reservation_minutes", 30)))
    purchase = _purchase(found, request, customer_id, now, now + timedelta(minutes=minutes))
    parts = _parts(found)
    orders = [_order(purchase, shop, lines, labels, request) for shop, lines, labels in parts]
    _free_delivery_of_later_parts(orders)
    rows = [_line_rows(order, lines, found) for order, (_shop, lines, _labels) in zip(orders, parts, strict=True)]
    applied = _applied_rows(found, purchase.id)
    store(LineRow, [vars(line) for group in rows for line in group])
    store(AppliedRow, [vars(row) for row in applied])
    snapshots = tuple(build(o, purchase, group, applied) for o, group in zip(orders, rows, strict=True))
    for snapshot in sorted(snapshots, key=lambda order: (order.merchant_id, order.id)):
        charges.record(snapshot)
    _ask_last(found, purchase.id, snapshots)
    payments.intend(purchase.id, found.total)
    jobs.at(
        f"purchase.expire:{purchase.id}", purchase.expires_at or now, "checkout.expire", {"purchase": str(purchase.id)}
    )
    timeline.note_all([snapshot.id for snapshot in snapshots], "placed", at=now)
    publish_all([(OrderEvent(new_id(), now, OrderChange.PLACED, each), each.id) for each in snapshots])
    hold_stock(snapshots, purchase.expires_at)
    return purchase, orders


def _purchase(found: Quote, request: Placing, customer_id: UUID, now: datetime, expires_at: datetime) -> PurchaseRow:
    return PurchaseRow(
        id=new_id(), number="", placing_key=request.key, customer_id=customer_id,
        email=request.email, locale=request.viewer.locale, currency=found.basket.currency,
        total_minor=found.total.minor, prices_include_tax=tax_inclusive(), address=dict(request.address),
        codes=list(found.codes), answers=dict(found.basket.answers), visit=request.viewer.visit,
        guest_digest=digest(request.guest_token) if request.guest_token else "", state="pending", placed_at=now,
        expires_at=expires_at,
    )  # fmt: skip


_Part = tuple[ShopQuote, list[QuoteLine], dict[str, str]]


def _parts(found: Quote) -> list[_Part]:
    """Split the chosen lines by shop and split keys, in the order of the cart."""
    parts: dict[tuple[UUID, tuple[tuple[str, str], ...]], _Part] = {}
    for shop in found.shops:
        for line in shop.lines:
            if line.priced is None:
                continue
            labels = dict(found.splits.get(line.id, {}))
            key = (shop.shop_id, tuple(sorted(labels.items())))
            parts.setdefault(key, (shop, [], labels))[1].append(line)
    return list(parts.values())


def _order(
    purchase: PurchaseRow, shop: ShopQuote, lines: Sequence[QuoteLine], labels: dict[str, str], request: Placing
) -> OrderRow:
    priced = [line.priced for line in lines if line.priced]
    goods = total((line.gross for line in priced), purchase.currency)
    paid = total((line.paid for line in priced), purchase.currency)
    tax = total((line.tax for line in priced), purchase.currency)
    off = total((line.merchant_discount + line.platform_discount for line in priced), purchase.currency)
    chosen = shop.chosen
    return OrderRow(
        id=new_id(), purchase_id=purchase.id, merchant_id=shop.merchant_id, shop_id=shop.shop_id,
        customer_id=purchase.customer_id, number="", state="pending_payment",
        is_house=shop.is_house, currency=purchase.currency, goods_minor=goods.minor, discount_minor=off.minor,
        delivery_minor=shop.delivery.minor, tax_minor=tax.minor, total_minor=(paid + shop.delivery).minor,
        delivery_code=chosen.code if chosen else "", delivery_label=chosen.label if chosen else "",
        delivery_min_days=chosen.min_days if chosen else 0, delivery_max_days=chosen.max_days if chosen else 0,
        labels=labels, note=request.notes.get(shop.shop_id, "")[:500], placed_at=purchase.placed_at,
    )  # fmt: skip


def _free_delivery_of_later_parts(orders: Sequence[OrderRow]) -> None:
    """A shop's delivery is paid once: its first order carries it, further ones of the same shop do not."""
    charged: set[UUID] = set()
    for order in orders:
        if order.shop_id in charged:
            order.total_minor -= order.delivery_minor
            order.delivery_minor = 0
        charged.add(order.shop_id)


def _line_rows(order: OrderRow, lines: Sequence[QuoteLine], found: Quote) -> list[LineRow]:
    return [_line_row(order, line, line.priced, n) for n, line in enumerate(lines) if line.priced]


def _line_row(order: OrderRow, line: QuoteLine, priced: PricedLine, position: int) -> LineRow:
    good = line.good
    return LineRow(
        id=line.id, order_id=order.id, listing_id=good.listing_id, variant_id=good.variant_id,
        category_id=good.category_id, position=position, title=good.title, options=list(good.options), sku=good.sku,
        picture_id=good.picture_id, quantity=line.quantity, unit_price_minor=good.price.minor,
        gross_minor=priced.gross.minor, merchant_discount_minor=priced.merchant_discount.minor,
        platform_discount_minor=priced.platform_discount.minor, discounted_minor=priced.discounted.minor,
        net_minor=priced.net.minor, tax_minor=priced.tax.minor, tax_bps=priced.tax_bps, currency=order.currency,
        shipped=0, refunded=0, answers={},
    )  # fmt: skip


def _applied_rows(found: Quote, purchase_id: UUID) -> list[AppliedRow]:
    return [
        AppliedRow(
            id=new_id(), purchase_id=purchase_id, line_id=row.line_id, merchant_id=row.merchant_id, plugin=plugin,
            stage=int(row.stage), target=row.target.value, amount_minor=row.amount.minor,
            currency=row.amount.currency, funded_by=row.funded_by.value, label=row.label, reason=row.reason,
        )
        for plugin, row in found.prices.applied
    ]  # fmt: skip


def _ask_last(found: Quote, purchase_id: UUID, orders: tuple[OrderSnapshot, ...]) -> None:
    """Give the plugins the last word, under lock; they write their claims here."""
    draft = PurchaseDraft(
        stage=PurchaseStage.PLACE, basket=found.basket, total=found.total, purchase_id=purchase_id, orders=orders,
        adjustments=tuple(row for _plugin, row in found.prices.applied),
    )  # fmt: skip
    for violation in plugins().collect(check_purchase, tenant=current(), draft=draft):
        raise Conflict(violation.code, violation.message, **violation.facts)


def hold_stock(orders: Sequence[OrderSnapshot], until: datetime | None) -> None:
    """Reserve every line's units, last of all: a plugin that provides stock first, core's counters otherwise."""
    wants: list[Want] = []
    for order in orders:
        if not _plugin_moved(order):
            wants += [Want(order.purchase_id, order.id, line.id, line.offer_id, line.quantity) for line in order.lines]
    if wants:
        reservations.reserve(wants, until)


def _plugin_moved(order: OrderSnapshot) -> bool:
    if not plugins().implementers(move_stock, current()):
        return False
    movements = [
        StockMovement(StockMove.RESERVE, order.id, line.id, line.offer_id, line.quantity) for line in order.lines
    ]
    return plugins().first(move_stock, tenant=current(), movements=movements) is True
