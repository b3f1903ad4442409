"""What a company pays: bands of merchants' lists in carts and on product pages, and the quantities that are sold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import or_, select

from core.catalogue.models import ListingRow, VariantRow
from core.checkout import cart as carts
from core.checkout.cart import Owner
from core.hooks.types import Adjustment, Basket, Line, Party, Stage, Target, Violation
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.b2b import buying, price_rules, quote_reading, reading, requisitions
from plugins.b2b.price_models import ListCompanyRow, PriceListRow, PriceRow, QuantityRow
from plugins.b2b.price_rules import Band, Pack
from plugins.b2b.quote_reading import Quote
from plugins.b2b.requisitions import Requisition


@dataclass(frozen=True, slots=True)
class Offered:
    """What a company pays for a variant: (from, unit price), empty at the shop's own price; `pack` is how it is sold."""

    variant_id: UUID
    name: str
    price: Money
    steps: tuple[tuple[int, Money], ...]
    pack: Pack


@dataclass(frozen=True, slots=True)
class Hint:
    """More units of a line that cost less in all."""

    title: str
    quantity: int
    more: int
    total: Money


def bands(company_id: UUID, variant_ids: Collection[UUID], on: date) -> dict[UUID, list[Band]]:
    """Return the bands that count for a company on a day, by variant."""
    named = select(ListCompanyRow.id).where(
        ListCompanyRow.list_id == PriceListRow.id, ListCompanyRow.company_id == company_id
    )
    query = (
        select(PriceRow, PriceListRow.name)
        .join(PriceListRow, (PriceListRow.tenant_id == PriceRow.tenant_id) & (PriceListRow.id == PriceRow.list_id))
        .where(
            PriceRow.variant_id.in_(variant_ids), PriceListRow.is_active, PriceRow.currency == current().currency,
            or_(PriceListRow.valid_from.is_(None), PriceListRow.valid_from <= on),
            or_(PriceListRow.valid_to.is_(None), PriceListRow.valid_to >= on),
            or_(PriceListRow.is_for_all, named.exists()),
        )
        .order_by(PriceRow.list_id, PriceRow.from_quantity)
    )  # fmt: skip
    found: dict[UUID, list[Band]] = {}
    for row, name in session().execute(query):
        price = Money(row.unit_minor, row.currency)
        found.setdefault(row.variant_id, []).append(Band(row.list_id, name, row.from_quantity, price))
    return found


def packs(variant_ids: Collection[UUID]) -> dict[UUID, Pack]:
    """Return how variants are sold to companies, those with a rule."""
    query = select(QuantityRow).where(QuantityRow.variant_id.in_(variant_ids))
    return {row.variant_id: Pack(row.minimum, row.step) for row in session().scalars(query)}


def adjust(basket: Basket) -> Sequence[Adjustment]:
    """Return the list price of each line that a company buys, as a change of its own price."""
    if basket.stage is not Stage.LIST or basket.viewer.customer_id is None:
        return ()
    seat = buying.seat_of(basket)
    if seat is None:
        return ()
    offer = quote_reading.covering(seat, basket)
    if offer is not None:
        return [*(_quoted(line, offer) for line in basket.lines), *_freight(basket, offer)]
    day = basket.at.astimezone(ZoneInfo(current().timezone)).date()
    known = bands(seat.company.id, [line.offer_id for line in basket.lines], day)
    rows = [_adjustment(line, known.get(line.offer_id, [])) for line in basket.lines]
    approval = requisitions.covering(seat, basket)
    rows += [_agreed(line, approval) for line in basket.lines] if approval else []
    return [row for row in rows if row is not None]


def _quoted(line: Line, offer: Quote) -> Adjustment:
    """Return the price of an offer, whatever the shop or a list asks today; coupons and points leave the line alone."""
    quoted = next(one for one in offer.last.lines if one.variant_id == line.offer_id)
    change = (quoted.amount or line.unit_price * line.quantity) - line.unit_price * line.quantity
    label = gettext("Quote %(number)s", number=offer.number)
    reason = f"{quote_reading.REASON}{offer.id}.{offer.revision}"
    return Adjustment(Stage.LIST, change, label, reason, Party.MERCHANT, line.id, exclusive="unit_price", closes=True)


def _freight(basket: Basket, offer: Quote) -> list[Adjustment]:
    """Return the delivery of an offer as a change of the shop's own."""
    freight = offer.last.freight
    if freight is None:
        return []
    change = freight - basket.delivery.get(offer.merchant_id, Money.zero(basket.currency))
    label = gettext("Delivery of quote %(number)s", number=offer.number)
    reason = f"{quote_reading.REASON}{offer.id}.{offer.revision}"
    return [
        Adjustment(
            Stage.LIST, change, label, reason, Party.MERCHANT, target=Target.DELIVERY, merchant_id=offer.merchant_id
        )
    ]


