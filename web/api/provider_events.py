"""Webhooks of payment providers over the API: listed, and worked on again; for the platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from core.http.answers import Answer
from core.http.edge import Tx
from core.identity.principals import Realm
from core.kernel.tx import platform_transaction
from tenants import provider_events
from web.api.surface import Strict, api_edge, resource
from web.platform import events

blueprint = resource("provider_events", "/provider-events", "What payment providers told, over all marketplaces")


class EventsQuery(Strict):
    """How the list is narrowed and paged; `q` is a marketplace's slug, a kind or a reference."""

    kind = fields.String(load_default="waiting", validate=validate.OneOf(provider_events.KINDS))
    q = fields.String(load_default="", validate=validate.Length(max=120))
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


class EventOut(Schema):
    """One event, without its body."""

    tenant_id = fields.UUID()
    id = fields.UUID()
    slug = fields.String()
    provider = fields.String()
    kind = fields.String()
    reference = fields.String()
    about = fields.String()
    received_at = fields.AwareDateTime()
    handled_at = fields.AwareDateTime(allow_none=True)


class EventsOut(Schema):
    """A page of events; `next` is the cursor of the following one."""

    data = fields.List(fields.Nested(EventOut))
    next = fields.UUID(allow_none=True)


@blueprint.get("/")
@blueprint.arguments(EventsQuery, location="query")
@blueprint.response(200, EventsOut)
@api_edge(Realm.PLATFORM, "jobs.manage", tx=Tx.OWN)
def provider_events_list(query: Mapping[str, Any]) -> Answer:
    """List events, newest first."""
    with platform_transaction():
        rows, following = provider_events.find(
            query["kind"], words=query["q"], after=query["cursor"], limit=query["limit"]
        )
    return {"data": rows, "next": following}


@blueprint.post("/<uuid:tenant_id>/<uuid:event_id>/replay")
@blueprint.response(202)
@api_edge(Realm.PLATFORM, "jobs.manage", tx=Tx.OWN)
def replay_event(tenant_id: UUID, event_id: UUID) -> Answer:
    """Have an event worked on again."""
    events.replay(tenant_id, event_id)
    return {}
