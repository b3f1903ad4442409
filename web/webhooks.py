"""Webhooks of payment providers: verified, stored, answered; then worked on, at once if that goes well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from core.kernel import audit, runner
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, transaction
from core.payments import events, origins, stripe
from tenants import values

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")


@blueprint.post("/stripe")
def stripe_event() -> Response:
    """Take one event of Stripe: 2xx once it is stored, so it is never lost; a bad signature is refused."""
    event = stripe.verified(request.get_data(), request.headers.get("Stripe-Signature", ""))
    tenant_id = _tenant_of(event)
    tenant: Tenant | None = values.find(tenant_id) if tenant_id else None
    ground = tenant or values.PLATFORM
    with bind(ground), audit.acting(audit.By("system", name="stripe")):
        with transaction():
            row = events.store(event) if tenant else events.park(event)
        if row is not None and tenant is not None:
            runner.run_row(tenant, row, events.HANDLER)
    return Response("", 204)


def _tenant_of(event: Mapping[str, Any]) -> UUID | None:
    """Return whose event it is; of what carries no mark of ours, by the account or the payment that it names."""
    written = origins.written_into(event)
    if written is not None or not origins.names_ours(event):
        return written
    with bind(None), platform_transaction():
        return origins.looked_up(event)
