"""One small, good-looking marketplace for journeys: three shops, nine goods with pictures, rates and a coupon."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.cases.client import Client
from tests.cases.running import ADMIN
from web.demo import art
from web.demo.content import Listing, Shop
from web.demo.harbour.market import HARBOUR
from web.demo.paint import to_webp

PASSWORD = "a-password-for-journeys"
OPERATOR = "operator@journeys.example"
_SHOPS = ("own", "slip", "folio")
_A_SHOP = 3
_TAX_BPS = 2300
_TWO_PICTURES = {"stoneware-mug-rust", "table-lamp-ochre"}


@dataclass(slots=True)
class Market:
    """The seeded marketplace: where it is and what is in it, by the demo content's names."""

    port: int
    stripe_url: str
    slug: str
    tenant_id: str
    operator: Client
    platform: Client
    shops: dict[str, str] = field(default_factory=dict)
    merchants: dict[str, str] = field(default_factory=dict)
    sellers: dict[str, Client] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    listings: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the storefront's address."""
        return f"http://{self.slug}.localhost:{self.port}"

    def seller_email(self, shop: str) -> str:
        """Return who signs in for a shop."""
        return f"{shop}@journeys.example"

    def goods(self, shop: str) -> list[dict[str, Any]]:
        """Return a shop's listings as the API writes them."""
        return [listing for listing in self.listings.values() if listing["shop_id"] == self.shops[shop]]


def open_market(port: int, stripe_url: str, slug: str = "harbour") -> Market:
    """Onboard the marketplace and fill it through the public API."""
    platform = Client(port, "localhost").signed_in("platform", *ADMIN)
    made = platform.post(
        "/tenants/",
        {"slug": slug, "name": HARBOUR.name, "country": "IE", "currency": "EUR", "timezone": "Europe/Dublin",
         "languages": ["en", "zh"], "preset": "retail"},
    )  # fmt: skip
    wait_until_active(platform, made["id"])
    person = {"email": OPERATOR, "name": "Nora Quinn", "password": PASSWORD}
    platform.post(f"/tenants/{made['id']}/operators", person)
    operator = Client(port, f"{slug}.localhost").signed_in("operator", OPERATOR, PASSWORD)
    market = Market(port, stripe_url, slug, made["id"], operator, platform)
    operator.post("/plugins/membership/enable")
    operator.post("/plugins/b2b/enable")
    _dress(operator)
    _set_money(market)
    for shop in HARBOUR.shops:
        if shop.slug in _SHOPS:
            _open_shop(market, shop)
    for name in _SHOPS:
        for listing in [one for one in HARBOUR.listings if one.shop == name][::3][:_A_SHOP]:
            _offer(market, listing)
    return market


def wait_until_active(platform: Client, tenant_id: str) -> None:
    """Wait for the worker to finish a marketplace's onboarding."""
    for _try in range(600):
        if platform.get(f"/tenants/{tenant_id}")["state"] == "active":
            return
        time.sleep(0.02)
    raise TimeoutError("the tenant was not onboarded within 12 seconds")


def _dress(operator: Client) -> None:
    texts = {policy.code: policy.body for policy in HARBOUR.policies}
    operator.call("PATCH", "/settings/", {
        "review_listings": False, "brand_hex": HARBOUR.brand_hex, "tagline_en": HARBOUR.tagline,
        "hero_title_en": HARBOUR.tagline, "hero_title_zh": "小作坊里的好东西",
        "hero_text_en": "Bowls, lamps, blankets and notebooks, made by people with names and sent from where they were made.",
        "hero_text_zh": "碗、灯、毯子和本子，由有名有姓的人制作，从制作的地方寄出。",
        **{f"policy_{name}_en": text for name, text in texts.items()},
    })  # fmt: skip


def _set_money(market: Market) -> None:
    for category in HARBOUR.categories:
        names = {"en": category.name_en, "zh": category.name_zh}
        made = market.operator.post("/categories/", {"slug": category.slug, "names": names})
        market.categories[category.slug] = made["id"]
    rates = []
    for rate in HARBOUR.rates:
        amounts = {"floor": rate.floor_minor, "cap": rate.cap_minor, "per_unit": rate.per_unit_minor or None}
        conditions = {"category": [market.categories[slug] for slug in rate.categories]} if rate.categories else {}
        rates.append({"name": rate.name, "when": conditions, "percent_bps": rate.percent_bps,
                      **{name: {"EUR": minor} for name, minor in amounts.items() if minor is not None}})  # fmt: skip
    market.operator.put("/commission/rates", {"rates": rates})
    coupon = {"code": "WELCOME", "amount_minor": 500, "minimum_minor": 3000, "platform_bps": 10_000}
    market.operator.post("/coupons/", coupon)


