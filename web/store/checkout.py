"""Checkout: one page to confirm, one to pay, one that says how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode
from uuid import UUID

from flask import current_app, request, url_for
from flask_babel import gettext

from core.checkout import cart as carts
from core.checkout import settle
from core.checkout.place import ADDRESS_FIELDS, Placing, place
from core.checkout.quote import quote
from core.customers import addresses
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.config import Config
from core.kernel.errors import AppError, Invalid, _
from core.kernel.ids import token as new_token
from core.kernel.locks import lock
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.kernel.tx import read_only, transaction
from core.payments import payments, stripe
from core.payments.models import PaymentRow
from core.payments.payments import Payment
from web.languages import language
from web.purchases import carried, visible, visible_brief
from web.shopping import COOKIE, owner, viewer
from web.shopping import token as cart_token
from web.store.account import countries
from web.store.cart import PROBLEMS, keep_deliveries
from web.store.surface import blueprint


@dataclass(frozen=True, slots=True)
class Placed:
    """A purchase as the pages after placing show it; `rows` are its orders (shop and number, amount)."""

    id: UUID
    number: str
    state: str
    total: Money
    email: str
    rows: tuple[tuple[str, Money, bool], ...]
    payment: Payment


def _known() -> Mapping[str, str]:
    """Return what we know of a signed-in buyer, so that nobody types twice."""
    who, key = principal(), owner().customer_id
    if key is None:
        return {"country": current().country}
    saved = addresses.addresses(key)
    return {
        "email": who.email,
        "name": who.name,
        "country": current().country,
        **(asdict(saved[0].place) if saved else {}),
    }


@blueprint.get("/checkout")
@edge(Realm.BUYER, login=False)
def checkout(error: AppError | None = None) -> Answer:
    """Show what will be bought, for how much and why, and ask what is missing."""
    return _form(error)


def _form(error: AppError | None = None) -> Answer:
    found = quote(carts.find(owner()), viewer())
    if found.is_empty and error is None:
        return see(url_for("store.cart"))
    wrong = {f.path: gettext(f.message) for f in getattr(error, "fields", ())}
    return page("store/checkout.html", quote=found, problems=PROBLEMS, errors=wrong, refused=message(error) if error else "",
                values=request.form or _known(), countries=countries(), key=request.form.get("key") or new_token())  # fmt: skip


@blueprint.post("/checkout/delivery")
@edge(Realm.BUYER, login=False, again=checkout)
def redraw() -> Answer:
    """Choose how each shop delivers, answer what is asked, and show the form again with everything that was typed."""
    keep_deliveries()
    carts.answer(carts.open_cart(owner())[0], _answers())
    return _form()


@blueprint.post("/checkout")
@edge(Realm.BUYER, login=False, tx=Tx.OWN, again=checkout)
def place_order() -> Answer:
    """Place the purchase and go to pay; a double click places once."""
    form = request.form
    with transaction():
        row = carts.find(owner())
        fresh = None if cart_token() or owner().customer_id else new_token()
        placing = Placing(
            viewer=viewer(),
            email=form.get("email", "").strip(),
            address={name: form.get(name, "").strip() for name in ADDRESS_FIELDS},
            key=f"{principal().identity}:{form.get('key', '')[:64]}",
            expected=_expected(form.get("expected", "")),
            guest_token=cart_token() or fresh or "",
            answers=_answers(),
            notes={UUID(name[5:]): text for name, text in form.items() if name.startswith("note-") and text},
        )
        purchase_id = place(row, placing)
        settle.settle_free(purchase_id)
    return see(url_for("store.pay", purchase_id=purchase_id), cookies={COOKIE: fresh} if fresh else None)


def _answers() -> dict[str, str]:
    return {name[7:]: text.strip() for name, text in request.form.items() if name.startswith("answer-")}


def _expected(text: str) -> Money | None:
    if not text.isdigit():
        raise Invalid("checkout.expected", _("Reload the page: the total is missing"))
    return Money(int(text), current().currency)


def _placed(purchase_id: UUID) -> Placed:
    found = visible_brief(purchase_id)
    rows = tuple((f"{shop} · {number}", amount, False) for shop, number, amount in found.parts)
    return Placed(
        found.id, found.number, found.state, found.total, found.email, rows, payments.of_purchase(purchase_id)
    )


@blueprint.get("/checkout/<uuid:purchase_id>/pay")
@edge(Realm.BUYER, login=False, tx=Tx.OWN)
def pay(purchase_id: UUID) -> Answer:
    """Let the buyer pay: with the provider's element, or on the page of its stand-in."""
    with read_only():
        placed = _placed(purchase_id)
    if placed.state == "paid" or placed.payment.state in ("captured", "late"):
        return see(url_for("store.done", purchase_id=purchase_id, **carried()))
    if placed.state in ("cancelled", "expired"):
        return page("store/pay.html", placed=placed, problem="", pay_href="", publishable_key="", return_url="")
    problem = ""
    try:
        payment = payments.start(placed.payment)
    except AppError as error:
        payment, problem = placed.payment, message(error)
    back = url_for("store.done", purchase_id=purchase_id, _external=True, **carried())
    config: Config = current_app.extensions["galleria"]
    return page("store/pay.html", placed=placed, problem=problem, payment=payment, return_url=back,
                publishable_key=config.stripe_publishable_key, pay_href=_stand_in(config, payment, back))  # fmt: skip


def _stand_in(config: Config, payment: Payment, back: str) -> str:
    if not config.stripe_api_base or config.stripe_publishable_key or not payment.provider_ref:
        return ""
    query = urlencode({"client_secret": payment.client_secret, "return_url": back, "lang": language()})
    return f"{config.stripe_api_base}/_hosted/pay/{payment.provider_ref}?{query}"


@blueprint.get("/checkout/<uuid:purchase_id>/done")
@edge(Realm.BUYER, login=False, tx=Tx.OWN)
def done(purchase_id: UUID) -> Answer:
    """Say how it went; if the provider's event is not here yet, ask the provider."""
    with read_only():
        placed = _placed(purchase_id)
    if placed.state == "pending" and placed.payment.provider_ref:
        _look(placed.payment)
        with read_only():
            placed = _placed(purchase_id)
    return page("store/done.html", fragment="store/_done.html", placed=placed)


def _look(payment: Payment) -> None:
    intent = stripe.retrieve(payment.provider_ref or "")
    if intent.state == "succeeded":
        with transaction():
            (row,) = lock(PaymentRow, [payment.id])
            payments.captured(row, row.method or "card")


@blueprint.post("/checkout/<uuid:purchase_id>/cancel")
@edge(Realm.BUYER, login=False)
def cancel_purchase(purchase_id: UUID) -> Answer:
    """Cancel before paying: the goods and the code are free again."""
    visible(purchase_id)
    settle.cancel(purchase_id)
    return see(url_for("store.cart"), gettext("The purchase is cancelled; nothing was charged"))
