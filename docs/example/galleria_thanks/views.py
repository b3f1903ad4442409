"""The operator's page: who is thanked."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext

from core.hooks.surfaces import NavItem
from core.http.answers import Answer, page
from core.http.edge import edge
from core.http.listing import Column, Listing
from core.identity.principals import Realm
from core.kernel.errors import _
from core.kernel.tenancy import current
from galleria_thanks import services
from galleria_thanks.settings import Settings

operator = Blueprint("thanks_operator", __name__, template_folder="templates")
MENU = (NavItem(_("Regular buyers"), "thanks_operator.regulars", "Marketplace", "thanks.view", 80),)


@operator.get("/")
@edge(Realm.OPERATOR, "thanks.view")
def regulars() -> Answer:
    """Show the buyers who get the discount, the most loyal first."""
    settings = Settings.of(current())
    columns = (
        Column("name", gettext("Buyer"), card="lead"),
        Column("orders", gettext("Completed orders"), kind="number", card="amt"),
    )
    rows = [
        {"id": str(one.customer_id), "href": "", "name": one.name or gettext("Erased"), "orders": one.orders}
        for one in services.regulars(settings.after_orders)
    ]
    listing = Listing(id="regulars", columns=columns, rows=rows, caption=gettext("Regular buyers"))
    return page(
        "thanks/regulars.html", regulars=listing, settings=settings,
        settings_href=url_for("operator.plugin", plugin="thanks"),
    )  # fmt: skip
