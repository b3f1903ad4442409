"""The platform's first page: how many marketplaces there are, and whether work is stuck."""

from __future__ import annotations

from core.http.answers import Answer, page
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from core.kernel.tx import platform_transaction
from tenants import directory, domain_checks, queue
from web.platform.surface import blueprint, menu

menu.add("", 10, "Overview", "platform.home", "layout-dashboard", "tenants.view")


@blueprint.get("/")
@edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def home() -> Answer:
    """Show counts and the newest marketplaces."""
    with platform_transaction():
        return page(
            "platform/home.html",
            states=directory.state_counts(),
            work=queue.counts(),
            lost=domain_checks.lost(),
            newest=directory.find_page(limit=8).entries,
        )
