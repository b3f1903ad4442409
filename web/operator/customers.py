"""Buyers: the list, and one with their purchases, addresses, consents and audiences."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.customers import addresses, consents, directory, labels
from core.customers.directory import Buyer
from core.http.answers import Answer, page
from core.http.edge import edge, principal
from core.http.listing import Column, Listing, View
from core.identity.principals import Realm
from core.kernel.errors import _
from core.orders import queries
from web.consoles import lists
from web.consoles.finding import EACH, Hit, finds
from web.operator.surface import blueprint, menu
from web.paging import next_href

menu.add("Marketplace", 26, _("Customers"), "operator.customers", "users", "customers.view")


@blueprint.get("/customers")
@edge(Realm.OPERATOR, "customers.view")
def customers() -> Answer:
    """List buyers, newest first."""
    desk, words, kind = lists.here(), request.args.get("q", "")[:80], request.args.get("kind", "")
    rows, following = directory.search(words=words, kind=kind, after=desk.cursor(), limit=desk.limit)
    return desk.shown("operator/customers.html", "customers", _listing(rows, following, words, kind))


def _listing(rows: list[Buyer], following: UUID | None, words: str, kind: str) -> Listing:
    names = {"": gettext("All"), "account": gettext("With an account"), "guest": gettext("Guests")}
    views = [View(names[k], url_for("operator.customers", kind=k or None), current=k == kind) for k in directory.KINDS]
    columns = (
        Column("name", gettext("Name")),
        Column("email", gettext("E-mail"), card="sub"),
        Column("phone", gettext("Telephone")),
        Column("kind", gettext("Kind"), card="st"),
        Column("since", gettext("Since"), kind="ago", card="amt"),
    )
    cells = [
        {"id": str(b.id), "href": url_for("operator.customer", customer_id=b.id), "name": name_of(b),
         "email": b.email if b.erased_at is None else "", "phone": b.phone, "since": b.since,
         "kind": gettext("Account") if b.has_account else gettext("Guest")}
        for b in rows
    ]  # fmt: skip
    return Listing("customers", columns, cells, gettext("Customers"), views=views, search=words,
                   clear_href=url_for("operator.customers"), next_href=next_href(following), kept=lists.kept(),
                   total=directory.count(words=words, kind=kind))  # fmt: skip


def name_of(buyer: Buyer) -> str:
    """Return how a buyer is called in lists."""
    return gettext("Erased") if buyer.erased_at else buyer.name or buyer.email


@blueprint.get("/customers/<uuid:customer_id>")
@edge(Realm.OPERATOR, "customers.view")
def customer(customer_id: UUID) -> Answer:
    """Show one buyer."""
    found = directory.find(customer_id)
    may_orders = principal().may("orders.view")
    purchases, more = queries.purchases(customer_ids=[customer_id]) if may_orders else ([], None)
    return page(
        "operator/customer.html", buyer=found, name=name_of(found), purchases=purchases, has_more=more is not None,
        addresses=addresses.addresses(customer_id), consents=consents.current(customer_id),
        labels=sorted(labels.labels_of(customer_id)), may_orders=may_orders,
    )  # fmt: skip


@finds(Realm.OPERATOR, 25, _("Customers"), "users", "customers.view", "operator.customers")
def _found(words: str) -> list[Hit]:
    rows, _next = directory.search(words=words, limit=EACH)
    return [Hit(name_of(b), b.email if b.erased_at is None else "", url_for("operator.customer", customer_id=b.id))
            for b in rows]  # fmt: skip
