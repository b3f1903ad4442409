"""A buyer's privacy: what they have agreed to, a copy of their data, and erasing the account."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext

from core.compliance import own_data
from core.customers import consents
from core.http.answers import Answer, Page, See, see
from core.http.edge import COOKIES, Tx, edge, principal
from core.identity import sessions
from core.identity.principals import Realm
from core.kernel.errors import AppError, Unauthenticated, _
from web.auth import flows
from web.auth.views import wrong
from web.store.account import customer_id
from web.store.surface import blueprint


def buyer_user_id() -> UUID:
    """Return the account of the buyer who is signed in. Raise Unauthenticated for a guest or a key."""
    who = principal()
    if who.user_id is None or who.realm is not Realm.BUYER:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    return who.user_id


@blueprint.get("/account/privacy")
@edge(Realm.BUYER)
def privacy(error: AppError | None = None) -> Answer:
    """Show what one has agreed to, the copies of one's data, and where one is signed in."""
    user_id = buyer_user_id()
    copies = [one for one in own_data.requests(user_id) if one.kind == "export"]
    given = {"consents": consents.current(customer_id()), "copies": copies[:5],
             "device_count": len(sessions.devices(user_id))}  # fmt: skip
    return Page("account/privacy.html", {**given, **wrong(error)})


@blueprint.post("/account/privacy")
@edge(Realm.BUYER)
def change_consents() -> Answer:
    """Note each answer with the words as they were shown."""
    buyer = customer_id()
    for purpose, wording in consents.PURPOSES.items():
        answer = consents.give if purpose in request.form else consents.withdraw
        answer(buyer, purpose, str(gettext(wording)))
    return see(url_for("store.privacy"), gettext("Saved"))


@blueprint.post("/account/privacy/copies")
@edge(Realm.BUYER, again=privacy)
def ask_for_copy() -> Answer:
    """Ask for a copy of everything that is held about oneself."""
    own_data.ask_export(buyer_user_id())
    return see(url_for("store.privacy"), gettext("We put your data together and write to you when it is ready"))


@blueprint.get("/account/privacy/copies/<uuid:request_id>")
@edge(Realm.BUYER)
def fetch_copy(request_id: UUID) -> Answer:
    """Send the archive to its owner, for a week."""
    return archive(own_data.archive(buyer_user_id(), request_id))


def archive(content: bytes) -> Response:
    """Return an archive as a file to keep, which nothing between us and its owner stores."""
    answer = Response(content, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename="my-data.zip")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/account/erase")
@edge(Realm.BUYER)
def erase(error: AppError | None = None) -> Answer:
    """Say what goes and what stays, and what stands in the way."""
    count = own_data.open_orders(own_data.person(buyer_user_id()))
    return Page("account/erase.html", {"open_orders": count, **wrong(error)})


@blueprint.post("/account/erase")
@edge(Realm.BUYER, tx=Tx.OWN, again=erase)
def erase_now() -> Answer:
    """Erase the account of whoever knows its password; it takes a moment."""
    flows.erase_account(buyer_user_id(), request.form.get("password", ""))
    said = gettext("Your account is being erased; a mail tells you when it is done")
    return See(url_for("store.home"), said, {COOKIES[Realm.BUYER]: ""})
