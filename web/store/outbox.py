"""The outbox page: every mail of this site, readable where no mail server is set up. Embedded set-up only."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, abort, current_app, make_response
from sqlalchemy import select

from core.http.answers import Answer, Page, rendered
from core.http.edge import edge
from core.http.shells import framed
from core.identity.principals import Realm
from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.mail import MailRow
from web.headers import SHOWS_FRAMES
from web.store.surface import blueprint

_MOST = 100
# The mail's own styles are within it; nothing of it runs, and its links open in the whole window.
_MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "sandbox allow-top-navigation-by-user-activation allow-popups"
)


def _require_embedded() -> None:
    config: Config = current_app.extensions["galleria"]
    if not config.embedded:
        abort(404)


def _mail(mail_id: UUID) -> MailRow:
    found = session().scalars(select(MailRow).where(MailRow.id == mail_id)).one_or_none()
    if found is None:
        raise Missing("outbox.none", _("There is no such mail"))
    return found


def _latest() -> Sequence[MailRow]:
    return session().scalars(select(MailRow).order_by(MailRow.id.desc()).limit(_MOST)).all()


@blueprint.get("/outbox")
@edge(Realm.BUYER, login=False)
def outbox() -> Answer:
    """List the mails of this site, newest first."""
    _require_embedded()
    return Page("outbox/list.html", {"mails": _latest()})


@blueprint.get("/outbox/<uuid:mail_id>")
@edge(Realm.BUYER, login=False)
def outbox_mail(mail_id: UUID) -> Answer:
    """Show one mail: both bodies, the HTML in a frame that may do nothing."""
    _require_embedded()
    answer = rendered(framed(Realm.BUYER, Page("outbox/mail.html", {"mail": _mail(mail_id)})))
    response = make_response(answer)
    response.headers["Content-Security-Policy"] = SHOWS_FRAMES
    return response


@blueprint.get("/outbox/<uuid:mail_id>/html")
@edge(Realm.BUYER, login=False)
def outbox_html(mail_id: UUID) -> Answer:
    """Return the HTML body alone, for the frame."""
    _require_embedded()
    return Response(
        _mail(mail_id).html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _MAIL_CSP}
    )
