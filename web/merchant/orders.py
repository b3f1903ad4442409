"""A merchant's orders: the list, and one order with everything that may be done to it."""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from core.accounting import documents
from core.accounting.documents import Paper
from core.aftersales import queries as cases
from core.billing import refund as refunds
from core.billing import refund_decisions, views
from core.billing.refund import Refund
from core.billing.views import OrderView
from core.fulfilment import shipping
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.errors import message
from core.http.listing import BulkAction
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.kernel.ids import token
from core.kernel.tx import read_only, transaction
from core.orders import bulk, progress, requests, slips
from web import order_forms, order_lists
from web import statement_words as words
from web.aftersale_words import KINDS
from web.merchant.surface import blueprint, menu
from web.order_words import PARTIES, merchants_next, money_rows, reasons, told
from web.price_words import told_prices
from web.slip_files import slip_file

menu.add("", 10, "Orders", "merchant.orders", "package", "orders.view")


def _merchant_id() -> UUID:
    """Return whose staff asks. Raise Missing for one who works for nobody yet."""
    key = principal().merchant_id
    if key is None:
        raise Missing("orders.no_merchant", _("There is no such order"))
    return key


@blueprint.get("/orders")
@edge(Realm.MERCHANT, "orders.view")
def orders() -> Answer:
    """List the merchant's orders, those to accept first."""
    wanted = order_lists.asked(request.args, _merchant_id(), otherwise="to_accept")
    printing = BulkAction("slips", gettext("Packing slips"))
    may_accept = principal().may("orders.fulfil") and wanted.tab in ("to_accept", "all")
    accept = BulkAction("accept", gettext("Accept"), "primary")
    return order_lists.shown(wanted, "merchant", (accept, printing) if may_accept else (printing,))


@blueprint.post("/orders/bulk")
@edge(Realm.MERCHANT, "orders.view", tx=Tx.OWN)
def act_on_orders() -> Answer:
    """Take many orders on, or print their packing slips: the ticked ones, or all that the list's state matches."""
    query, merchant_id = request.form.get("query", "")[:1000], _merchant_id()
    wanted = order_lists.asked(dict(parse_qsl(query)), merchant_id, otherwise="to_accept")
    back = f"{url_for('merchant.orders')}?{query}" if query else url_for("merchant.orders")
    if request.form.get("action") == "accept":
        principal().require("orders.fulfil")
        with transaction():
            outcome = bulk.accept(order_lists.meant(wanted, bulk.MOST), merchant_id=merchant_id)
        return see(back, _told(outcome))
    with read_only():
        chosen = order_lists.meant(wanted, slips.MOST)
    return slip_file(chosen, merchant_id) if chosen else see(back, gettext("Nothing was chosen"))


def _told(outcome: bulk.Outcome) -> str:
    if outcome.waiting:
        return str(ngettext("%(num)s order is being taken on; it takes a moment",
                            "%(num)s orders are being taken on; it takes a moment", outcome.waiting))  # fmt: skip
    done, refused = len(outcome.done), outcome.refused
    said = [ngettext("%(num)s order is accepted", "%(num)s orders are accepted", done)] if done else []
    if refused:
        said.append(ngettext("%(num)s stays as it was: %(number)s – %(reason)s",
                             "%(num)s stay as they were, such as %(number)s: %(reason)s", len(refused),
                             number=refused[0].number or "–", reason=message(refused[0].error)))  # fmt: skip
    return ". ".join(str(text) for text in said) or str(gettext("Nothing was chosen"))


@blueprint.get("/orders/<uuid:order_id>")
@edge(Realm.MERCHANT, "orders.view")
def order(order_id: UUID, error: AppError | None = None, **_ids: UUID) -> Answer:
    """Show an order, the best next step on top."""
    found = views.order(order_id, merchant_id=_merchant_id())
    return page(
        "console/order.html", order=found, document=words.document, papers=papers_of(found.id), next_step=merchants_next(found), timeline=told(found.moments), key=token(),
        money=money_rows(found), parties=PARTIES, reasons=reasons(found), said=order_forms.refusal(error), typed=request.form, prefix="merchant.",
        cases=cases.of_orders([order_id])[order_id], case_kinds=KINDS,
        may_fulfil=principal().may("orders.fulfil"), may_refund=principal().may("orders.refund"), ledger_href="",
        decision=refund_decisions.pending(order_id), decision_href="",
        prices=told_prices(found),
    )  # fmt: skip


def papers_of(order_id: UUID) -> list[Paper]:
    """Return an order's invoices and credit notes; for both consoles."""
    return documents.of_order([order_id])[order_id]


