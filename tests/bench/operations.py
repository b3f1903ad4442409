"""The operations that are measured. Each entry prepares a ground and returns what is done for the n-th time.

To add one: a function of the ground that returns a function of a number, and a line in OPERATIONS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import text

from tests.bench.ground import Ground
from tests.bench.measure import Operation
from tests.bench.seed import ADJECTIVES, NOUNS


def _get(place: Ground, address: Callable[[int], str]) -> Operation:
    """Return an operation that gets a page as a guest does, and insists on 200."""
    client = place.app.test_client()

    def get(number: int) -> None:
        answer = client.get(address(number), base_url=place.base_url)
        if answer.status_code != 200:
            raise RuntimeError(f"{address(number)} answered {answer.status_code}")

    return get


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


def api_list(place: Ground) -> Operation:
    """A page of 24 listings through the API."""
    return _get(place, lambda n: "/api/v1/catalogue/listings?limit=24")


OPERATIONS: Mapping[str, Callable[[Ground], Operation]] = {
    "list of 24": list_of_24,
    "detail": detail,
    "search": search,
    "search, one broad word": search_broad,
    "API, list of 24": api_list,
}