def _open_shop(market: Market, shop: Shop) -> None:
    owner = {"email": market.seller_email(shop.slug), "name": f"{shop.name} owner", "password": PASSWORD}
    if shop.own:
        made = market.operator.put(
            "/newcomers/house", {"owner": owner, "delivery_label": "Courier", "delivery_minor": 1490}
        )
    else:
        body = {"name": f"{shop.name} Ltd", "email": owner["email"], "shop_name": shop.name, "shop_slug": shop.slug,
                "delivery_label": "An Post tracked", "delivery_minor": 550, "owner": owner}  # fmt: skip
        made = market.operator.post("/newcomers", body)
    market.shops[shop.slug], market.merchants[shop.slug] = made["shop_id"], made["merchant_id"]
    seller = Client(market.port, f"{market.slug}.localhost").signed_in("merchant", owner["email"], PASSWORD)
    market.sellers[shop.slug] = seller
    logo = upload(seller, to_webp(art.logo(shop.monogram, shop.hue), 320), f"{shop.slug}.webp")
    seller.call("PATCH", f"/shops/{made['shop_id']}", {"story": shop.story, "city": shop.city, "logo_id": logo})
    pickup = {"label": "Collect from the workshop", "code": "pickup", "price": _eur(0), "min_days": 0, "max_days": 1}
    seller.post(f"/shops/{made['shop_id']}/delivery-options", pickup)


def _eur(minor: int) -> dict[str, object]:
    return {"amount_minor": minor, "currency": "EUR"}


def upload(seller: Client, picture: bytes, name: str) -> str:
    """Send a picture; return its key."""
    answer = requests.post(
        f"http://127.0.0.1:{seller.port}/api/v1/media/", files={"file": (name, picture, "image/webp")}, timeout=30,
        headers={"Host": f"{seller.host}:{seller.port}", "Authorization": f"Bearer {seller.token}"},
    )  # fmt: skip
    answer.raise_for_status()
    return str(answer.json()["id"])


def _offer(market: Market, listing: Listing) -> None:
    seller = market.sellers[listing.shop]
    pictures = [
        {"media_id": upload(seller, art.raster(p.kind, p.colour, p.background, 640, p.view), f"{listing.slug}.webp"),
         "alt": p.alt}
        for p in listing.pictures[: 2 if listing.slug in _TWO_PICTURES else 1]
    ]  # fmt: skip
    variants = [
        {"options": list(v.values), "sku": v.sku, "price": _eur(v.price_minor), "weight_g": v.weight_g,
         "was": _eur(v.was_minor) if v.was_minor else None}
        for v in listing.variants
    ]  # fmt: skip
    made = seller.post("/listings/", {
        "title": listing.title, "shop_id": market.shops[listing.shop], "description": listing.description,
        "category_id": market.categories[listing.category], "tax_bps": _TAX_BPS, "tags": list(listing.tags),
        "option_names": [option.name for option in listing.options], "variants": variants, "pictures": pictures,
    })  # fmt: skip
    for row in made["variants"]:
        seller.post(f"/stock/{row['id']}", {"receive": 40})
    market.listings[listing.slug] = seller.post(f"/listings/{made['id']}/submit")


@dataclass(frozen=True, slots=True)
class Bought:
    """A paid purchase of a guest: the API's view of it, and the guest's token."""

    id: str
    token: str
    orders: list[dict[str, Any]]


def buy(market: Market, *shops: str, token: str | None = None) -> Bought:
    """Buy the first good of each shop as a guest, perhaps one who was here before, and pay."""
    guest = Client(market.port, f"{market.slug}.localhost", cart=token)
    for shop in shops:
        variant = market.goods(shop)[0]["variants"][0]["id"]
        guest.cart = guest.post("/cart/lines", {"variant_id": variant, "quantity": 1})["token"] or guest.cart
    address = {"name": "Ada Byrne", "line1": "1 Quay Street", "city": "Dublin", "postcode": "D01 F5P2", "country": "IE"}
    made = guest.post("/purchases", {"email": "ada@buyers.example", "address": address}, key=secrets.token_hex(8))
    body = {"payment_intent": made["payment"]["reference"], "outcome": "succeed"}
    requests.post(f"{market.stripe_url}/_control/pay", json=body, timeout=30).raise_for_status()
    for _try in range(1000):
        found = guest.get(f"/purchases/{made['id']}")
        if found["state"] == "paid":
            return Bought(found["id"], str(guest.cart), found["orders"])
        time.sleep(0.02)
    raise TimeoutError("the payment's event did not arrive within 20 seconds")


def arrive(market: Market, bought: Bought) -> None:
    """Send every order of a purchase and let it arrive; its shops can be sent goods back to."""
    for order in bought.orders:
        name = next(name for name, key in market.shops.items() if key == order["shop_id"])
        seller, path = market.sellers[name], f"/orders/{order['id']}"
        address = {"line1": "Unit 4, Harbour Yard", "city": "Dublin", "postcode": "D04 X2K3", "country": "IE"}
        seller.put(f"/shops/{order['shop_id']}/return-address", address)
        seller.post(f"{path}/accept")
        parcel = seller.post(f"{path}/parcels", {"carrier": "An Post", "tracking": "RR100200300IE"})
        seller.post(f"{path}/parcels/{parcel['id']}/deliver")


def complain(market: Market, bought: Bought, shop: str, kind: str = "return", **given: object) -> str:
    """Ask, as the guest, for something about a shop's order; return the case."""
    order = next(order for order in bought.orders if order["shop_id"] == market.shops[shop])
    guest = Client(market.port, f"{market.slug}.localhost", cart=bought.token)
    body = {
        "order_id": order["id"], "kind": kind, "reason": "damaged", "text": "There is a crack along the rim.",
        "lines": [{"line_id": order["lines"][0]["id"], "quantity": 1}], **given,
    }  # fmt: skip
    return str(guest.post("/aftersales", body)["id"])
