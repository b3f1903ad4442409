"""What moved at a payment provider and is of no marketplace, and giving it to one."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.tx import platform_transaction
from tenants import stray_movements
from web import reconciliation_words as words
from web.platform.surface import blueprint, menu
from web.submitting import refused

menu.add("Platform", 45, "Movements of nobody", "platform.movements", "scale", "tenants.manage")


@blueprint.get("/movements")
@edge(Realm.PLATFORM, "tenants.manage")
def movements(error: AppError | None = None, **_more: UUID) -> Answer:
    """List movements of nobody."""
    rows, following = stray_movements.strays(after=request.args.get("after", type=UUID))
    next_href = url_for("platform.movements", after=following) if following else ""
    return page("platform/movements.html", rows=rows, words=words, next_href=next_href, said=refused(error))


@blueprint.post("/movements/<uuid:movement_id>/give")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN, again=movements)
def give_movement(movement_id: UUID) -> Answer:
    """Give one to a marketplace."""
    with platform_transaction():
        stray_movements.give(movement_id, request.form.get("tenant", "").strip()[:50])
    return see(url_for("platform.movements"), gettext("It shows up in the marketplace's next comparison"))
