"""The API's tenants: for the platform's staff and keys, on the platform's host."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from core.http.edge import Tx
from core.identity.principals import Realm
from core.kernel.tx import platform_transaction
from tenants import directory, provisioning, service
from tenants.countries import first_choices
from tenants.directory import Entry
from tenants.presets import PRESETS
from tenants.provisioning import Onboarding
from web.api.surface import Strict, api_edge, resource
from web.config import installation
from web.platform import visits

blueprint = resource("tenants", "/tenants", "The marketplaces of this platform")


class UseOut(Schema):
    """How much there is of a limited thing."""

    name = fields.String()
    count = fields.Integer()
    limit = fields.Integer(allow_none=True)


class TenantOut(Schema):
    """A marketplace."""

    id = fields.UUID()
    slug = fields.String()
    name = fields.String()
    state = fields.String()
    plan = fields.String()
    country = fields.String()
    currency = fields.String()
    url = fields.Function(lambda entry: installation().tenant_url(entry.slug))
    created_at = fields.AwareDateTime()
    uses = fields.List(fields.Nested(UseOut))


class TenantPage(Schema):
    """A page of marketplaces; `next` is the cursor of the following one."""

    data = fields.List(fields.Nested(TenantOut))
    next = fields.UUID(allow_none=True)


class ListQuery(Strict):
    """How a list is narrowed and paged."""

    q = fields.String(load_default="", validate=validate.Length(max=100))
    state = fields.String(load_default="")
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


class TenantIn(Strict):
    """What it takes to open a marketplace; the country fills in what is left out."""

    slug = fields.String(required=True)
    name = fields.String(required=True)
    country = fields.String(required=True)
    currency = fields.String(load_default=None)
    timezone = fields.String(load_default=None)
    languages = fields.List(fields.String(), load_default=None)
    preset = fields.String(load_default="commission", validate=validate.OneOf(sorted(PRESETS)))
    plan = fields.String(load_default=provisioning.DEFAULT_PLAN)
    domains = fields.List(fields.String(), load_default=list, validate=validate.Length(max=20))
    with_categories = fields.Boolean(load_default=False)


class ReasonIn(Strict):
    """Why."""

    reason = fields.String(load_default="", validate=validate.Length(max=500))


class PlanIn(Strict):
    """The new plan."""

    plan = fields.String(required=True)


def _entry(tenant_id: UUID) -> Entry:
    with platform_transaction():
        return directory.details(tenant_id).entry


@blueprint.get("/")
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, TenantPage)
@api_edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def list_tenants(query: dict[str, Any]) -> Any:
    """List marketplaces, newest first."""
    with platform_transaction():
        found = directory.find_page(
            search=query["q"], state=query["state"], after=query["cursor"], limit=query["limit"]
        )
    return {"data": found.entries, "next": found.next}


@blueprint.post("/")
@blueprint.arguments(TenantIn)
@blueprint.response(202, TenantOut)
@api_edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def create_tenant(body: dict[str, Any]) -> Any:
    """Open a marketplace; a worker carries out its steps."""
    first = first_choices(body["country"])
    given = {
        **body,
        "currency": body["currency"] or first.currency,
        "timezone": body["timezone"] or first.timezone,
        "languages": tuple(body["languages"] or first.languages),
        "domains": tuple(body["domains"]),
    }
    with platform_transaction():
        tenant_id = provisioning.create(Onboarding(**given), platform_host=installation().base_host)
        provisioning.soon(tenant_id)
    return _entry(tenant_id)


@blueprint.get("/<uuid:tenant_id>")
@blueprint.response(200, TenantOut)
@api_edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def get_tenant(tenant_id: UUID) -> Any:
    """Show one marketplace."""
    return _entry(tenant_id)


class VisitOut(Schema):
    """The way into a marketplace's console; it works once, within two minutes."""

    address = fields.String()


@blueprint.post("/<uuid:tenant_id>/visits")
@blueprint.arguments(ReasonIn)
@blueprint.response(201, VisitOut)
@api_edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def open_visit(body: dict[str, Any], tenant_id: UUID) -> Any:
    """Open a look at its console, for a reason that its log keeps."""
    return {"address": visits.opened(tenant_id, body["reason"])[1]}


@blueprint.post("/<uuid:tenant_id>/suspend")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, TenantOut)
@api_edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def suspend_tenant(body: dict[str, Any], tenant_id: UUID) -> Any:
    """Close it for the moment."""
    with platform_transaction():
        service.suspend(tenant_id, body["reason"])
    return _entry(tenant_id)


@blueprint.post("/<uuid:tenant_id>/restore")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, TenantOut)
@api_edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def restore_tenant(body: dict[str, Any], tenant_id: UUID) -> Any:
    """Open it again."""
    with platform_transaction():
        service.restore(tenant_id, body["reason"])
    return _entry(tenant_id)


@blueprint.put("/<uuid:tenant_id>/plan")
@blueprint.arguments(PlanIn)
@blueprint.response(200, TenantOut)
@api_edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def change_plan(body: dict[str, Any], tenant_id: UUID) -> Any:
    """Give it another plan."""
    with platform_transaction():
        service.change_plan(tenant_id, body["plan"])
    return _entry(tenant_id)
