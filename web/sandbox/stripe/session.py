"""One account's view of the store inside one transaction, and what a resource's handler is called with."""

import random
import secrets
import string
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from web.sandbox.stripe.errors import no_such
from web.sandbox.stripe.params import Reader
from web.sandbox.stripe.store import Page, Store
from web.sandbox.stripe.wire import API_VERSION, Document, public

PLATFORM = ""
_ALPHABET = string.ascii_letters + string.digits
_SHUFFLE_SECONDS = 0.15


def new_id(prefix: str, length: int = 24) -> str:
    """Make an id as Stripe's look, such as "pi_3..."."""
    number = secrets.randbits(6 * length)
    letters = (_ALPHABET[(number >> (6 * place)) % 62] for place in range(length))
    return f"{prefix}_{''.join(letters)}"


def moment(at: int) -> str:
    """Write a moment in Unix seconds as the v2 API does."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@dataclass(slots=True)
class WebhookMode:
    """How tests have asked for webhooks to arrive."""

    paused: bool = False
    duplicated: bool = False
    shuffled: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """What a handler may do: read and write the objects of one account, and tell its webhook endpoints."""

    store: Store
    account: str
    base_url: str
    webhooks: WebhookMode = field(default_factory=WebhookMode)
    request_id: str | None = None
    idempotency_key: str | None = None

    def now(self) -> int:
        """Give the time in Unix seconds."""
        return self.store.now()

    def insert(self, document: Document) -> Document:
        """Store a new object."""
        self.store.insert(self.account, document)
        return document

    def update(self, document: Document) -> Document:
        """Store an object's new state."""
        self.store.update(document)
        return document

    def find(self, kind: str, id_: str) -> Document | None:
        """Read an object, or None."""
        return self.store.find(self.account, kind, id_)

    def get(self, kind: str, id_: str, param: str = "id") -> Document:
        """Read an object. Raise StripeError naming the parameter if the account does not have it."""
        document = self.find(kind, id_)
        if document is None:
            raise no_such(kind, id_, param=param)
        return document

    def page(
        self, kind: str, params: Document, matches: Mapping[str, str] | None = None
    ) -> tuple[Sequence[Document], bool]:
        """Read a page of a list, newest first, and whether there is more in its direction."""
        limit = params.get("limit", 10)
        page = Page(limit + 1, self._place(kind, params, "starting_after"), self._place(kind, params, "ending_before"))
        rows = self.store.select(self.account, kind, matches or {}, params.get("created", {}), page)
        has_more = len(rows) > limit
        kept = rows[-limit:] if page.before is not None else rows[:limit]
        return kept, has_more

    def _place(self, kind: str, params: Document, name: str) -> int | None:
        if name not in params:
            return None
        place = self.store.place_of(self.account, kind, params[name])
        if place is None:
            raise no_such(kind, params[name], param=name)
        return place

    def emit(self, type_: str, document: Document, previous: Document | None = None) -> None:
        """Record an event about an object as it now is, and queue it for each endpoint that wants it."""
        data: Document = {"object": public(document)}
        if previous is not None:
            data["previous_attributes"] = previous
        event: Document = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 0,
            "request": {"id": self.request_id, "idempotency_key": self.idempotency_key},
            "type": type_,
        }
        if self.account != PLATFORM:
            event["account"] = self.account
        endpoints = self._endpoints_for(type_, "platform" if self.account == PLATFORM else "connect")
        self.insert({**event, "pending_webhooks": len(endpoints)})
        self._queue(event["id"], endpoints)

    def notify(self, type_: str, document: Document) -> None:
        """Record a thin event about an object of the v2 API, and queue it: it names the object and does not show it."""
        url = f"/v2/core/accounts/{document['id']}"
        event: Document = {
            "id": new_id("evt"),
            "object": "v2.core.event",
            "context": None,
            "created": moment(self.now()),
            "livemode": False,
            "reason": None,
            "related_object": {"id": document["id"], "type": document["object"], "url": url},
            "type": type_,
        }
        self.insert(event)
        self._queue(event["id"], self._endpoints_for(type_, "thin"))

    def _queue(self, event_id: str, endpoints: Sequence[str]) -> None:
        for endpoint_id in [*endpoints] * (2 if self.webhooks.duplicated else 1):
            delay = random.uniform(0, _SHUFFLE_SECONDS) if self.webhooks.shuffled else 0.0
            self.store.queue(event_id, endpoint_id, time.time() + delay)

    def _endpoints_for(self, type_: str, scope: str) -> Sequence[str]:
        endpoints = self.store.select(PLATFORM, "webhook_endpoint", {}, {}, Page(100, None, None))
        return [
            endpoint["id"]
            for endpoint in endpoints
            if scope in endpoint["_scopes"] and {"*", type_} & set(endpoint["enabled_events"])
        ]


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was understood: its parameters as values and the id in its path, if any."""

    session: Session
    params: Document
    id: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint: method, path such as "/v1/charges/{charge}", the parameters it takes, and its handler."""

    method: str
    path: str
    fields: Mapping[str, Reader]
    handler: Callable[[Call], Document]
    required: tuple[str, ...] = ()


def as_list(path: str, rows: Sequence[Document], has_more: bool) -> Document:
    """Wrap a page of objects as Stripe does."""
    return {"object": "list", "url": path, "has_more": has_more, "data": list(rows)}
