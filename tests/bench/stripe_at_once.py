"""A Stripe that answers at once inside this process: what the adapter costs is counted, what Stripe costs is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from secrets import token_hex
from typing import Any

import stripe

from core.payments import stripe as adapter

_numbers, _run = count(1), token_hex(4)


class AtOnce(stripe.HTTPClient):
    """An HTTP client without a network: every call is answered with a payment that waits for its buyer."""

    name = "at once"

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[str, int, Mapping[str, str]]:
        """Answer with a payment intent."""
        return self._answer(url)

    def request_with_retries(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None, max_network_retries: Any = None,
        *, _usage: Any = None,
    ) -> tuple[str, int, Mapping[str, str]]:  # fmt: skip
        """Answer with a payment intent."""
        return self._answer(url)

    def close(self) -> None:
        """Nothing is open."""

    @staticmethod
    def _answer(url: str) -> tuple[str, int, Mapping[str, str]]:
        key = url.rsplit("/", 1)[-1] if "/pi_" in url else f"pi_{_run}{next(_numbers)}"
        body = {"id": key, "object": "payment_intent", "client_secret": f"{key}_secret", "status": "requires_action"}
        return json.dumps(body), 200, {"Request-Id": "req_bench"}


def install() -> None:
    """Let the adapter talk to it."""
    adapter._client[:] = [stripe.StripeClient("sk_test_bench", http_client=AtOnce())]
