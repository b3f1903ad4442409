"""The merchant's own sales; the page is that of both consoles."""

from __future__ import annotations

from core.identity.principals import Realm
from web.consoles import analytics
from web.merchant.surface import blueprint, menu

analytics.mount(blueprint, menu, Realm.MERCHANT, "orders.view", "")
