"""Whose an event of the provider is: by what we wrote into its object, else by whose account or payment it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

from core.kernel.db import session


def written_into(event: Mapping[str, Any]) -> UUID | None:
    """Return the tenant that we wrote into the event's object; None if it carries none."""
    metadata = event.get("data", {}).get("object", {}).get("metadata") or {}
    try:
        return UUID(metadata.get("galleria_tenant", ""))
    except ValueError:
        return None


def names_ours(event: Mapping[str, Any]) -> bool:
    """Tell whether the event names an account or a payment by which its tenant may be found."""
    return bool(_account(event) or _payment(event))


_BY_ACCOUNT = text("""select t.id from tenants t where exists (select 1 from provider_accounts a
     where a.tenant_id = t.id and a.provider = 'stripe' and a.ref = :ref) limit 1""")
_BY_PAYMENT = text("""select t.id from tenants t where exists (select 1 from payments p
     where p.tenant_id = t.id and p.provider = 'stripe' and p.provider_ref = :ref) limit 1""")


def looked_up(event: Mapping[str, Any]) -> UUID | None:
    """Return the tenant whose account or payment the event names. Platform transaction: it looks at every tenant."""
    query, ref = (_BY_ACCOUNT, _account(event)) if _account(event) else (_BY_PAYMENT, _payment(event))
    found: UUID | None = session().execute(query, {"ref": ref}).scalar()
    return found


def _account(event: Mapping[str, Any]) -> str:
    related = event.get("related_object") or {}
    if related.get("type") == "v2.core.account":
        return str(related.get("id", ""))
    return str(event.get("account") or "")


def _payment(event: Mapping[str, Any]) -> str:
    """Return the payment that a dispute is about: disputes alone come from the provider without our mark."""
    obj = event.get("data", {}).get("object", {})
    return str(obj.get("payment_intent") or "") if obj.get("object") == "dispute" else ""
