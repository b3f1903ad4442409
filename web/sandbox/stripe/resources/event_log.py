"""Events: what happened, as webhooks tell it."""

from web.sandbox.stripe.params import EXPAND, list_fields, text
from web.sandbox.stripe.session import Call, Route, as_list
from web.sandbox.stripe.wire import Document


def retrieve(call: Call) -> Document:
    """Read an event, with the number of endpoints that have not acknowledged it."""
    event = call.session.get("event", call.id)
    return {**event, "pending_webhooks": call.session.store.pending(call.id)}


def list_all(call: Call) -> Document:
    """List events, newest first."""
    matches = {"type": call.params["type"]} if "type" in call.params else {}
    return as_list("/v1/events", *call.session.page("event", call.params, matches))


def retrieve_thin(call: Call) -> Document:
    """Read a thin event."""
    return {**call.session.get("v2.core.event", call.id), "changes": None}


ROUTES = (
    Route("GET", "/v2/core/events/{id}", {}, retrieve_thin),
    Route("GET", "/v1/events", list_fields(type=text), list_all),
    Route("GET", "/v1/events/{id}", EXPAND, retrieve),
)
