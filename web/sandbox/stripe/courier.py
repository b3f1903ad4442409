"""Takes events to webhook endpoints: signed, at least once, in no promised order, again after a failure."""

import hashlib
import hmac
import http.client
import json
import threading
import time
from urllib.parse import urlsplit

from web.sandbox.stripe.session import PLATFORM, WebhookMode
from web.sandbox.stripe.store import Delivery, Store
from web.sandbox.stripe.wire import Document

_WORKERS = 4
_BATCH = 32
_TIMEOUT_SECONDS = 10
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 300.0
_GIVES_UP_AFTER = 30
_IDLE_SECONDS = 1.0


def signature(payload: bytes, secret: str, at: int) -> str:
    """Give the Stripe-Signature header for a body sent at a moment in Unix seconds."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Courier:
    """A few threads that empty the queue of deliveries."""

    def __init__(self, store: Store, mode: WebhookMode) -> None:
        self._store = store
        self._mode = mode
        self._changed = threading.Condition()
        self._claimed: set[int] = set()
        self._stopped = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(_WORKERS)]

    def start(self) -> None:
        """Begin to deliver what is queued."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads after the deliveries that they are making."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=_TIMEOUT_SECONDS)

    def wake(self) -> None:
        """Say that something may have been queued."""
        with self._changed:
            self._changed.notify()

    def _work(self) -> None:
        while (delivery := self._next()) is not None:
            if self._deliver(delivery):
                self._store.delivered(delivery.id)
            else:
                self._store.put_off(delivery.id, time.time() + _wait(delivery.attempts))
            with self._changed:
                self._claimed.discard(delivery.id)

    def _next(self) -> Delivery | None:
        with self._changed:
            while not self._stopped:
                if delivery := self._claim():
                    # There may be more than one thread's work: pass the word on.
                    self._changed.notify()
                    return delivery
                self._changed.wait(self._pause())
        return None

    def _claim(self) -> Delivery | None:
        if self._mode.paused:
            return None
        for delivery in self._store.due(time.time(), _BATCH + len(self._claimed)):
            if delivery.id not in self._claimed:
                self._claimed.add(delivery.id)
                return delivery
        return None

    def _pause(self) -> float:
        due = self._store.next_due()
        if due is None or self._mode.paused:
            return _IDLE_SECONDS
        return min(_IDLE_SECONDS, max(0.005, due - time.time()))

    def _deliver(self, delivery: Delivery) -> bool:
        """Say whether the delivery is done with: acknowledged, pointless, or given up."""
        endpoint = self._store.find(PLATFORM, "webhook_endpoint", delivery.endpoint_id)
        account = self._store.account_of(delivery.event_id)
        if endpoint is None or account is None:
            return True
        kinds = ("event", "v2.core.event")
        event = next((found for kind in kinds if (found := self._store.find(account, kind, delivery.event_id))), None)
        if event is None or delivery.attempts >= _GIVES_UP_AFTER:
            return True
        return _send(endpoint, event)


def _wait(attempts: int) -> float:
    return min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2.0**attempts)


def _send(endpoint: Document, event: Document) -> bool:
    url = urlsplit(endpoint["url"])
    payload = json.dumps(event, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(payload, endpoint["_secret"], int(time.time())),
        "User-Agent": "Stripe/1.0 (local stand-in)",
    }
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("POST", f"{url.path or '/'}{'?' if url.query else ''}{url.query}", payload, headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return 200 <= answer.status < 300
