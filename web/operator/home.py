"""The operator's first page: what waits, then the figures."""

from __future__ import annotations

from core.catalogue import tallies
from core.http.answers import Answer, page
from core.http.edge import edge, principal
from core.identity import decisions
from core.identity.principals import Realm
from core.merchants import directory
from web import kpis
from web.operator.surface import blueprint, menu

menu.add("", 0, "Home", "operator.home", "layout-dashboard")


@blueprint.get("/")
@edge(Realm.OPERATOR)
def home() -> Answer:
    """Show what waits for the operator, as far as the role goes."""
    who = principal()
    reviews = who.may("merchants.review")
    return page(
        "operator/home.html",
        merchants=directory.counts() if reviews else {},
        listings=tallies.by_state() if who.may("listings.review") else {},
        decisions=len(decisions.waiting(who)),
        waiting=directory.waiting(limit=5) if reviews else (),
        kpis=kpis.operator() if who.may("orders.view") else None,
    )