def _back(order_id: UUID, toast: str) -> Answer:
    return see(url_for("merchant.order", order_id=order_id), toast)


@blueprint.post("/orders/<uuid:order_id>/accept")
@edge(Realm.MERCHANT, "orders.fulfil", again=order)
def accept_order(order_id: UUID) -> Answer:
    """Take an order on."""
    progress.accept(order_id, merchant_id=_merchant_id())
    return _back(order_id, gettext("Accepted"))


@blueprint.post("/orders/<uuid:order_id>/parcels")
@edge(Realm.MERCHANT, "orders.fulfil", again=order)
def send_parcel(order_id: UUID) -> Answer:
    """Send a parcel with all or some of what is left."""
    found = views.order(order_id, merchant_id=_merchant_id())
    shipping.ship(order_id, order_forms.shipment(found.lines), merchant_id=_merchant_id())
    return _back(order_id, gettext("Sent; the buyer has been told"))


@blueprint.post("/orders/<uuid:order_id>/parcels/<uuid:parcel_id>/deliver")
@edge(Realm.MERCHANT, "orders.fulfil", again=order)
def parcel_delivered(order_id: UUID, parcel_id: UUID) -> Answer:
    """Note that a parcel has arrived."""
    shipping.deliver_parcel(order_id, parcel_id, merchant_id=_merchant_id())
    return _back(order_id, gettext("Noted as arrived"))


@blueprint.post("/orders/<uuid:order_id>/refund")
@edge(Realm.MERCHANT, "orders.refund", again=order)
def refund_order(order_id: UUID) -> Answer:
    """Show what a refund would move; carry it out once the amount was seen."""
    return carry_out_refund(views.order(order_id, merchant_id=_merchant_id()), _merchant_id(), "merchant")


def carry_out_refund(found: OrderView, merchant_id: UUID | None, surface: str) -> Answer:
    """Preview or carry out the refund that was filled in; shared by both consoles."""
    wanted = order_forms.refund(found.id, found.lines, found.total.currency, merchant_id)
    if request.form.get("step") != "confirm":
        shown = refunds.preview(wanted)
        return page("console/refund.html", order=found, wanted=wanted, preview=shown, typed=request.form,
                    prefix=f"{surface}.")  # fmt: skip
    done = refund_decisions.refund(wanted, by=principal().person_id)
    toast = gettext("Refund %(number)s is on its way", number=done.number) if isinstance(done, Refund) else waits()
    return see(url_for(f"{surface}.order", order_id=found.id), toast)


def waits() -> str:
    """Say that a large refund is not carried out yet."""
    return str(gettext("Nothing has moved yet: an amount this large waits for a second person of the marketplace"))


@blueprint.post("/orders/<uuid:order_id>/cancel")
@edge(Realm.MERCHANT, "orders.refund", again=order)
def cancel_order(order_id: UUID) -> Answer:
    """Cancel an order of which nothing has left; the buyer gets everything back."""
    return _back(order_id, carry_out_cancelling(order_id, _merchant_id()))


def carry_out_cancelling(order_id: UUID, merchant_id: UUID | None) -> str:
    """Cancel the order of the form, or ask a second person; return what to say. Shared by both consoles."""
    reason, key, who = request.form.get("reason", ""), f"cancel:{order_id}", principal().person_id
    if refund_decisions.cancel(order_id, reason, key, by=who, merchant_id=merchant_id) is not None:
        return waits()
    return str(gettext("Cancelled; the buyer gets everything back"))


@blueprint.post("/orders/<uuid:order_id>/notes")
@edge(Realm.MERCHANT, "orders.view", again=order)
def add_note(order_id: UUID) -> Answer:
    """Keep a note that the buyer does not see."""
    requests.add_note(order_id, request.form.get("text", ""), merchant_id=_merchant_id())
    return _back(order_id, gettext("Saved"))


@blueprint.get("/orders/<uuid:order_id>/slip")
@edge(Realm.MERCHANT, "orders.view")
def packing_slip(order_id: UUID) -> Answer:
    """Show what to pack, ready to print."""
    return page("console/slip.html", order=views.order(order_id, merchant_id=_merchant_id()), prefix="merchant.")


@blueprint.get("/orders/<uuid:order_id>/slip.pdf")
@edge(Realm.MERCHANT, "orders.view", tx=Tx.OWN)
def slip_document(order_id: UUID) -> Answer:
    """Send the packing slip as a PDF."""
    return slip_file([order_id], _merchant_id())
