"""The console's blueprint, its menu, and what all consoles share, put on it."""

from __future__ import annotations

from flask import Blueprint

from core.hooks.types import Surface
from core.identity.principals import Realm
from web.consoles import frame
from web.surfaces import Menu

blueprint = Blueprint("merchant", __name__, url_prefix="/merchant")
menu = Menu(Surface.MERCHANT, ("", "Catalogue", "Money", "Settings"))
menu.reach(
    h="merchant.home",
    o="merchant.orders",
    p="merchant.products",
    s="merchant.stock_levels",
    a="merchant.aftersales",
    m="merchant.payouts",
    t="merchant.team",
)
frame.mount(blueprint, menu, Realm.MERCHANT)
