"""The page that invites merchants."""

from __future__ import annotations

from core.http.answers import Answer, page
from core.http.edge import edge
from core.http.slots import drawn, filled
from core.identity.principals import Realm
from core.merchants import applying
from web.store.surface import blueprint


@blueprint.get("/sell")
@edge(Realm.BUYER, login=False)
def sell() -> Answer:
    """Say why to sell here, what it costs, and where to begin."""
    return page("store/sell.html", is_open=applying.are_open(), fees=filled("sell.fees", {}), drawn=drawn, tab="sell")
