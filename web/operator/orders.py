"""The operator's orders and purchases: everything a merchant sees, of every merchant, with the payment behind it."""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.aftersales import queries as cases
from core.billing import refund_decisions, release, views
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.listing import BulkAction, Column, Listing
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.ids import token
from core.kernel.tx import read_only
from core.orders import queries, requests, slips
from core.payments import log
from web import order_forms, order_lists
from web import statement_words as words
from web.aftersale_words import KINDS
from web.merchant.orders import carry_out_cancelling, carry_out_refund, papers_of
from web.operator.surface import blueprint, menu
from web.order_words import PARTIES, merchants_next, money_rows, reasons, told
from web.price_words import told_prices
from web.slip_files import slip_file

menu.add("Marketplace", 20, "Orders", "operator.orders", "package", "orders.view")
menu.add("Marketplace", 22, "Purchases", "operator.purchases", "shopping-bag", "orders.view")


@blueprint.get("/orders")
@edge(Realm.OPERATOR, "orders.view")
def orders() -> Answer:
    """List every merchant's orders."""
    wanted = order_lists.asked(request.args, otherwise="all")
    return order_lists.shown(wanted, "operator", (BulkAction("slips", gettext("Packing slips")),))


@blueprint.post("/orders/bulk")
@edge(Realm.OPERATOR, "orders.view", tx=Tx.OWN)
def act_on_orders() -> Answer:
    """Print the packing slips of the ticked orders, or of all that the list's state matches."""
    query = request.form.get("query", "")[:1000]
    with read_only():
        chosen = order_lists.meant(order_lists.asked(dict(parse_qsl(query)), otherwise="all"), slips.MOST)
    if not chosen:
        return see(f"{url_for('operator.orders')}?{query}", gettext("Nothing was chosen"))
    return slip_file(chosen)


@blueprint.get("/orders/<uuid:order_id>")
@edge(Realm.OPERATOR, "orders.view")
def order(order_id: UUID, error: AppError | None = None) -> Answer:
    """Show an order with its money."""
    found, who = views.order(order_id), principal()
    ledger = url_for("operator.entries", order=found.number) if who.may("ledger.view") else ""
    waiting = refund_decisions.pending(order_id)
    decide = url_for("operator.decision", decision_id=waiting.id) if waiting and who.may("orders.refund") else ""
    return page(
        "console/order.html", order=found, document=words.document, papers=papers_of(found.id), next_step=merchants_next(found), timeline=told(found.moments), key=token(),
        money=money_rows(found), parties=PARTIES, reasons=reasons(found), said=order_forms.refusal(error), typed=request.form, prefix="operator.",
        cases=cases.of_orders([order_id])[order_id], case_kinds=KINDS,
        may_fulfil=False, may_refund=who.may("orders.refund"), may_complete=who.may("orders.complete"),
        prices=told_prices(found), ledger_href=ledger, decision=waiting, decision_href=decide, payment=views.payment_of(found.purchase_id),
    )  # fmt: skip


def _back(order_id: UUID, toast: str) -> Answer:
    return see(url_for("operator.order", order_id=order_id), toast)


@blueprint.post("/orders/<uuid:order_id>/refund")
@edge(Realm.OPERATOR, "orders.refund", again=order)
def refund_order(order_id: UUID) -> Answer:
    """Show what a refund would move; carry it out once the amount was seen."""
    return carry_out_refund(views.order(order_id), None, "operator")


@blueprint.post("/orders/<uuid:order_id>/cancel")
@edge(Realm.OPERATOR, "orders.refund", again=order)
def cancel_order(order_id: UUID) -> Answer:
    """Cancel an order of which nothing has left."""
    return _back(order_id, carry_out_cancelling(order_id, None))


@blueprint.post("/orders/<uuid:order_id>/complete")
@edge(Realm.OPERATOR, "orders.complete", again=order)
def complete_order(order_id: UUID) -> Answer:
    """Complete an order before its time; its money is released."""
    release.complete(order_id)
    return _back(order_id, gettext("Completed; the money is released"))


@blueprint.post("/orders/<uuid:order_id>/notes")
@edge(Realm.OPERATOR, "orders.view", again=order)
def add_note(order_id: UUID) -> Answer:
    """Keep a note that the buyer does not see."""
    requests.add_note(order_id, request.form.get("text", ""))
    return _back(order_id, gettext("Saved"))


@blueprint.get("/orders/<uuid:order_id>/slip")
@edge(Realm.OPERATOR, "orders.view")
def packing_slip(order_id: UUID) -> Answer:
    """Show what is packed."""
    return page("console/slip.html", order=views.order(order_id), prefix="operator.")


@blueprint.get("/orders/<uuid:order_id>/slip.pdf")
@edge(Realm.OPERATOR, "orders.view", tx=Tx.OWN)
def slip_document(order_id: UUID) -> Answer:
    """Send the packing slip as a PDF."""
    return slip_file([order_id])


@blueprint.get("/purchases")
@edge(Realm.OPERATOR, "orders.view")
def purchases() -> Answer:
    """List purchases: what buyers paid at once."""
    words, before = request.args.get("q", "")[:80], request.args.get("before", type=UUID)
    rows, following = queries.purchases(words=words, before=before)
    columns = (
        Column("number", gettext("Purchase")),
        Column("buyer", gettext("Buyer"), card="sub"),
        Column("email", gettext("E-mail")),
        Column("orders", gettext("Orders"), kind="number"),
        Column("placed_at", gettext("Placed"), kind="ago"),
        Column("state", gettext("State"), kind="badge", card="st"),
        Column("total", gettext("Total"), kind="money", card="amt"),
    )
    cells = [
        {
            "id": str(one.id), "href": url_for("operator.purchase", purchase_id=one.id), "number": one.number,
            "buyer": one.buyer, "email": one.email, "orders": len(one.orders), "placed_at": one.placed_at,
            "state": ("purchase", one.state), "total": one.total,
        }
        for one in rows
    ]  # fmt: skip
    listing = Listing(
        "purchases", columns, cells, gettext("Purchases"), search=words, clear_href=url_for("operator.purchases"),
        next_href=url_for("operator.purchases", q=words or None, before=following) if following else "",
        previous_href=url_for("operator.purchases", q=words or None) if before else "",
    )  # fmt: skip
    return page("operator/purchases.html", purchases=listing)


@blueprint.get("/purchases/<uuid:purchase_id>")
@edge(Realm.OPERATOR, "orders.view")
def purchase(purchase_id: UUID) -> Answer:
    """Show a purchase: its orders, its payment, and what the provider has said about it."""
    found = views.purchase(purchase_id, public_only=False)
    events = log.events(found.payment.provider_ref) if found.payment else []
    returns = log.sent_back(found.payment.id) if found.payment else []
    return page("operator/purchase.html", purchase=found, events=events, returns=returns)
