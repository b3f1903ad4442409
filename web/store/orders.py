"""A buyer's orders: the list, one purchase in full, and what the buyer may do; guests come by a link of their own."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from markupsafe import Markup

from core.accounting import documents
from core.aftersales import eligible
from core.aftersales import queries as cases
from core.billing.views import OrderView
from core.checkout import settle
from core.fulfilment import shipping
from core.http import slots
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.errors import message
from core.http.limits import client_network, throttle
from core.identity.principals import Realm
from core.kernel import jobs
from core.kernel.errors import AppError, _
from core.kernel.tx import transaction
from core.orders import queries, requests
from web import signing
from web import statement_words as words
from web.aftersale_words import KINDS
from web.order_words import buyers_status, is_tax_inside, money_rows, told
from web.purchases import carried, customer_ids, visible, visible_order
from web.store.surface import blueprint
from web.store.viewers import viewer


@blueprint.get("/orders")
@edge(Realm.BUYER, login=False)
def orders() -> Answer:
    """List a buyer's purchases; ask a guest for a number and an address."""
    if principal().is_guest:
        return see(url_for("store.track"))
    before = request.args.get("before", type=UUID)
    found, following = queries.purchases(customer_ids=customer_ids(), before=before)
    next_href = url_for("store.orders", before=following) if following else ""
    return page("store/orders.html", purchases=found, next_href=next_href, before=before, tab="orders")


@blueprint.get("/track")
@edge(Realm.BUYER, login=False)
def track(error: AppError | None = None) -> Answer:
    """Let a guest ask for a link to an order."""
    refusal = message(error) if error else ""
    return page("store/track.html", typed=request.form, refusal=refusal, tab="orders")


@blueprint.post("/track")
@edge(Realm.BUYER, login=False, tx=Tx.OWN, again=track)
def send_link() -> Answer:
    """Send a fresh link to the address of the purchase; the answer is the same whether there is one or not."""
    number, email = request.form.get("number", ""), request.form.get("email", "")
    throttle("track", client_network(), email.strip().lower(), most=5)
    with transaction():
        found = queries.purchase_for_guest(number, email)
        if found is not None:
            _mail_link(found, email.strip())
    return page("store/track_sent.html", email=email.strip(), tab="orders")


def _mail_link(purchase_id: UUID, email: str) -> None:
    values = {
        "title": _("Your link to your order"),
        "paragraphs": [_("You asked for a link to your order. If it was not you, leave this mail alone.")],
        "action_label": _("See the order"),
        "action_path": signing.purchase_path(purchase_id),
    }
    payload = {"template": "notice", "to": email, "locale": "", "values": values}
    jobs.soon("mail.compose", payload)


@blueprint.get("/orders/<uuid:purchase_id>")
@edge(Realm.BUYER, login=False)
def purchase(purchase_id: UUID, error: AppError | None = None, order_id: UUID | None = None) -> Answer:
    """Show a purchase: where each of its orders stands, what comes next, and the money with its reasons."""
    found = visible(purchase_id)
    timelines = {order.id: told(order.moments, shop=order.shop.name) for order in found.orders}
    return page(
        "store/purchase.html", purchase=found, timelines=timelines, carried=carried(), tab="orders",
        statuses={order.id: buyers_status(order) for order in found.orders},
        money={order.id: money_rows(order) for order in found.orders},
        tax_inside={order.id: is_tax_inside(order) for order in found.orders},
        papers=documents.of_order(order.id for order in found.orders), document=words.document,
        marks={order.id: _mark(order) for order in found.orders}, eligible=eligible.of_purchase(purchase_id),
        cases=cases.of_orders([order.id for order in found.orders]), kinds=KINDS, refusal=message(error) if error else "", is_guest=not customer_ids(),
    )  # fmt: skip


def _mark(order: OrderView) -> Markup:
    """Return what plugins say beside the shop's name."""
    return slots.drawn(slots.filled("order.seller", {"order_id": order.id, "is_house": order.is_house}, viewer()))


@blueprint.post("/orders/<uuid:purchase_id>/cancel")
@edge(Realm.BUYER, login=False, again=purchase)
def cancel_unpaid(purchase_id: UUID) -> Answer:
    """Cancel a purchase before it is paid."""
    visible(purchase_id)
    settle.cancel(purchase_id)
    return _back(purchase_id, gettext("Cancelled. Nothing was charged."))


@blueprint.post("/orders/<uuid:purchase_id>/<uuid:order_id>/received")
@edge(Realm.BUYER, login=False, again=purchase)
def confirm_receipt(purchase_id: UUID, order_id: UUID) -> Answer:
    """Take the buyer's word that everything has arrived."""
    visible_order(purchase_id, order_id)
    shipping.deliver(order_id, by_buyer=True)
    return _back(purchase_id, gettext("Thank you. The shop has been told."))


@blueprint.post("/orders/<uuid:purchase_id>/<uuid:order_id>/ask-to-cancel")
@edge(Realm.BUYER, login=False, again=purchase)
def ask_to_cancel(purchase_id: UUID, order_id: UUID) -> Answer:
    """Ask the shop to cancel a paid order."""
    visible_order(purchase_id, order_id)
    requests.ask_to_cancel(order_id, request.form.get("text", ""))
    return _back(purchase_id, gettext("The shop has been asked. It decides before it sends anything."))


def _back(purchase_id: UUID, toast: str) -> Answer:
    return see(url_for("store.purchase", purchase_id=purchase_id, **carried()), toast)
