"""Companies for a demonstration: the same for the same number."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import ListingRow, VariantRow
from core.hooks.data import Seed
from core.kernel.db import session
from core.kernel.money import Money, exponent
from core.kernel.tenancy import current
from plugins.b2b import companies, price_lists, quotes, reading, requisitions
from plugins.b2b.companies import CompanyDraft
from plugins.b2b.models import CompanyRow, MemberRow
from plugins.b2b.price_lists import ListDraft, PackDraft, PriceDraft
from plugins.b2b.quotes import Offer
from plugins.b2b.rules import Role

_NAMES = {
    "zh": ("海岸设计有限公司", "远山餐饮管理有限公司", "青禾贸易有限公司"),
    "en": ("Quayside Design Ltd", "Northgate Catering Ltd", "Greenfield Trading Ltd"),
}
_PLACES = {"zh": ("总部", "南京路 100 号"), "en": ("Head office", "100 Harbour Road")}
_PRICE_LIST = {"zh": "企业批发价", "en": "Trade prices"}
_BANDS = ((5, 6), (20, 10), (50, 15))
_WORDS = {"zh": "展会用", "en": "For the fair"}
_EACH, _LISTS, _GOODS, _UNITS = 3, 2, 6, 20


def seed(asked: Seed) -> None:
    """Make three companies of up to three people each, one of them waiting, two price lists, an approval and a quote.

    The same again does nothing.
    """
    language = "zh" if current().locale.startswith("zh") else "en"
    for place, name in enumerate(_NAMES[language]):
        number = f"DEMO{asked.number}{place + 1}"
        buyers = asked.customer_ids[place * _EACH : (place + 1) * _EACH]
        known = session().scalar(select(CompanyRow.id).where(CompanyRow.reg_no == number))
        if known is None and buyers and all(reading.seat(one) is None for one in buyers):
            _company(number, name, list(buyers), language, is_approved=place + 1 < len(_NAMES[language]))
    for merchant_id in asked.merchant_ids[:_LISTS]:
        _prices(merchant_id, asked.listing_ids, _PRICE_LIST[language])
    if asked.merchant_ids and len(asked.customer_ids) >= _EACH:
        _deals(asked, _WORDS[language])


def _deals(asked: Seed, words: str) -> None:
    """Let the first company wait for an approval, and have an offer for a quote, of a merchant's first goods."""
    admin, buyer = reading.seat(asked.customer_ids[0]), reading.seat(asked.customer_ids[_EACH - 1])
    query = (
        select(VariantRow, ListingRow)
        .join(ListingRow, (ListingRow.tenant_id == VariantRow.tenant_id) & (ListingRow.id == VariantRow.listing_id))
        .where(VariantRow.merchant_id == asked.merchant_ids[0], ListingRow.id.in_(asked.listing_ids))
        .where(VariantRow.is_active, ListingRow.state == "live")
        .order_by(VariantRow.sku)
    )
    found = session().execute(query.limit(1)).one_or_none()
    if found is None or admin is None or buyer is None or not admin.may_buy or requisitions.seen(admin)[0]:
        return
    variant, listing = found
    gross = Money(variant.price_minor * _UNITS, variant.currency)
    line = {"variant": str(variant.id), "title": listing.title, "sku": variant.sku, "quantity": _UNITS}
    requisitions.keep(buyer, [{**line, "gross_minor": gross.minor}], gross, words)
    quote_id = quotes.ask(admin, listing.shop_id, {variant.id: _UNITS * 10}, words)
    offer = Offer([(variant.sku, _UNITS * 10, variant.price_minor * 80 // 100)], 14)
    quotes.answer(variant.merchant_id, quote_id, offer)


def _prices(merchant_id: UUID, listing_ids: Sequence[UUID], name: str) -> None:
    """Make a list for every company: three bands for each of a few goods; the first is sold in packs of five."""
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
