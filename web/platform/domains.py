"""A marketplace's own host names on the platform's console: claim, check against the DNS, give up."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, see
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from core.kernel.errors import Conflict, Invalid, Missing, _
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from tenants import domains, values
from web.config import installation
from web.platform.surface import blueprint
from web.platform.tenants import shown_with


def tenant_of(tenant_id: UUID) -> Tenant:
    """Return a marketplace. Raise Missing for an unknown one and for the platform's own ground."""
    found = values.find(tenant_id) if tenant_id != values.PLATFORM.id else None
    if found is None:
        raise Missing("tenants.missing", _("There is no such marketplace"))
    return found


def _back(tenant_id: UUID, toast: str) -> Answer:
    return see(url_for("platform.tenant", tenant_id=tenant_id, _anchor="domains"), toast)


@blueprint.post("/tenants/<uuid:tenant_id>/domains")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def add_domain(tenant_id: UUID) -> Answer:
    """Claim a host name."""
    try:
        with bind(tenant_of(tenant_id)), transaction():
            domains.add(request.form.get("host", ""), installation().base_host)
    except (Invalid, Conflict) as error:
        return shown_with(tenant_id, error)
    return _back(tenant_id, gettext("The domain is added. Set its DNS record, then check it."))


@blueprint.post("/tenants/<uuid:tenant_id>/domains/<uuid:domain_id>/check")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def check_domain(tenant_id: UUID, domain_id: UUID) -> Answer:
    """Ask the DNS whether the challenge is there."""
    with bind(tenant_of(tenant_id)):
        with read_only():
            domain = domains.find(domain_id)
        try:
            proved = domains.verify(domain, domains.Dns())
        except Conflict as error:
            return shown_with(tenant_id, error)
    if proved:
        return _back(tenant_id, gettext("The domain is proved and serves now"))
    return _back(tenant_id, gettext("The DNS does not show the record yet. It may take an hour; check again then."))


@blueprint.post("/tenants/<uuid:tenant_id>/domains/<uuid:domain_id>/remove")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def remove_domain(tenant_id: UUID, domain_id: UUID) -> Answer:
    """Give a domain up."""
    with bind(tenant_of(tenant_id)), transaction():
        domains.remove(domain_id)
    return _back(tenant_id, gettext("The domain is removed"))
