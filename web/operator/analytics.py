"""The whole marketplace's sales; the page is that of both consoles."""

from __future__ import annotations

from core.identity.principals import Realm
from web.consoles import analytics
from web.operator.surface import blueprint, menu

analytics.mount(blueprint, menu, Realm.OPERATOR, "orders.view", "Marketplace")
