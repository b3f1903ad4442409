"""Pages of quotes: a company's requests and offers in the store, a merchant's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select

from core.catalogue.models import VariantRow
from core.checkout import cart as carts
from core.checkout import goods as cart_goods
from core.checkout.cart import Owner
from core.customers import addresses
from core.hooks.surfaces import Fragment, Page
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.listing import Column, Listing
from core.http.submitting import controls, load, refused, text_of
from core.identity.principals import Realm
from core.kernel.db import session
from core.kernel.errors import AppError, Conflict, _
from core.kernel.money import Money
from plugins.b2b import company_form, quote_form, quote_reading, quotes, reading, wording
from plugins.b2b.merchant_views import own, tabs
from plugins.b2b.quote_reading import Quote
from plugins.b2b.store_views import own_id, own_seat
from plugins.b2b.surface import merchant, store


@store.get("/quotes")
@edge(Realm.BUYER)
def all_quotes() -> Answer:
    """List the company's quotes."""
    seat = own_seat()
    found, more = quote_reading.of_company(seat.company.id, before=request.args.get("after", type=UUID))
    rows = [(one, wording.quote(one.state), wording.QUOTE_TONES[one.state]) for one in found]
    return page("b2b/quotes.html", company=seat.company, rows=rows,
                next_href=url_for("b2b_store.all_quotes", after=more) if more else "")  # fmt: skip


def _in_cart(shop_id: UUID) -> quote_form.Goods:
    """Return what is chosen of a shop in the buyer's cart."""
    cart = carts.find(Owner(customer_id=own_id()))
    lines = [line for line in carts.lines_of(cart) if line.is_selected] if cart else []
    known = cart_goods.find(line.variant_id for line in lines)
    chosen = [(line, known[line.variant_id]) for line in lines if line.variant_id in known]
    found = [(one.variant_id, one.title, line.quantity) for line, one in chosen if one.shop_id == shop_id]
    if not found:
        raise Conflict("b2b.nothing_to_ask", _("There is nothing in the cart to ask for"))
    return found


@store.get("/quotes/new/<uuid:shop_id>")
@edge(Realm.BUYER)
def new_quote(shop_id: UUID, error: AppError | None = None) -> Answer:
    """Show what of the cart a shop is asked to quote."""
    seat, goods = own_seat(), _in_cart(shop_id)
    items = controls(quote_form.request(goods), quote_form.request_values(goods), error)
    return page("b2b/form.html", title=gettext("Ask for a quote"), items=items, refused=refused(error), remove_href="",
                company=seat.company, action=url_for("b2b_store.ask_quote", shop_id=shop_id),
                label=gettext("Send to the shop"))  # fmt: skip


@store.post("/quotes/new/<uuid:shop_id>")
@edge(Realm.BUYER, again=new_quote)
def ask_quote(shop_id: UUID) -> Answer:
    """Ask a shop for a quote."""
    goods = _in_cart(shop_id)
    form = load(quote_form.request(goods))
    made = quotes.ask(own_seat(), shop_id, quote_form.units(form, goods), form["message"])
    return see(url_for("b2b_store.quote", quote_id=made), gettext("The shop is asked"))


def _asked_goods(one: Quote) -> quote_form.Goods:
    return [(line.variant_id, line.title, line.quantity) for line in one.last.lines]


@store.get("/quotes/<uuid:quote_id>")
@edge(Realm.BUYER)
def quote(quote_id: UUID, error: AppError | None = None) -> Answer:
    """Show a quote, its revisions, and what can be done about it."""
    seat = own_seat()
    one = quote_reading.for_seat(seat, quote_id)
    goods = _asked_goods(one)
    return page(
        "b2b/quote.html", company=seat.company, one=one, state=wording.quote(one.state), refused=refused(error),
        tone=wording.QUOTE_TONES[one.state], addresses=addresses.addresses(own_id()) if one.state == "offered" else [],
        items=controls(quote_form.request(goods), quote_form.request_values(goods), error),
    )  # fmt: skip


@store.post("/quotes/<uuid:quote_id>/accept")
@edge(Realm.BUYER, again=quote)
def accept_quote(quote_id: UUID) -> Answer:
    """Buy what is offered and go to pay."""
    revision = request.form.get("revision", type=int) or 0
    made = quotes.accept(own_seat(), own_id(), quote_id, revision, request.form.get("address", type=UUID))
    return see(url_for("store.pay", purchase_id=made))


