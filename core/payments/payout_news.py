"""What the provider says later about money on its way to merchants, and what follows from it.

A bank payment that fails or comes back leaves its money in the merchant's account at the provider. It is brought home
to the platform first; only then settlement is told, so that paying again never pays twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.kernel import jobs
from core.kernel.db import session
from core.kernel.tx import transaction
from core.payments import adapters
from core.payments.adapters import Sent, SentState
from core.payments.models import ProviderEventRow
from core.payments.stripe import payouts


def payout_of(obj: Mapping[str, Any]) -> UUID | None:
    """Return the payout whose id we wrote into the provider's object; None if it is none of ours."""
    try:
        return UUID(str((obj.get("metadata") or {}).get("galleria_payout", "")))
    except ValueError:
        return None


def paid(obj: Mapping[str, Any]) -> None:
    """Tell that the bank has taken a payout; one that is known to have come back is not paid any more."""
    payout_id = payout_of(obj)
    if payout_id is not None and not _has_come(obj["id"], "payout.failed"):
        jobs.soon("payments.payout_paid", {"payout": str(payout_id), "bank": obj["id"]}, subject=f"payout:{payout_id}")


def failed(obj: Mapping[str, Any]) -> None:
    """Bring the money of a payout home that the bank refused, returned, or that was cancelled."""
    payout_id = payout_of(obj)
    if payout_id is None:
        return
    state = SentState.RETURNED if _has_come(obj["id"], "payout.paid") else SentState.FAILED
    told = {"payout": str(payout_id), "bank": obj["id"], "state": state.value,
            "failure": str(obj.get("failure_code") or obj["status"])}  # fmt: skip
    jobs.soon("payments.payout_home", told, subject=f"payout:{payout_id}")


def reversed_there(obj: Mapping[str, Any]) -> None:
    """Tell of a transfer that somebody else than we took back in full; our own reversals are known already."""
    payout_id = payout_of(obj)
    newest: Mapping[str, Any] = next(iter((obj.get("reversals") or {}).get("data") or []), {})
    ours = any(name.startswith("galleria_") for name in newest.get("metadata") or {})
    if payout_id is not None and obj.get("reversed") and not ours:
        adapters.tell(payout_id, Sent(obj["id"], SentState.RETURNED, failure="transfer_reversed"))


def _has_come(object_ref: str, kind: str) -> bool:
    query = select(ProviderEventRow.id).where(ProviderEventRow.object_ref == object_ref, ProviderEventRow.kind == kind)
    return session().scalars(query.limit(1)).first() is not None


@jobs.slow_job("payments.payout_paid", retries=50)
def _paid(payload: jobs.Payload) -> None:
    payout_id = UUID(payload["payout"])
    ref = payouts.transfer_of(payout_id)
    with transaction():
        adapters.tell(payout_id, Sent(ref or "", SentState.PAID, payload["bank"]))


@jobs.slow_job("payments.payout_home", retries=50)
def _home(payload: jobs.Payload) -> None:
    payout_id = UUID(payload["payout"])
    ref = payouts.transfer_of(payout_id)
    if ref is not None:
        payouts.bring_home(ref, payout_id)
    with transaction():
        sent = Sent(ref or "", SentState(payload["state"]), payload["bank"], payload["failure"])
        adapters.tell(payout_id, sent)
