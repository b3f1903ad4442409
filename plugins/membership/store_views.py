"""A buyer's points: what there are, what expires next, every change, and the rules."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import request, url_for

from core.customers import buyers
from core.hooks.surfaces import Fragment, Page
from core.http.answers import Answer, page
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, _
from core.kernel.tenancy import current
from plugins.membership import reading, wording
from plugins.membership.settings import Settings
from plugins.membership.surface import store


def own_id() -> UUID:
    """Return the signed-in buyer. Raise Denied for a key or somebody who is no buyer."""
    user_id = principal().user_id
    found = buyers.customer_of(user_id) if user_id else None
    if found is None:
        raise Denied("membership.buyers_only", _("Only a signed-in buyer has points"))
    return found.id


@store.get("/")
@edge(Realm.BUYER)
def points() -> Answer:
    """Show the buyer's points, their history and the rules."""
    found, more = reading.history(own_id(), before=request.args.get("after", type=UUID))
    rows = [(one, wording.entry(one)) for one in found]
    return page(
        "membership/points.html", account=reading.account(own_id()), rows=rows, tab="me",
        sentences=wording.sentences(Settings.of(current())),
        next_href=url_for("membership_store.points", after=more) if more else "",
    )  # fmt: skip


def fragments(asked: Page) -> Sequence[Fragment]:
    """Say on the account's overview how many points there are."""
    if asked.slot != "account.home" or asked.viewer is None or asked.viewer.customer_id is None:
        return ()
    return [Fragment("membership/account.html", {"account": reading.account(asked.viewer.customer_id)})]
