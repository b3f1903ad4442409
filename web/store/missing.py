"""A page that is not there, shown in the marketplace's own frame, with ways on."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from core.http import errors
from core.http.edge import identify
from core.identity.principals import Realm
from core.kernel.errors import Missing
from core.kernel.tx import read_only
from tenants.values import PLATFORM
from web.store.surface import blueprint, frame

_CONSOLES = ("/api/", "/merchant/", "/operator/", "/platform/", "/static/", "/webhooks/")


def _framed(heading: str, text: str) -> tuple[str, int]:
    with read_only():
        identify(Realm.BUYER)
        values = frame()
    return render_template("store/missing.html", heading=heading, text=text, **values), 404


def _is_store() -> bool:
    tenant = g.get("tenant")
    return tenant is not None and tenant != PLATFORM and not request.path.startswith(_CONSOLES)


@blueprint.app_errorhandler(Missing)
def missing(error: Missing) -> ResponseReturnValue:
    """Answer that a thing is gone; consoles and programs get their own answers."""
    if not _is_store():
        return errors.answer(error)
    return _framed(errors.message(error), str(gettext("It may have been sold or taken down. Look around for others.")))


@blueprint.app_errorhandler(NotFound)
def no_route(error: NotFound) -> ResponseReturnValue:
    """Answer that an address leads nowhere."""
    if not _is_store():
        return errors.http_answer(error)
    return _framed(
        str(gettext("There is no such page")), str(gettext("It may have moved, or the address may have a slip."))
    )