def _agreed(line: Line, approval: Requisition) -> Adjustment | None:
    """Return the price that was agreed to, where it is below the shop's of now; with a list's the lower one counts."""
    agreed = next(one.gross for one in approval.lines if one.variant_id == line.offer_id)
    change = agreed - line.unit_price * line.quantity
    if not change < Money.zero(change.currency):
        return None
    reason = f"{requisitions.REASON}{approval.id}"
    return Adjustment(
        Stage.LIST, change, gettext("Approved price"), reason, Party.MERCHANT, line.id, exclusive="unit_price"
    )


def _adjustment(line: Line, known: Sequence[Band]) -> Adjustment | None:
    found = price_rules.band(known, line.quantity, line.unit_price)
    if found is None:
        return None
    change = (found.unit - line.unit_price) * line.quantity
    label = gettext("Price list %(name)s", name=found.list_name)
    reason = f"b2b:{found.list_id}.{found.from_quantity}"
    return Adjustment(Stage.LIST, change, label, reason, Party.MERCHANT, line.id, exclusive="unit_price")


_FAULTS = {
    "minimum": _("{title} is sold to companies from {minimum} on. Take {next}, or buy it for yourself"),
    "step": _("{title} is sold to companies in packs of {step}. Take {next}, or buy it for yourself"),
}


def quantity_faults(basket: Basket) -> list[Violation]:
    """Return what is wrong with the quantities that a company buys; no query of names while nothing is."""
    known = packs([line.offer_id for line in basket.lines])
    wrong = [(line, known[line.offer_id]) for line in basket.lines if line.offer_id in known]
    wrong = [(line, pack) for line, pack in wrong if pack.fault(line.quantity)]
    names = titles([line.listing_id for line, _pack in wrong]) if wrong else {}
    return [_fault(line, pack, names.get(line.listing_id, "")) for line, pack in wrong]


def _fault(line: Line, pack: Pack, title: str) -> Violation:
    kind = pack.fault(line.quantity)
    facts = {
        "title": title,
        "minimum": str(pack.minimum),
        "step": str(pack.step),
        "next": str(pack.next(line.quantity)),
    }
    return Violation(f"b2b.{kind}", _FAULTS[kind], field="quantity", line_id=line.id, facts=facts)


def titles(listing_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the titles of listings."""
    query = select(ListingRow.id, ListingRow.title).where(ListingRow.id.in_(listing_ids))
    return dict(session().execute(query).all())


def offered(company_id: UUID, listing_id: UUID) -> list[Offered]:
    """Return what a company pays for the variants of a listing, those alone that differ from the shop's own offer."""
    query = (
        select(VariantRow)
        .where(VariantRow.listing_id == listing_id, VariantRow.is_active)
        .order_by(VariantRow.position, VariantRow.id)
    )
    variants = session().scalars(query).all()
    keys = [one.id for one in variants]
    known, sold = bands(company_id, keys, clock.today(current().timezone)), packs(keys)
    found = []
    for one in variants:
        price = Money(one.price_minor, one.currency)
        steps = tuple(price_rules.table(known.get(one.id, []), price))
        if steps or one.id in sold:
            found.append(Offered(one.id, " · ".join(one.options), price, steps, sold.get(one.id, Pack())))
    return found


def hints(customer_id: UUID, shop_id: UUID) -> list[Hint]:
    """Return the lines of a buyer's cart of a shop of which more units cost the company less."""
    seat, cart = reading.seat(customer_id), carts.find(Owner(customer_id=customer_id))
    if seat is None or not seat.may_buy or cart is None or cart.answers.get(buying.FOR) == buying.MYSELF:
        return []
    lines = {line.variant_id: line.quantity for line in carts.lines_of(cart) if line.is_selected}
    query = (
        select(VariantRow, ListingRow.title)
        .join(ListingRow, (ListingRow.tenant_id == VariantRow.tenant_id) & (ListingRow.id == VariantRow.listing_id))
        .where(VariantRow.id.in_(lines), ListingRow.shop_id == shop_id)
    )
    known = bands(seat.company.id, lines, clock.today(current().timezone))
    found = []
    for variant, title in session().execute(query):
        price = Money(variant.price_minor, variant.currency)
        more = price_rules.cheaper_more(known.get(variant.id, []), lines[variant.id], price)
        if more is not None:
            found.append(Hint(title, lines[variant.id], *more))
    return found
