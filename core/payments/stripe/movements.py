"""What moved on the balance at Stripe: its balance transactions, each with what moved the money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from core.payments.movements import Fee, Movement, Page, register
from core.payments.stripe import ADAPTER, client, insist, refusal
from core.payments.stripe.amounts import nearest

_PAGE = 100


class StripeMovements:
    """Lists Stripe's balance transactions, newest first."""

    name = ADAPTER.name

    def page(self, after: str, since: datetime | None) -> Page:
        """Return the hundred movements before one, or the newest; none older than a moment."""
        params: dict[str, object] = {"limit": _PAGE, "expand": ["data.source"]}
        if after:
            params["starting_after"] = after
        if since is not None:
            params["created"] = {"gte": int(since.timestamp())}
        try:
            found = insist(lambda: client().v1.balance_transactions.list(params))  # type: ignore[arg-type]
        except stripe.StripeError as error:
            raise refusal(error) from error
        return Page(tuple(_movement(one.to_dict()) for one in found.data), found.has_more)


def _movement(one: Mapping[str, Any]) -> Movement:
    source, currency = one.get("source"), str(one["currency"])
    thing: Mapping[str, Any] = source if isinstance(source, Mapping) else {}
    marks = {name: str(said) for name, said in (thing.get("metadata") or {}).items() if name.startswith("galleria_")}
    amount = nearest(int(one["amount"]), currency)
    fees = tuple(
        Fee(str(fee["type"]), str(fee.get("description") or ""), nearest(int(fee["amount"]), str(fee["currency"])))
        for fee in one.get("fee_details") or ()
    )
    return Movement(
        str(one["id"]), str(one["type"]), str(one.get("reporting_category") or one["type"]), amount,
        # The balance changes by what is left, so that is what must be exact.
        amount - nearest(int(one["net"]), currency),
        datetime.fromtimestamp(one["created"], UTC), datetime.fromtimestamp(one["available_on"], UTC),
        str(thing.get("id") or source or ""), str(thing.get("payment_intent") or thing.get("transfer") or ""),
        marks, fees,
    )  # fmt: skip


MOVEMENTS = register(StripeMovements())
