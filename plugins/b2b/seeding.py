"""Companies for a demonstration: the same for the same number."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import VariantRow
from core.hooks.data import Seed
from core.kernel.db import session
from core.kernel.money import exponent
from core.kernel.tenancy import current
from plugins.b2b import companies, price_lists, reading
from plugins.b2b.companies import CompanyDraft
from plugins.b2b.models import CompanyRow, MemberRow
from plugins.b2b.price_lists import ListDraft, PackDraft, PriceDraft
from plugins.b2b.rules import Role

_NAMES = {
    "zh": ("海岸设计有限公司", "远山餐饮管理有限公司", "青禾贸易有限公司"),
    "en": ("Quayside Design Ltd", "Northgate Catering Ltd", "Greenfield Trading Ltd"),
}
_PLACES = {"zh": ("总部", "南京路 100 号"), "en": ("Head office", "100 Harbour Road")}
_PRICE_LIST = {"zh": "企业批发价", "en": "Trade prices"}
_BANDS = ((5, 6), (20, 10), (50, 15))
_EACH, _LISTS, _GOODS = 3, 2, 6


def seed(asked: Seed) -> None:
    """Make three companies of up to three people each, one of them waiting, and two price lists; again does nothing."""
    language = "zh" if current().locale.startswith("zh") else "en"
    for place, name in enumerate(_NAMES[language]):
        number = f"DEMO{asked.number}{place + 1}"
        buyers = asked.customer_ids[place * _EACH : (place + 1) * _EACH]
        known = session().scalar(select(CompanyRow.id).where(CompanyRow.reg_no == number))
        if known is None and buyers and all(reading.seat(one) is None for one in buyers):
            _company(number, name, list(buyers), language, is_approved=place + 1 < len(_NAMES[language]))
    for merchant_id in asked.merchant_ids[:_LISTS]:
        _prices(merchant_id, asked.listing_ids, _PRICE_LIST[language])


def _prices(merchant_id: UUID, listing_ids: Sequence[UUID], name: str) -> None:
    """Make a list for every company: two bands for each of a few goods; the first is sold in packs of five."""
    query = (
        select(VariantRow.sku, VariantRow.price_minor)
        .where(VariantRow.merchant_id == merchant_id, VariantRow.listing_id.in_(listing_ids), VariantRow.is_active)
        .order_by(VariantRow.sku)
        .limit(_GOODS)
    )
    goods = session().execute(query).all()
    if not goods or price_lists.lists(merchant_id):
        return
    bands = [PriceDraft(sku, count, minor * (100 - off) // 100) for sku, minor in goods for count, off in _BANDS]
    price_lists.create(merchant_id, ListDraft(name, bands, is_for_all=True))
    price_lists.set_packs(merchant_id, [PackDraft(goods[0].sku, 5, 5)])


def _company(number: str, name: str, buyers: list[UUID], language: str, *, is_approved: bool) -> None:
    draft = CompanyDraft(name, number, current().country, "invoices@example.com", f"VAT{number}")
    company_id = companies.apply(buyers[0], draft)
    companies.add_location(company_id, *_PLACES[language], "CC-100")
    if is_approved and reading.company(company_id).state == "applied":
        companies.decide(company_id, "approve")
    unit = 10 ** exponent(current().currency)
    for buyer, role, limit in zip(buyers[1:], (Role.APPROVER, Role.BUYER), (None, 500 * unit), strict=False):
        session().add(
            MemberRow(
                company_id=company_id, customer_id=buyer, role=role.value, currency=current().currency,
                order_limit_minor=limit,
            )
        )  # fmt: skip
    session().flush()
