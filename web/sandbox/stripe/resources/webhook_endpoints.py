"""Webhook endpoints: where events go."""

from urllib.parse import urlsplit

from web.sandbox.stripe.errors import invalid
from web.sandbox.stripe.params import (
    EXPAND,
    PAGING,
    Reader,
    array,
    boolean,
    merged_metadata,
    metadata,
    text,
)
from web.sandbox.stripe.session import PLATFORM, Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document, public

CONFIGURED_ID = "we_configured0000000000"
_EVERYTHING = ("platform", "connect", "thin")
_FIELDS: dict[str, Reader] = {
    **EXPAND,
    "api_version": text,
    "connect": boolean,
    "description": text,
    "enabled_events": array(text),
    "metadata": metadata,
    "url": text,
}


def create(call: Call) -> Document:
    """Create an endpoint; its secret is shown this once."""
    _check_url(call.params["url"])
    scope = "connect" if call.params.get("connect") else "platform"
    secret = new_id("whsec", 32)
    return {**_insert(call.session, new_id("we"), call.params, secret, (scope,)), "secret": secret}


def configure(session: Session, url: str, secret: str) -> None:
    """Keep the endpoint named at start-up, which gets every event of every account and every thin one, and what waits for it."""
    if known := session.store.find(PLATFORM, "webhook_endpoint", CONFIGURED_ID):
        session.update({**known, "url": url, "_secret": secret, "_scopes": list(_EVERYTHING)})
        return
    _insert(session, CONFIGURED_ID, {"url": url, "enabled_events": ["*"]}, secret, _EVERYTHING)


def retrieve(call: Call) -> Document:
    """Read an endpoint."""
    return call.session.get("webhook_endpoint", call.id, "id")


def list_all(call: Call) -> Document:
    """List endpoints, newest first."""
    return as_list("/v1/webhook_endpoints", *call.session.page("webhook_endpoint", call.params))


def delete(call: Call) -> Document:
    """Remove an endpoint with what it has not yet been told."""
    call.session.get("webhook_endpoint", call.id, "id")
    call.session.store.delete(call.id)
    return {"id": call.id, "object": "webhook_endpoint", "deleted": True}


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise invalid(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            code="url_invalid",
            param="url",
        )


def _insert(session: Session, id_: str, params: Document, secret: str, scopes: tuple[str, ...]) -> Document:
    endpoint: Document = {
        "id": id_,
        "object": "webhook_endpoint",
        "api_version": params.get("api_version"),
        "application": None,
        "created": session.now(),
        "description": params.get("description"),
        "enabled_events": params["enabled_events"],
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "status": "enabled",
        "url": params["url"],
        "_secret": secret,
        "_scopes": list(scopes),
    }
    session.store.insert(PLATFORM, endpoint)
    return public(endpoint)


ROUTES = (
    Route("POST", "/v1/webhook_endpoints", _FIELDS, create, required=("enabled_events", "url")),
    Route("GET", "/v1/webhook_endpoints", PAGING, list_all),
    Route("GET", "/v1/webhook_endpoints/{webhook_endpoint}", EXPAND, retrieve),
    Route("DELETE", "/v1/webhook_endpoints/{webhook_endpoint}", {}, delete),
)
