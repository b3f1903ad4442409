"""Disputes at Stripe: files and evidence handed in once, as one bundle, or the loss accepted."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import stripe

from core.payments.stripe import client, insist, refusal

T = TypeVar("T")
FILE_FIELDS = ("shipping_documentation", "receipt", "service_documentation", "customer_communication",
               "uncategorized_file")  # fmt: skip
"""Where papers go; the provider takes one in each place."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to hand in, under a key of its own."""

    key: str
    name: str
    data: bytes


def submit(ref: str, texts: Mapping[str, str], papers: Sequence[Paper], *, key: str) -> None:
    """Hand in evidence, for good: it is not taken back or added to. Raise Conflict or Unavailable."""
    evidence: dict[str, str] = {name: text[:20_000] for name, text in texts.items() if text}
    for field, paper in zip(FILE_FIELDS, papers, strict=False):
        evidence[field] = _upload(paper)
    params: dict[str, object] = {"evidence": evidence, "submit": True}
    _asked(lambda: client().v1.disputes.update(ref, params, {"idempotency_key": key}))  # type: ignore[arg-type]


def accept(ref: str, *, key: str) -> None:
    """Give a dispute up. Raise Conflict or Unavailable."""
    _asked(lambda: client().v1.disputes.close(ref, options={"idempotency_key": key}))


def _upload(paper: Paper) -> str:
    def send() -> stripe.File:
        content = io.BytesIO(paper.data)
        content.name = paper.name
        params: dict[str, object] = {"purpose": "dispute_evidence", "file": content}
        return client().v1.files.create(params, {"idempotency_key": paper.key})  # type: ignore[arg-type]

    return _asked(send).id


def _asked(ask: Callable[[], T]) -> T:
    try:
        return insist(ask)
    except stripe.StripeError as error:
        raise refusal(error) from error
