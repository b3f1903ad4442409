"""Quotes: a company asks a merchant, the merchant offers for a while, either side revises, and the company accepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import get_locale
from sqlalchemy import delete, select, true

from core.catalogue import reservations
from core.catalogue.models import ListingRow, VariantRow
from core.catalogue.reservations import Want
from core.checkout import cart as carts
from core.checkout.cart import Owner
from core.checkout.models import CartRow
from core.checkout.place import Placing, place
from core.customers import addresses, buyers
from core.hooks.runtime import move
from core.hooks.types import Basket, Viewer
from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Phrase, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.tenancy import current
from core.orders.numbers import next_number
from plugins.b2b import letters, price_lists, quote_reading, reading, states
from plugins.b2b.deal_models import QuoteRow, RevisionRow
from plugins.b2b.quote_reading import Quote
from plugins.b2b.reading import Seat
from plugins.b2b.settings import Settings

OPEN = ("asked", "offered")
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """What a merchant offers: (SKU, quantity, unit in minor units), delivery (None: the shop's own), for so many days."""

    lines: Sequence[tuple[str, int, int]]
    days: int
    freight_minor: int | None = None
    is_held: bool = False
    message: str = ""


def _wrong(field: str, message: str, **facts: object) -> Invalid:
    fault = FieldError(field, Phrase(message, **facts))
    return Invalid("b2b.quote", _("Some of this cannot be right."), fields=(fault,))


def _lines(units: Mapping[UUID, int], prices: Mapping[UUID, int], **where: UUID) -> list[dict[str, Any]]:
    """Return lines as they are stored. Raise Invalid for none, too many, a bad number, or goods of somebody else."""
    if not 1 <= len(units) <= MOST_LINES or not all(1 <= count <= carts.MOST_UNITS for count in units.values()):
        text = _("Name 1 to {lines} products, each from 1 to {most} times")
        raise _wrong("lines", text, lines=MOST_LINES, most=carts.MOST_UNITS)
    query = (
        select(VariantRow, ListingRow.title)
        .join(ListingRow, (ListingRow.tenant_id == VariantRow.tenant_id) & (ListingRow.id == VariantRow.listing_id))
        .where(VariantRow.id.in_(units), VariantRow.is_active, ListingRow.state == "live")
        .where(*(getattr(ListingRow, name) == key for name, key in where.items()))
        .order_by(ListingRow.title, VariantRow.sku)
    )
    found = session().execute(query).all()
    if len(found) != len(units):
        raise _wrong("lines", _("Some of this is not sold here"))
    return [
        {"variant": str(variant.id), "title": " · ".join([title, *variant.options]), "sku": variant.sku,
         "quantity": units[variant.id], "unit_minor": prices.get(variant.id)}
        for variant, title in found
    ]  # fmt: skip


def ask(seat: Seat, shop_id: UUID, units: Mapping[UUID, int], message: str = "") -> UUID:
    """Ask a shop for a quote of so many units. Raise Conflict for a company that may not buy, Invalid for the lines."""
    if not seat.may_buy:
        raise Conflict("b2b.company_inactive", _("The company is not approved; it cannot buy yet"))
    lines = _lines(units, {}, shop_id=shop_id)
    first = select(VariantRow.merchant_id).where(VariantRow.id == UUID(lines[0]["variant"]))
    row = QuoteRow(
        id=new_id(), number=f"QT{next_number('b2b.quote')}", company_id=seat.company.id, author_id=seat.member_id,
        merchant_id=session().scalars(first).one(), shop_id=shop_id, revision=1, state="asked",
        currency=current().currency, expires_at=clock.now() + timedelta(days=Settings.of(current()).quote_days),
    )  # fmt: skip
    session().add(row)
    session().flush()
    _write(row, "company", lines, message)
    _set_timer(row)
    letters.quote_asked(row.merchant_id, row.id, row.number, seat.company.name)
    return row.id


def _write(row: QuoteRow, side: str, lines: list[dict[str, Any]], message: str, freight: int | None = None) -> None:
    session().add(
        RevisionRow(
            quote_id=row.id, revision=row.revision, side=side, lines=lines, freight_minor=freight,
            message=message.strip()[:1_000],
        )
    )  # fmt: skip
    session().flush()


def _timer(quote_id: UUID) -> str:
    return f"b2b.quote:{quote_id}"


def _set_timer(row: QuoteRow) -> None:
    jobs.at(_timer(row.id), row.expires_at, "b2b.expire_quote", {"quote": str(row.id)})


def _stepped(quote_id: UUID, event: str) -> tuple[QuoteRow, str]:
    """Lock a quote and return where the event leads. Raise Conflict if it is over, or the event means nothing now."""
    (row,) = lock(QuoteRow, [quote_id])
    reached = states.target(states.QUOTE, states.QUOTE_EVENTS, row.state, event)
    if event != "expire" and row.expires_at <= clock.now():
        raise Conflict("b2b.quote.not_now", _("This cannot be done in its present state; look again"))
    return row, reached


def _release(row: QuoteRow) -> None:
    """Give back the units that an offer keeps aside."""
    if row.is_held:
        reservations.release(row.id)
        row.is_held = False


def answer(merchant_id: UUID, quote_id: UUID, offer: Offer) -> None:
    """Offer, or replace the offer by another. Raise Invalid by field, OutOfStock where units to keep are not there."""
    quote_reading.for_merchant(merchant_id, quote_id)
    row, reached = _stepped(quote_id, "answer")
    keys = price_lists.variants_of(merchant_id, {sku for sku, _count, _unit in offer.lines})
    unknown = [sku for sku, _count, _unit in offer.lines if sku not in keys]
    if unknown:
        raise _wrong("lines", _("You sell nothing with the SKU {sku}"), sku=unknown[0])
    if len(keys) != len(offer.lines):
        raise _wrong("lines", _("A product stands there twice"))
    if not 1 <= offer.days <= 180:
        raise _wrong("days", _("An offer holds from 1 to 180 days"))
    units = {keys[sku]: count for sku, count, _unit in offer.lines}
    lines = _lines(units, {keys[sku]: unit for sku, _count, unit in offer.lines}, shop_id=row.shop_id)
    _release(row)
    row.revision, row.expires_at = row.revision + 1, clock.now() + timedelta(days=offer.days)
    _write(row, "merchant", lines, offer.message, offer.freight_minor)
    move(states.QUOTE, row, reached)
    _set_timer(row)
    _tell(row, "offered")
    if offer.is_held:
        row.is_held = True
        session().flush()
        wants = [Want(row.id, row.id, new_id(), key, count) for key, count in units.items()]
        reservations.reserve(wants, row.expires_at)


def counter(seat: Seat, quote_id: UUID, units: Mapping[UUID, int], message: str) -> None:
    """Answer an offer with other quantities or words; the offer ends. Raise Conflict if none is open."""
    quote_reading.for_seat(seat, quote_id)
    row, reached = _stepped(quote_id, "counter")
    lines = _lines(units, {}, shop_id=row.shop_id)
    _release(row)
    row.revision += 1
    row.expires_at = clock.now() + timedelta(days=Settings.of(current()).quote_days)
    _write(row, "company", lines, message)
    move(states.QUOTE, row, reached)
    _set_timer(row)
    letters.quote_asked(row.merchant_id, row.id, row.number, seat.company.name)


def decline(merchant_id: UUID, quote_id: UUID, reason: str) -> None:
    """Offer nothing, and say why. Raise Invalid without a reason, Conflict if nothing is asked."""
    quote_reading.for_merchant(merchant_id, quote_id)
    row, reached = _stepped(quote_id, "decline")
    row.reason = " ".join(reason.split())[:500]
    if not row.reason:
        raise _wrong("reason", _("Write the reason; the company reads it"))
    _end(row, reached)


def withdraw(seat: Seat, quote_id: UUID) -> None:
    """Take the request back, or leave the offer. Raise Conflict if it is over already."""
    quote_reading.for_seat(seat, quote_id)
    _end(*_stepped(quote_id, "withdraw"))


def _end(row: QuoteRow, reached: str) -> None:
    _release(row)
    session().flush()
    move(states.QUOTE, row, reached)
    jobs.cancel(_timer(row.id))
    if reached in ("declined", "expired"):
        _tell(row, reached)


def _tell(row: QuoteRow, state: str) -> None:
    author = next((one for one in reading.people(row.company_id) if one.id == row.author_id), None)
    if author is not None:
        letters.quote_answered(author.email, row.id, row.number, state, row.reason)


def accept(seat: Seat, customer_id: UUID, quote_id: UUID, revision: int, address_id: UUID | None = None) -> UUID:
    """Buy exactly what is offered and return the purchase, to be paid; the same revision again returns the same one.

    Raise Conflict for an older revision, an offer that is over, or what stands in the way of buying.
    """
    one = quote_reading.for_seat(seat, quote_id)
    if one.state == "accepted" and one.purchase_id is not None and revision == one.revision:
        return one.purchase_id
    row, _reached = _stepped(quote_id, "accept")
    if row.revision != revision:
        raise Conflict("b2b.quote_changed", _("There is a newer offer; look at it first"))
    _release(row)
    session().flush()
    return _placed(customer_id, one, _address(customer_id, address_id))


def _address(customer_id: UUID, address_id: UUID | None) -> Mapping[str, str]:
    if address_id is not None:
        return asdict(addresses.address(customer_id, address_id).place)
    saved = addresses.addresses(customer_id)
    if not saved:
        raise Conflict("b2b.no_address", _("Add an address to your account first; the goods are sent there"))
    return asdict(saved[0].place)


def _placed(customer_id: UUID, one: Quote, address: Mapping[str, str]) -> UUID:
    """Place the offer from a cart of its own, so that the buyer's stays as it is."""
    cart, _token = carts.open_cart(Owner())
    for line in one.last.lines:
        carts.add(cart, line.variant_id, line.quantity)
    carts.answer(cart, {quote_reading.ANSWER: str(one.id)})
    session().flush()
    viewer = Viewer(customer_id, str(get_locale() or current().locale), current().country)
    key = f"b2b.quote:{one.id}:{one.revision}"
    purchase_id = place(cart, Placing(viewer, buyers.get(customer_id).email, address, key))
    session().execute(delete(CartRow).where(CartRow.id == cart.id))
    return purchase_id


def hold(basket: Basket) -> None:
    """Lock the quote that a basket names, so that it is accepted once."""
    key = quote_reading.named(basket)
    if key is not None:
        lock(QuoteRow, [key])


def use(quote_id: UUID, purchase_id: UUID) -> None:
    """Note that an offer was bought; call `hold` first."""
    row, reached = _stepped(quote_id, "accept")
    row.purchase_id = purchase_id
    _end(row, reached)


def expire(quote_id: UUID) -> None:
    """End a quote whose time is over; one that was answered, or got more time, stays."""
    for row in lock(QuoteRow, [quote_id]):
        if row.state in OPEN and row.expires_at <= clock.now():
            _end(row, states.target(states.QUOTE, states.QUOTE_EVENTS, row.state, "expire"))


def sweep(*, everything: bool = False) -> int:
    """End what a timer lost, or (when the plugin goes) all that is open; return how many."""
    due = QuoteRow.expires_at <= clock.now()
    query = select(QuoteRow.id).where(QuoteRow.state.in_(OPEN), true() if everything else due)
    open_ones = [row for row in lock(QuoteRow, session().scalars(query).all()) if row.state in OPEN]
    for row in open_ones:
        _end(row, "expired")
    return len(open_ones)
