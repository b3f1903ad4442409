"""Which handler answers a method and a path."""

from web.sandbox.stripe.errors import StripeError
from web.sandbox.stripe.resources import (
    accounts,
    balance,
    charges,
    customers,
    disputes,
    event_log,
    files,
    invoices,
    payment_intents,
    payment_methods,
    payouts,
    refunds,
    setup_intents,
    transfers,
    webhook_endpoints,
)
from web.sandbox.stripe.session import Route

_RESOURCES = (
    accounts,
    balance,
    charges,
    customers,
    disputes,
    event_log,
    files,
    invoices,
    payment_intents,
    payment_methods,
    payouts,
    refunds,
    setup_intents,
    transfers,
    webhook_endpoints,
)
ROUTES: tuple[Route, ...] = tuple(route for resource in _RESOURCES for route in resource.ROUTES)
_BY_SHAPE: dict[tuple[str, int], list[tuple[tuple[str, ...], Route]]] = {}
for _route in ROUTES:
    _parts = tuple(_route.path.strip("/").split("/"))
    _BY_SHAPE.setdefault((_route.method, len(_parts)), []).append((_parts, _route))


def match(method: str, path: str) -> tuple[Route, str]:
    """Find a route and the id in the path ("" if it has none). Raise StripeError (404) if there is none."""
    parts = path.strip("/").split("/")
    for wanted, route in _BY_SHAPE.get((method, len(parts)), []):
        pairs = list(zip(wanted, parts, strict=True))
        if all(want == part or want.startswith("{") for want, part in pairs):
            return route, next((part for want, part in pairs if want.startswith("{")), "")
    message = (
        f"Unrecognized request URL ({method}: {path}). The local stand-in serves payments, invoices and payouts only; if "
        f"Stripe has this "
        "endpoint, it is not here."
    )
    raise StripeError(404, "invalid_request_error", message)
