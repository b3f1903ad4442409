"""Flask as this house uses it: no asynchronous views, and nothing done for a session that nobody has or makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from web.compiled import Templates


class FormSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, which costs nothing where none came and none is needed."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of the request's cookie; an empty one without a cookie."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set or remove the cookie if the request has looked into the session."""
        if session or session.accessed or session.modified:
            super().save_session(app, session, response)


class Application(Flask):
    """The application's class."""

    session_interface = FormSessions()
    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: no view of ours is a coroutine, and Flask asks at every call."""
        return func