@store.post("/quotes/<uuid:quote_id>/counter")
@edge(Realm.BUYER, again=quote)
def counter_quote(quote_id: UUID) -> Answer:
    """Answer an offer with other quantities or words."""
    seat = own_seat()
    goods = _asked_goods(quote_reading.for_seat(seat, quote_id))
    form = load(quote_form.request(goods))
    quotes.counter(seat, quote_id, quote_form.units(form, goods), form["message"])
    return see(url_for("b2b_store.quote", quote_id=quote_id), gettext("The shop is asked"))


@store.post("/quotes/<uuid:quote_id>/withdraw")
@edge(Realm.BUYER, again=quote)
def withdraw_quote(quote_id: UUID) -> Answer:
    """Take a request back, or leave an offer."""
    quotes.withdraw(own_seat(), quote_id)
    return see(url_for("b2b_store.quote", quote_id=quote_id), gettext("Taken back"))


@merchant.get("/quotes", endpoint="quotes")
@edge(Realm.MERCHANT, "b2b.sell")
def merchants_quotes() -> Answer:
    """List what companies asked the merchant for."""
    found, more = quote_reading.of_merchant(own(), before=request.args.get("after", type=UUID))
    columns = (
        Column("number", gettext("Quote"), card="lead"),
        Column("company", gettext("Company"), card="sub"),
        Column("asked", gettext("Asked"), kind="date", card="opt"),
        Column("until", gettext("Open until"), kind="date", card="opt"),
        Column("state", gettext("State"), card="st"),
    )
    rows: list[Mapping[str, object]] = [
        {"id": str(one.id), "href": url_for("b2b_merchant.quote", quote_id=one.id), "number": one.number,
         "company": one.company, "asked": one.asked_at, "state": wording.quote(one.state),
         "until": one.expires_at if one.state in quotes.OPEN else None}
        for one in found
    ]  # fmt: skip
    listing = Listing(id="quotes", columns=columns, rows=rows, caption=gettext("Quotes"),
                      next_href=url_for("b2b_merchant.quotes", after=more) if more else "")  # fmt: skip
    return page("b2b/asked_quotes.html", quotes=listing, tabs=tabs("quotes"))


@merchant.get("/quotes/<uuid:quote_id>", endpoint="quote")
@edge(Realm.MERCHANT, "b2b.sell")
def merchants_quote(quote_id: UUID, error: AppError | None = None) -> Answer:
    """Show what a company asks for, and the form of an offer."""
    one = quote_reading.for_merchant(own(), quote_id)
    items = controls(quote_form.offer(), quote_form.offer_values(one, _shop_prices(one)), error)
    return page(
        "b2b/answer.html", one=one, state=wording.quote(one.state), tone=wording.QUOTE_TONES[one.state], items=items,
        refused=refused(error), why=controls(company_form.reason(gettext("Why"), gettext("The company reads it.")), {}),
    )  # fmt: skip


def _shop_prices(one: Quote) -> dict[UUID, str]:
    query = select(VariantRow).where(VariantRow.id.in_([line.variant_id for line in one.last.lines]))
    return {row.id: text_of(Money(row.price_minor, row.currency)) for row in session().scalars(query)}


@merchant.post("/quotes/<uuid:quote_id>")
@edge(Realm.MERCHANT, "b2b.sell", again=merchants_quote)
def answer_quote(quote_id: UUID) -> Answer:
    """Offer, or replace the offer by another."""
    quotes.answer(own(), quote_id, quote_form.offered(load(quote_form.offer())))
    return see(url_for("b2b_merchant.quote", quote_id=quote_id), gettext("The offer is sent"))


@merchant.post("/quotes/<uuid:quote_id>/decline")
@edge(Realm.MERCHANT, "b2b.sell", again=merchants_quote)
def decline_quote(quote_id: UUID) -> Answer:
    """Offer nothing, and say why."""
    quotes.decline(own(), quote_id, load(company_form.reason("", ""))["reason"])
    return see(url_for("b2b_merchant.quote", quote_id=quote_id), gettext("The company is told"))


def fragments(asked: Page) -> Sequence[Fragment]:
    """Offer beside a shop in the cart to ask it for a quote."""
    if asked.slot != "cart.group" or asked.viewer is None:
        return ()
    seat = reading.seat(asked.viewer.customer_id)
    if seat is None or not seat.may_buy:
        return ()
    return [Fragment("b2b/ask_quote.html", {"shop_id": asked.subject["shop_id"]}, position=60)]
