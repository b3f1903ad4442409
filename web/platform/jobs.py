"""Work that waits, fails or was given up, over all marketplaces, and trying it again."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.http.listing import View
from core.identity.principals import Realm
from core.kernel.tx import platform_transaction
from tenants import queue
from web.platform.surface import blueprint, menu

menu.add("Platform", 40, "Jobs", "platform.jobs", "list-checks", "jobs.manage")


def _cursor() -> UUID | None:
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None


@blueprint.get("/jobs")
@edge(Realm.PLATFORM, "jobs.manage", tx=Tx.OWN)
def jobs() -> Answer:
    """List work of one kind."""
    asked = request.args.get("kind", "dead")
    kind = asked if asked in queue.KINDS else "dead"
    slug = request.args.get("tenant", "")[:50]
    with platform_transaction():
        rows, following = queue.find(kind, slug=slug, after=_cursor())
        counts = queue.counts()
    names = {"due": gettext("Waiting"), "failed": gettext("Failing, tried again"), "dead": gettext("Given up")}
    views = [View(names[k], url_for("platform.jobs", kind=k), counts[k], k == kind) for k in reversed(queue.KINDS)]
    older = url_for("platform.jobs", kind=kind, tenant=slug or None, after=following) if following else ""
    return page("platform/jobs.html", rows=rows, views=views, kind=kind, slug=slug, next_href=older)


@blueprint.post("/jobs/<uuid:tenant_id>/<uuid:work_id>/retry")
@edge(Realm.PLATFORM, "jobs.manage", tx=Tx.OWN)
def retry_job(tenant_id: UUID, work_id: UUID) -> Answer:
    """Try one again at once."""
    with platform_transaction():
        queue.retry(tenant_id, work_id)
    return see(url_for("platform.jobs", kind="dead"), gettext("It is tried again now"))
