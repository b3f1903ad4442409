"""Webhooks of payment providers: verified, stored, answered; then worked on, at once if that goes well."""

from __future__ import annotations

from flask import Blueprint, Response, request

from core.kernel import audit, runner
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.payments import events, stripe
from tenants import values

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")


@blueprint.post("/stripe")
def stripe_event() -> Response:
    """Take one event of Stripe: 2xx once it is stored, so it is never lost; a bad signature is refused."""
    event = stripe.verified(request.get_data(), request.headers.get("Stripe-Signature", ""))
    tenant_id = events.tenant_of(event)
    tenant: Tenant | None = values.find(tenant_id) if tenant_id else None
    ground = tenant or values.PLATFORM
    with bind(ground), audit.acting(audit.By("system", name="stripe")):
        with transaction():
            row = events.store(event) if tenant else events.park(event)
        if row is not None and tenant is not None:
            runner.run_row(tenant, row, events.HANDLER)
    return Response("", 204)
