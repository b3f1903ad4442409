"""Which forms may change something: those with the token of the reader's session, and a guest's that a page of ours sent.

A page for guests carries no token, so that it is the same for all of them. Browsers say from where a form comes
(Sec-Fetch-Site, Origin) and no page can forge it; that is enough where no session's authority is carried along.
Whoever carries a session cookie of any realm needs the token.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

from core.http.edge import COOKIES
from core.identity.principals import Realm
from web import fragments

_SESSIONS = frozenset(COOKIES[realm] for realm in Realm)


def is_from_own_page() -> bool:
    """Tell whether the browser says that a page of this very host sent the request; False if it says nothing."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return urlsplit(origin).netloc == request.host
    return site == "same-origin"


def is_guest() -> bool:
    """Tell whether the request carries no session of any realm."""
    return _SESSIONS.isdisjoint(request.cookies)


class Protect(CSRFProtect):  # type: ignore[misc]  # flask-wtf has no types
    """Flask-WTF's protection, with a guest's own page instead of the token."""

    def init_app(self, app: Flask) -> None:
        """Install the check into an app, and `csrf_token` into its templates."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = token
        app.context_processor(lambda: {"csrf_token": token})

    def protect(self, *, apply_exemptions: bool = False) -> None:
        """Refuse a write with 400 unless its token is right, or a guest's own page sent it."""
        if request.method in current_app.config["WTF_CSRF_METHODS"] and is_guest() and is_from_own_page():
            g.csrf_valid = True
            return
        super().protect(apply_exemptions=apply_exemptions)


def token() -> str:
    """Return the token of the reader's session for a form; "" on a page that all guests share.

    In a part of a page that is kept this is a place-holder, for which the token is put in at each use.
    """
    return fragments.token_of(_token)


def _token() -> str:
    return "" if g.get("is_shared_page") else str(generate_csrf())
