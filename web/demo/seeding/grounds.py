"""Opens a demo marketplace: the tenant with its settings, then its rates and coupons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from core.catalogue import attributes, categories
from core.catalogue.models import CategoryRow
from core.catalogue.values import AttributeInput, AttributeKind, Option
from core.kernel import clock
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import platform_transaction
from core.merchants.models import ShopRow
from plugins.commission import services as commission
from plugins.coupons import services as coupons
from tenants import provisioning, values
from tenants.models import TenantRow
from web.demo.content import Category, Coupon, Funding, Marketplace, Rate

_PRESETS = {"self_operated_commission": "retail"}
_TAX = {"IE": 2300, "CN": 1300}
_HERO = {
    "harbour": {
        "tagline_en": "Good things from small workshops", "tagline_zh": "小作坊的好东西",
        "hero_title_en": "Made slowly, by people you can write to",
        "hero_title_zh": "慢慢做，能写信给做它的人",
        "hero_text_en": "Ten Irish workshops under one roof: one cart, one payment, a parcel from each.",
        "hero_text_zh": "十家爱尔兰作坊同在一处：一个购物车，一次付款，各自寄出。",
    },
    "shanhai": {
        "tagline_en": "Hands of the hills, days by the sea", "tagline_zh": "山里的手艺，海边的日子",
        "hero_title_en": "Things for everyday, from hills and coast",
        "hero_title_zh": "把山里的手艺，带到海边的日子",
        "hero_text_en": "Our own goods beside those of makers that we know: one cart, one payment.",
        "hero_text_zh": "自营好物与相熟的匠人同在一处：一个购物车，一次付款，各自发货。",
    },
}  # fmt: skip

_LEGAL = {
    "harbour": {
        "legal_name": "Harbour Market Ltd", "legal_address": "12 Custom House Quay\nDublin 1\nD01 KF84\nIreland",
        "tax_number": "IE 3456789 FH", "registration_number": "CRO 612345",
    },
    "shanhai": {
        "legal_name": "山海市集（杭州）网络科技有限公司", "legal_address": "杭州市上城区清河坊历史街区12号\n浙江省杭州市 310002",
        "tax_number": "91330102MA2XXXXX5K", "registration_number": "330102000123456",
    },
}  # fmt: skip


def open_market(market: Marketplace) -> Tenant:
    """Return the marketplace's tenant, opened at the first call and finished at any."""
    with bind(values.PLATFORM), platform_transaction():
        tenant_id = session().scalar(select(TenantRow.id).where(TenantRow.slug == market.slug))
        if tenant_id is None:
            tenant_id = provisioning.create(_onboarding(market))
    provisioning.complete(tenant_id)
    values.forget(tenant_id)
    found = values.find(tenant_id)
    if found is None:
        raise RuntimeError(f"the marketplace {market.slug} was closed")
    return found


def _onboarding(market: Marketplace) -> provisioning.Onboarding:
    language = market.languages[0]
    policies = {f"policy_{policy.code}_{language}": policy.body for policy in market.policies}
    return provisioning.Onboarding(
        slug=market.slug, name=market.name, country=market.country, currency=market.currency,
        timezone=market.timezone, languages=market.languages, preset=_PRESETS.get(market.preset, market.preset),
        settings={
            **policies, **_HERO.get(market.slug, {}), "brand_hex": market.brand_hex,
            "support_email": f"hello@{market.slug}.example", "default_tax_bps": _TAX.get(market.country, 0),
            **_LEGAL.get(market.slug, {}),
        },
    )  # fmt: skip


def add_categories(market: Marketplace) -> None:
    """Make the category tree with its attributes."""
    ids: dict[str, UUID] = {}
    for position, entry in enumerate(market.categories):
        names = {"en": entry.name_en, "zh": entry.name_zh}
        ids[entry.slug] = categories.create(
            names, parent_id=ids.get(entry.parent), slug=entry.slug, position=position
        )  # fmt: skip
        _add_attributes(ids[entry.slug], entry)


def _add_attributes(category_id: UUID, entry: Category) -> None:
    for position, attribute in enumerate(entry.attributes):
        options = tuple(Option(o.code, {"en": o.name_en, "zh": o.name_zh}) for o in attribute.options)
        kind = AttributeKind.CHOICE if len(options) > 1 else AttributeKind.TEXT
        names = {"en": attribute.name_en, "zh": attribute.name_zh}
        attributes.save(
            category_id,
            AttributeInput(attribute.code, names, kind, options=options, is_facet=bool(options), position=position),
        )


def add_rates(market: Marketplace) -> None:
    """Publish the list of commission rates."""
    found = category_ids()
    commission.publish([_rate(rate, found) for rate in market.rates])


def category_ids() -> Mapping[str, UUID]:
    """Return the categories by address."""
    return dict(session().execute(select(CategoryRow.slug, CategoryRow.id)).all())


def _rate(rate: Rate, found: Mapping[str, UUID]) -> commission.RateDraft:
    def amount(minor: int | None) -> dict[str, int]:
        return {current().currency: minor} if minor else {}

    return commission.RateDraft(
        name=rate.name,
        conditions={"category": [found[slug] for slug in rate.categories]} if rate.categories else {},
        percent_bps=rate.percent_bps, per_unit=amount(rate.per_unit_minor), floor=amount(rate.floor_minor),
        cap=amount(rate.cap_minor),
    )  # fmt: skip


def add_coupons(market: Marketplace) -> None:
    """Make the coupons: the operator's own and each shop's."""
    query = select(ShopRow.slug, ShopRow.id, ShopRow.merchant_id)
    found = {slug: (shop_id, merchant_id) for slug, shop_id, merchant_id in session().execute(query)}
    for coupon in market.coupons:
        shop_id, merchant_id = found.get(coupon.shop, (None, None))
        owner = merchant_id if coupon.funded_by is Funding.MERCHANT else None
        coupons.create(_coupon(coupon, shop_id), owner)


def _coupon(coupon: Coupon, shop_id: UUID | None) -> coupons.CouponDraft:
    return coupons.CouponDraft(
        code=coupon.code, currency=current().currency, amount_minor=coupon.amount_minor or None,
        percent_bps=coupon.percent_bps or None, minimum_minor=coupon.minimum_minor or None, shop_id=shop_id,
        platform_bps=coupon.platform_share_bps, starts_at=clock.now() - timedelta(days=120),
    )  # fmt: skip
