"""A small client of the public API, as a program of a tenant would be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

Json = Any


def _session() -> requests.Session:
    """Return a session that does not look for proxies at each request."""
    made = requests.Session()
    made.trust_env = False
    return made


class Refused(AssertionError):
    """The API refused a request that a case needs."""


@dataclass(slots=True)
class Client:
    """Speaks to one host with one credential. Connections are kept."""

    port: int
    host: str
    token: str | None = None
    cart: str | None = None
    session: requests.Session = field(default_factory=_session)

    def call(self, method: str, path: str, body: Json = None, *, key: str | None = None) -> Json:
        """Send a request below /api/v1 and return its JSON. Raise Refused for any error status."""
        headers = {"Host": f"{self.host}:{self.port}"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.cart:
            headers["Cart-Token"] = self.cart
        if key:
            headers["Idempotency-Key"] = key
        url = f"http://127.0.0.1:{self.port}/api/v1{path}"
        answer = self.session.request(method, url, json=body, headers=headers, timeout=30)
        if answer.status_code >= 400:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:400]}")
        return answer.json() if answer.content else None

    def get(self, path: str) -> Json:
        """Read."""
        return self.call("GET", path)

    def post(self, path: str, body: Json = None, *, key: str | None = None) -> Json:
        """Write."""
        return self.call("POST", path, body if body is not None else {}, key=key)

    def put(self, path: str, body: Json) -> Json:
        """Replace."""
        return self.call("PUT", path, body)

    def signed_in(self, realm: str, email: str, password: str) -> Client:
        """Return a client of the same host that has signed in."""
        found = self.post("/sessions/", {"realm": realm, "email": email, "password": password})
        return Client(self.port, self.host, token=found["token"])
