"""What laws ask of a demo marketplace: packs that are on, kinds of food, a food seller that waits for its checks."""

from __future__ import annotations

from sqlalchemy import select

from core.catalogue.models import CategoryRow, ListingRow
from core.compliance import food, licences, profiles, switches
from core.compliance.licences import Terms
from core.compliance.switches import Mode
from core.kernel.db import session
from web.demo.content import Marketplace

_FOOD = "snacks"
_STATED = {
    "reg_no": "91350100M000100Y43", "licence_no": "JY13501000000000", "legal_rep": "张三", "address": "福州市鼓楼区一号",
    "contact": "0591-00000000", "main_food_kinds": "prepackaged", "safety_manager": "李四 0591-00000001",
}  # fmt: skip


def take_up(market: Marketplace) -> None:
    """Switch on the packs of the marketplace's country; whatever they find is only observed or warned about."""
    for pack in sorted(switches.proposed()):
        switches.switch_on(pack, Mode.WARN if pack in ("cn_base", "cn_food") else Mode.OBSERVE)
    if market.country == "CN":
        _register_food_seller()


def _register_food_seller() -> None:
    """Mark the category of snacks as food; one of its sellers has registered and waits for the twelve checks."""
    snacks = session().scalars(select(CategoryRow).where(CategoryRow.slug == _FOOD)).one_or_none()
    if snacks is None:
        return
    profiles.set_profile(snacks.id, food_kind="prepackaged", requires=(), is_banned=False)
    below = select(CategoryRow.id).where(CategoryRow.path.startswith(snacks.path))
    seller = session().scalars(select(ListingRow.merchant_id).where(ListingRow.category_id.in_(below))).first()
    if seller is None:
        return
    licences.hand_in(seller, Terms("food_operation", _STATED["licence_no"], "福州市市场监督管理局"))
    food.state(seller, "licensed", {**_STATED, "name": "张三食品有限公司"})
    food.submit(seller, agrees=True)
