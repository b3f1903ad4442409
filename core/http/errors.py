"""Errors to answers: problem+json for the API, a page for people; translated here and nowhere else."""

from __future__ import annotations

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from flask_babel import gettext
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from core.hooks.types import Violation
from core.kernel.errors import AppError, Conflict, Invalid, Phrase, Unavailable, _, facts_of

WORDS: dict[str, object] = {}
"""Labels of codes that messages name, put here by the surfaces that have words for them."""
log = structlog.get_logger()
_BUSY = (pg.LockNotAvailable, pg.QueryCanceled, pg.DeadlockDetected, pg.SerializationFailure)


def message(error: AppError) -> str:
    """Return what went wrong in the reader's language; a fact that is a tuple holds messages of its own."""
    facts = {name: _joined(value) if isinstance(value, tuple) else value for name, value in error.facts.items()}
    return str(gettext(error.message)).format(**facts)


def _joined(messages: tuple[str, ...]) -> str:
    return " ".join(told(text) for text in messages)


def told(text: str) -> str:
    """Return a message in the reader's language; of a phrase its template and words."""
    if not isinstance(text, Phrase):
        return str(gettext(text))
    return str(gettext(text.template)).format(**{name: _fact(value) for name, value in text.facts.items()})


def _fact(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(word_of(word) for word in value)
    return told(value) if isinstance(value, Phrase) else value


def word_of(code: object) -> str:
    """Return a word in the reader's language: of a code its label, if the surfaces know one."""
    return str(WORDS[str(code)]) if str(code) in WORDS else str(gettext(str(code))) if str(code) else ""


def refusal(violation: Violation) -> str:
    """Return a plugin's or the checkout's reason to refuse in the reader's language."""
    return str(gettext(violation.message)).format(**violation.facts)


def is_api() -> bool:
    """Tell whether the caller is a program."""
    return request.path.startswith("/api/")


def problem(status: int, code: str, title: str, detail: str, **more: object) -> Response:
    """Return an RFC 9457 problem; `type` is stable, `code` is for programs, `detail` for people."""
    body = {
        "type": f"/api/v1/problems/{code}", "title": title, "status": status, "detail": detail, "code": code,
        "request_id": g.get("request_id", ""), **more,
    }  # fmt: skip
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _page(status: int, code: str, heading: str, text: str) -> Response:
    html = render_template("error.html", heading=heading, text=text, code=f"{code} · {g.get('request_id', '')}")
    return Response(html, status, content_type="text/html; charset=utf-8")


def answer(error: AppError) -> Response:
    """Return the answer to a refusal."""
    title, detail = str(gettext(error.title)), message(error)
    if is_api():
        more: dict[str, object] = {"facts": dict(facts_of(error))}
        if isinstance(error, Invalid) and error.fields:
            more["errors"] = [{"path": f.path, "message": told(f.message)} for f in error.fields]
        response = problem(error.status, error.code, title, detail, **more)
    else:
        response = _page(error.status, error.code, title, detail)
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after"])
    return response


def translated(error: Exception) -> AppError | None:
    """Return the refusal behind a database error that a person may meet; None for one that is ours."""
    if isinstance(error, PoolTimeout):
        return Unavailable("busy", _("The marketplace is very busy; try again in a moment"), retry_after=2)
    if isinstance(error, _BUSY) or (isinstance(error, DBAPIError) and isinstance(error.orig, _BUSY)):
        return Unavailable("busy", _("The marketplace is very busy; try again in a moment"), retry_after=1)
    if isinstance(error, DBAPIError) and isinstance(error.orig, pg.UniqueViolation):
        return Conflict("exists_already", _("This exists already; look again before you try once more"))
    if isinstance(error, OperationalError | pg.OperationalError):
        return Unavailable(
            "database", _("The marketplace cannot reach its database; try again in a moment"), retry_after=2
        )
    return None


def http_answer(error: HTTPException) -> Response:
    """Return the answer to an error of HTTP itself, such as an unknown address."""
    code, name = error.code or 500, f"http.{error.code}"
    title, text = _titles().get(code, error.name), _texts().get(code, error.description or "")
    return problem(code, name, title, text) if is_api() else _page(code, name, title, text)


def _titles() -> dict[int, str]:
    return {
        400: gettext("The request cannot be read"),
        404: gettext("Not found"),
        405: gettext("Not allowed"),
        413: gettext("Too large"),
    }


def _texts() -> dict[int, str]:
    return {
        404: gettext("There is no such page here. It may have moved, or the address may have a slip."),
        405: gettext("This page does not take that kind of request."),
        400: gettext("The page was open for too long or the form was not ours. Go back, reload it and try again."),
        413: gettext("The file is too large."),
    }


def register(app: Flask) -> None:
    """Install the handlers."""

    @app.errorhandler(AppError)
    def refuse(error: AppError) -> Response:
        return answer(error)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        return http_answer(error)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        known = translated(error)
        if known is not None:
            return answer(known)
        log.exception("request failed", path=request.path)
        text = gettext("The fault is ours and is noted. Nothing was changed and nothing you entered elsewhere is lost.")
        if is_api():
            return problem(500, "fault", str(gettext("Something went wrong")), str(text))
        return _page(500, "fault", str(gettext("Something went wrong")), str(text))
