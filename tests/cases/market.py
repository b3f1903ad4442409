"""Opens a case's marketplace through the API: tenant, people, rates, shops, goods, coupons."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tests.cases.client import Client

PASSWORD = "a-password-for-cases"
_PLENTY = 100_000


@dataclass(slots=True)
class Market:
    """A case's marketplace: who may do what, and what its words stand for."""

    operator: Client
    store_host: str
    port: int
    currency: str
    merchants: dict[str, str] = field(default_factory=dict)
    shops: dict[str, str] = field(default_factory=dict)
    sellers: dict[str, Client] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)

    def buyer(self) -> Client:
        """Return a new guest."""
        return Client(self.port, self.store_host)


def open_market(case: dict[str, Any], platform: Client) -> Market:
    """Onboard the case's tenant and fill it with what the case describes."""
    slug = f"case-{case['id'].lower()}-{secrets.token_hex(3)}"
    made = platform.post(
        "/tenants/",
        {"slug": slug, "name": case["title"][:80], "country": "IE", "currency": case["currency"], "preset": "retail"},
    )
    _wait_until_active(platform, made["id"])
    owner = {"email": "operator@cases.example", "name": "Operator", "password": PASSWORD}
    platform.post(f"/tenants/{made['id']}/operators", owner)
    host = f"{slug}.localhost"
    operator = Client(platform.port, host).signed_in("operator", owner["email"], PASSWORD)
    market = Market(operator, host, platform.port, case["currency"])
    operator.call("PATCH", "/settings/", {"review_listings": False, "prices_include_tax": case["prices_include_tax"]})
    _open_shops(case, market)
    categories = _make_categories(case, market)
    _make_goods(case, market, categories)
    _set_rates(case, market, categories)
    for code, coupon in case.get("coupons", {}).items():
        terms = dict(coupon)
        shop = terms.pop("shop", None)
        body = {
            "code": code,
            "platform_bps": terms.get("platform_bps", 0),
            "shop_id": market.shops[shop] if shop else None,
        }
        body["percent_bps" if "percent_bps" in terms else "amount_minor"] = terms.get(
            "percent_bps", terms.get("amount")
        )
        operator.post("/coupons/", body)
    return market


def _wait_until_active(platform: Client, tenant_id: str) -> None:
    for _try in range(600):
        if platform.get(f"/tenants/{tenant_id}")["state"] == "active":
            return
        time.sleep(0.02)
    raise TimeoutError("the tenant was not onboarded within 12 seconds")


def _open_shops(case: dict[str, Any], market: Market) -> None:
    for name, shop in case["shops"].items():
        owner = {"email": f"{name.lower()}@cases.example", "name": f"Owner {name}", "password": PASSWORD}
        if shop.get("own"):
            made = market.operator.put("/newcomers/house", {"owner": owner})
        else:
            body = {"name": f"Merchant {name}", "email": owner["email"], "shop_name": f"Shop {name}", "owner": owner}
            made = market.operator.post("/newcomers", body)
        market.merchants[name], market.shops[name] = made["merchant_id"], made["shop_id"]
        market.sellers[name] = Client(market.port, market.store_host).signed_in("merchant", owner["email"], PASSWORD)
        if not shop.get("own"):
            account = {"holder": f"Merchant {name}", "number": "IE29 AIBK 9311 5212 3456 78", "country": "IE"}
            market.sellers[name].put("/settlement/bank-account", account)
    for step in case["steps"]:
        for name, price in step.get("delivery", {}).items():
            offer_delivery(market, name, price)


def offer_delivery(market: Market, shop: str, price: int) -> None:
    """Make sure that a shop offers a way of delivery at a price; its code is the price."""
    path = f"/shops/{market.shops[shop]}/delivery-options"
    codes = {option["code"] for option in market.sellers[shop].get(path)["data"]}
    if f"at-{price}" not in codes:
        body = {
            "label": f"At {price}",
            "code": f"at-{price}",
            "price": {"amount_minor": price, "currency": market.currency},
        }
        market.sellers[shop].post(path, body)


def _make_categories(case: dict[str, Any], market: Market) -> dict[str, str]:
    slugs = {product["category"] for product in case["products"].values()}
    slugs |= {slug for rate in case["rates"] for slug in rate.get("when", {}).get("category", [])}
    made = {}
    for slug in sorted(slugs):
        made[slug] = market.operator.post("/categories/", {"slug": slug, "names": {"en": slug.title()}})["id"]
    return made


def _make_goods(case: dict[str, Any], market: Market, categories: dict[str, str]) -> None:
    for sku, product in case["products"].items():
        seller = market.sellers[product["shop"]]
        listing = seller.post(
            "/listings/",
            {
                "title": sku.title(), "shop_id": market.shops[product["shop"]],
                "category_id": categories[product["category"]], "tax_bps": product["tax_bps"],
                "variants": [{"sku": sku, "price": {"amount_minor": product["price"], "currency": case["currency"]}}],
            },
        )  # fmt: skip
        variant = listing["variants"][0]["id"]
        seller.post(f"/stock/{variant}", {"receive": _PLENTY})
        seller.post(f"/listings/{listing['id']}/submit")
        market.variants[sku] = variant


def _set_rates(case: dict[str, Any], market: Market, categories: dict[str, str]) -> None:
    settings = market.operator.get("/commission/settings")
    market.operator.put("/commission/settings", {**settings, "fee_tax_bps": case["fee_tax_bps"]})
    currency = case["currency"]
    rates = []
    for rate in case["rates"]:
        when = rate.get("when", {})
        conditions = {}
        if "category" in when:
            conditions["category"] = [categories[slug] for slug in when["category"]]
        if "shop" in when:
            conditions["shop"] = [market.shops[name] for name in when["shop"]]
        amounts = {name: {currency: rate[name]} for name in ("per_unit", "floor", "cap") if name in rate}
        rates.append({"name": rate["name"], "when": conditions, "percent_bps": rate.get("percent_bps", 0), **amounts,
                      "on_refund": rate.get("on_refund", "proportional")})  # fmt: skip
    market.operator.put("/commission/rates", {"rates": rates})
