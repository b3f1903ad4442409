"""For whom one works: staff of several merchants choose one for the session."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, local_path, page, see
from core.http.edge import edge, principal
from core.identity import sessions
from core.identity.principals import Realm
from core.kernel.errors import Unauthenticated, _
from core.merchants import directory
from web.merchant.surface import blueprint


@blueprint.get("/choose")
@edge(Realm.MERCHANT)
def choose_merchant() -> Answer:
    """Show the merchants that the person works for."""
    keys = sessions.merchants_of(_person()[0])
    return page("auth/choose.html", merchants=list(directory.found(keys).values()), next=request.args.get("next", ""))


@blueprint.post("/choose/<uuid:merchant_id>")
@edge(Realm.MERCHANT)
def choose_merchant_now(merchant_id: UUID) -> Answer:
    """Work for this one from now on."""
    user_id, session_id = _person()
    sessions.choose_merchant(session_id, user_id, merchant_id)
    target = local_path(request.form.get("next"), "/merchant/")
    is_loop = target.startswith(url_for("merchant.choose_merchant"))
    return see("/merchant/" if is_loop else target, gettext("You work for another merchant now"))


def _person() -> tuple[UUID, UUID]:
    who = principal()
    if who.user_id is None or who.session_id is None:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    return who.user_id, who.session_id
