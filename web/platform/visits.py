"""Looking at a marketplace's console as its owner would see it: a reason, a link that works once, both logs."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from flask import request

from core.http.answers import Answer, page
from core.http.edge import Tx, edge, principal
from core.identity import visits
from core.identity.principals import Realm
from core.kernel import audit
from core.kernel.errors import Conflict, Invalid
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from tenants import values
from web.config import installation
from web.platform.domains import tenant_of
from web.platform.surface import blueprint
from web.platform.tenants import shown_with


@blueprint.post("/tenants/<uuid:tenant_id>/visit")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def visit_tenant(tenant_id: UUID) -> Answer:
    """Open a visit and show the way in; the browser goes to another host, so that it is a link and no redirect."""
    reason = request.form.get("reason", "")
    try:
        tenant, address = opened(tenant_id, reason)
    except (Invalid, Conflict) as error:
        return shown_with(tenant_id, error)
    return page("platform/visit.html", tenant_id=tenant_id, name=tenant.name, address=address, reason=reason)


def opened(tenant_id: UUID, reason: str) -> tuple[Tenant, str]:
    """Open a visit for who asks; return the marketplace and the way in. Opens its own transactions. Raise as grant."""
    who, tenant = principal(), tenant_of(tenant_id)
    with bind(tenant), transaction():
        secret = visits.grant(who.name or who.email, reason)
    with bind(values.PLATFORM), transaction():
        audit.record("tenant.visited", "tenant", tenant_id, reason=reason.strip())
    return tenant, f"{installation().tenant_url(tenant.slug)}/operator/visit?{urlencode({'token': secret})}"
