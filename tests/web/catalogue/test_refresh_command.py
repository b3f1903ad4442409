"""The command that has listings learn what search has learned."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import update

from core.catalogue import search, visibility
from core.catalogue.models import ListingRow
from core.catalogue.queries import Filters
from core.hooks.types import Viewer
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from tests.core.catalogue import shelf


def _titles(words: str) -> set[str]:
    with transaction():
        cards = search.find(Filters(words=words), visibility.sight(Viewer(None, "zh", "CN"))).page.cards
        return {card.title for card in cards}


def _write_old() -> None:
    with transaction():
        shop, under = shelf.shop(), shelf.category("kitchen")
        for title in ("咖啡壶", "咖啡杯"):
            shelf.listing(title, shop, under)
        session().execute(update(ListingRow).values(search=None))


def test_every_listing_of_one_marketplace_is_refreshed(
    app: Flask, tenant: Tenant, make_tenant: Callable[..., Tenant]
) -> None:
    other = make_tenant()
    _write_old()
    with bind(other):
        _write_old()
    told = app.test_cli_runner().invoke(args=["catalogue", "refresh", "--tenant", tenant.slug])
    assert told.output == "refreshed 2 listings\n", told.output
    assert _titles("kafei") == {"咖啡壶", "咖啡杯"}
    with bind(other):
        assert _titles("kafei") == set()


def test_a_marketplace_that_is_not_there_is_named(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["catalogue", "refresh", "--tenant", "nowhere"])
    assert told.exit_code == 1
    assert "there is no marketplace called nowhere" in told.output
