"""The operations that are measured. Each entry prepares a ground and returns what is done for the n-th time.

To add one: a function of the ground that returns a function of a number, and a line in OPERATIONS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask
from sqlalchemy import text

from core.kernel.db import fetched
from core.kernel.tenancy import bind
from core.kernel.tx import read_only
from tests.bench import stripe_at_once
from tests.bench.caller import Caller
from tests.bench.ground import Ground
from tests.bench.measure import Operation
from tests.bench.seed import ADJECTIVES, NOUNS
from web import kept


def _get(place: Ground, address: Callable[[int], str]) -> Operation:
    """Return an operation that gets a page as a guest does."""
    guest = _caller(place)
    place.app.config[kept.SECONDS] = 0.0  # every page is made anew unless an operation says otherwise
    return lambda number: _ignore(guest.get(address(number)))


def _ignore(_answer: str) -> None:
    """Drop an answer; the caller has checked its status."""


def _caller(place: Ground) -> Caller:
    return Caller(place.app.wsgi_app, place.host)


def hello(place: Ground) -> Operation:
    """A bare Flask application that answers with a word: the ground that nothing built on Flask can go below."""
    bare = Flask("hello")
    bare.add_url_rule("/", "hello", lambda: "hello")
    caller = Caller(bare.wsgi_app, place.host)
    return lambda number: _ignore(caller.get("/"))


def hello_with_query(place: Ground) -> Operation:
    """The same with one statement, in a read-only transaction that binds its tenant."""
    bare = Flask("hello")

    def answer() -> str:
        with place.app.app_context(), bind(place.tenant), read_only():
            return str(fetched("select 1", {})[0][0])

    bare.add_url_rule("/", "hello", answer)
    caller = Caller(bare.wsgi_app, place.host)
    return lambda number: _ignore(caller.get("/"))


def _category_paths(place: Ground) -> list[str]:
    query = text("select path from categories where tenant_id = :tenant order by path")
    with place.admin.connect() as connection:
        return list(connection.scalars(query, {"tenant": place.tenant.id}))


def list_of_24(place: Ground) -> Operation:
    """A category page of 24 cards, another category each time, each second one in another order."""
    paths = _category_paths(place)
    orders = ("newest", "popular", "price_up", "price_down")
    return _get(place, lambda n: f"/categories/{paths[n % len(paths)]}?sort={orders[n // len(paths) % 4]}")


def detail(place: Ground) -> Operation:
    """A product page, another product each time."""
    return _get(place, lambda n: f"/products/listing-{1 + n * 2 % 990}")


def search(place: Ground) -> Operation:
    """Results for two words, other ones each time."""
    return _get(place, lambda n: f"/search?q={ADJECTIVES[n % len(ADJECTIVES)]}+{NOUNS[n * 7 % len(NOUNS)]}")


def search_broad(place: Ground) -> Operation:
    """Results for one word that many listings have."""
    return _get(place, lambda n: f"/search?q={NOUNS[n % len(NOUNS)]}")


def detail_again(place: Ground) -> Operation:
    """A product page that somebody has seen before: the rows are read, and what they make is in memory."""
    return _get(place, lambda n: f"/products/listing-{1 + n % 60 * 2}")


def search_again(place: Ground) -> Operation:
    """Results for two words that somebody has searched for before."""
    return _get(place, lambda n: f"/search?q={ADJECTIVES[n % 40]}+{NOUNS[n % 40]}")


def kept_list(place: Ground) -> Operation:
    """Eight category pages that are visited more than once a second, and so are made once a second."""
    paths = _category_paths(place)
    return _kept(place, lambda n: f"/categories/{paths[n % 8]}")


def kept_detail(place: Ground) -> Operation:
    """Eight product pages that are visited more than once a second."""
    return _kept(place, lambda n: f"/products/listing-{1 + n % 8 * 2}")


def kept_search(place: Ground) -> Operation:
    """Eight searches that are made more than once a second."""
    return _kept(place, lambda n: f"/search?q={ADJECTIVES[n % 8]}+{NOUNS[n % 8]}")


def _kept(place: Ground, address: Callable[[int], str]) -> Operation:
    get = _get(place, address)
    place.app.config[kept.SECONDS] = 1.0
    return get


def api_list(place: Ground) -> Operation:
    """A page of 24 listings through the API."""
    return _get(place, lambda n: "/api/v1/catalogue/listings?limit=24")


def _offers(place: Ground) -> list[list[str]]:
    """Return variants that can be bought, in groups of three from three shops."""
    query = text("""
        select v.id, row_number() over (partition by l.shop_id order by l.id) as turn from variants v
          join listings l on l.tenant_id = v.tenant_id and l.id = v.listing_id
         where v.tenant_id = :tenant and v.position = (select min(w.position) from variants w
                where w.tenant_id = v.tenant_id and w.listing_id = v.listing_id)
           and (select coalesce(sum(k.available), 0) from stock k
                 where k.tenant_id = v.tenant_id and k.variant_id = v.id) > 2
         order by turn, l.shop_id limit 3000""")
    with place.admin.connect() as connection:
        keys = [str(key) for key in connection.scalars(query, {"tenant": place.tenant.id})]
    return [keys[at : at + 3] for at in range(0, len(keys) - 2, 3)]


def add_to_cart(place: Ground) -> Operation:
    """A new guest puts one thing into the cart from its page: one request that makes the cart and its line."""
    offers = _offers(place)

    def add(number: int) -> None:
        _caller(place).post("/cart/lines", {"variant_id": offers[number % len(offers)][0], "quantity": "1"})

    return add


def api_add_to_cart(place: Ground) -> Operation:
    """The same through the API, which answers with the whole cart, priced."""
    offers = _offers(place)

    def add(number: int) -> None:
        body = f'{{"variant_id": "{offers[number % len(offers)][0]}", "quantity": 1}}'
        _caller(place).send("/api/v1/cart/lines", body.encode(), {}, expect=201)

    return add


_BUYER = {"email": "guest@example.com", "name": "Ada Byrne", "line1": "1 Quay Street", "line2": "", "postcode": "T12",
          "city": "Cork", "region": "", "country": "IE", "phone": ""}  # fmt: skip


def whole_checkout(place: Ground) -> Operation:
    """A guest buys from three shops: three times into the cart, cart, checkout, place, pay, and the page after.

    Nine requests: three to add, six from there on. Stripe answers at once inside this process, so that its own time
    is not counted while the adapter's work is.
    """
    offers = _offers(place)
    stripe_at_once.install()

    def buy(number: int) -> None:
        guest = _caller(place)
        for variant_id in offers[number % len(offers)]:
            guest.post("/cart/lines", {"variant_id": variant_id, "quantity": "1"})
        guest.get("/cart")
        page = guest.get("/checkout")
        form = {**_BUYER, **{name: _hidden(page, name) for name in ("key", "expected", "csrf_token")}}
        pay = guest.post("/checkout", form)
        guest.get(pay)
        guest.get(pay.replace("/pay", "/done"))

    return buy


def _hidden(page: str, name: str) -> str:
    mark = f'name="{name}" value="'
    start = page.index(mark) + len(mark)
    return page[start : page.index('"', start)]


OPERATIONS: Mapping[str, Callable[[Ground], Operation]] = {
    "bare Flask, hello": hello,
    "bare Flask, one query": hello_with_query,
    "list of 24": list_of_24,
    "detail": detail,
    "detail, seen before": detail_again,
    "search": search,
    "search, made before": search_again,
    "search, one broad word": search_broad,
    "list of 24, hot page": kept_list,
    "detail, hot page": kept_detail,
    "search, hot page": kept_search,
    "API, list of 24": api_list,
    "add to cart": add_to_cart,
    "API, add to cart": api_add_to_cart,
    "checkout, three shops": whole_checkout,
}
SLOW = {"checkout, three shops": 30, "add to cart": 120, "API, add to cart": 100}
"""How many times the dearer ones are done in a round."""
