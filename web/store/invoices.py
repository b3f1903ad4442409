"""A buyer's invoices: made when they are asked for or when the parcel leaves, and downloaded from the order's page."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask_babel import gettext

from core.accounting import documents, order_documents
from core.http.answers import Answer, see
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.tx import read_only
from web import statement_pages
from web.purchases import carried, visible, visible_order
from web.store.orders import purchase
from web.store.surface import blueprint


@blueprint.post("/orders/<uuid:purchase_id>/<uuid:order_id>/invoice")
@edge(Realm.BUYER, login=False, again=purchase)
def make_invoice(purchase_id: UUID, order_id: UUID) -> Answer:
    """Issue an order's invoice, once."""
    visible_order(purchase_id, order_id)
    order_documents.invoice(order_id)
    return see(url_for("store.purchase", purchase_id=purchase_id, **carried()), gettext("Your invoice is ready"))


@blueprint.get("/orders/<uuid:purchase_id>/documents/<uuid:document_id>.pdf")
@edge(Realm.BUYER, login=False, tx=Tx.OWN)
def order_document(purchase_id: UUID, document_id: UUID) -> Answer:
    """Send an invoice or credit note of one's own purchase as a PDF."""
    with read_only():
        orders = [order.id for order in visible(purchase_id).orders]
        if documents.paper(document_id).order_id not in orders:
            raise Missing("accounting.no_document", _("There is no such document"))
    return statement_pages.document_file(document_id)
