"""The console's blueprint, its menu, and what all consoles share, put on it."""

from __future__ import annotations

from flask import Blueprint

from core.hooks.types import Surface
from core.identity.principals import Realm
from web.consoles import frame
from web.surfaces import Menu

blueprint = Blueprint("operator", __name__, url_prefix="/operator")
menu = Menu(Surface.OPERATOR, ("", "Marketplace", "Money", "Settings"))
menu.reach(
    h="operator.home",
    o="operator.orders",
    m="operator.merchants",
    l="operator.listings",
    a="operator.aftersales",
    p="operator.plugins",
    y="operator.payouts",
    d="operator.decisions",
    c="operator.compliance",
)
frame.mount(blueprint, menu, Realm.OPERATOR)
