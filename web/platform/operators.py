"""Naming a marketplace's operators from the platform's console."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, see
from core.http.edge import Tx, edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import Invalid, Missing, _
from core.kernel.tenancy import bind
from core.kernel.tx import transaction
from tenants import owners, values
from web.platform.surface import blueprint


def invite(tenant_id: UUID, address: str, name: str = "") -> None:
    """Invite an operator to a marketplace. Raise Missing or Invalid."""
    values.forget(tenant_id)
    tenant = values.find(tenant_id)
    if tenant is None:
        raise Missing("tenants.missing", _("There is no such marketplace"))
    with bind(tenant), transaction():
        owners.invite(address, name)


@blueprint.post("/tenants/<uuid:tenant_id>/operators")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def invite_operator(tenant_id: UUID) -> Answer:
    """Mail an operator the way in."""
    address = request.form.get("email", "").strip()
    try:
        invite(tenant_id, address, request.form.get("name", "").strip())
    except Invalid as error:
        return see(url_for("platform.tenant", tenant_id=tenant_id), message(error))
    return see(
        url_for("platform.tenant", tenant_id=tenant_id),
        gettext("%(email)s gets a link to set a password", email=address),
    )
