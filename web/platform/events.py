"""Webhooks of payment providers, over all marketplaces, and working on one again."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.http.listing import View
from core.identity.principals import Realm
from core.kernel import audit
from core.kernel.errors import _
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction, transaction
from core.payments import events
from tenants import provider_events, values
from web.platform.domains import tenant_of
from web.platform.surface import blueprint, menu

menu.add("Platform", 45, _("Webhooks"), "platform.webhooks", "webhook", "jobs.manage")


@blueprint.get("/webhooks", endpoint="webhooks")
@edge(Realm.PLATFORM, "jobs.manage", tx=Tx.OWN)
def told() -> Answer:
    """List events by whether they were worked on."""
    asked, words = request.args.get("kind", "waiting"), request.args.get("q", "").strip()[:120]
    kind = asked if asked in provider_events.KINDS else "waiting"
    with platform_transaction():
        rows, following = provider_events.find(kind, words=words, after=request.args.get("after", type=UUID))
        counts = provider_events.counts()
    names = {"waiting": gettext("Waiting"), "handled": gettext("Worked on"), "all": gettext("All")}
    views = [View(names[k], url_for("platform.webhooks", kind=k), counts[k], k == kind) for k in provider_events.KINDS]
    older = url_for("platform.webhooks", kind=kind, q=words or None, after=following) if following else ""
    return page("platform/webhooks.html", rows=rows, views=views, kind=kind, words=words, next_href=older)


@blueprint.post("/webhooks/<uuid:tenant_id>/<uuid:event_id>/replay")
@edge(Realm.PLATFORM, "jobs.manage", tx=Tx.OWN)
def replay_webhook(tenant_id: UUID, event_id: UUID) -> Answer:
    """Have an event worked on again; what it says is looked up anew, so that twice changes nothing."""
    replay(tenant_id, event_id)
    return see(url_for("platform.webhooks", kind=request.form.get("kind")), gettext("It is worked on again now"))


def replay(tenant_id: UUID, event_id: UUID) -> None:
    """Put an event's work into the queue again. Opens its own transactions. Raise Missing."""
    tenant = tenant_of(tenant_id)
    with platform_transaction():
        provider_events.require(tenant_id, event_id)
    with bind(tenant), transaction():
        events.again(event_id)
    with bind(values.PLATFORM), transaction():
        audit.record("webhook.replayed", "tenant", tenant_id, event=str(event_id))
