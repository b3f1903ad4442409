"""Idempotency-Key: a write to the API that is sent twice under one key is carried out once and answered twice.

The answer is kept in the transaction of its effect, so there is never one without the other; while the first request
is under way an advisory lock tells a second one to wait. A view that opens its own transactions (Tx.OWN) commits a
mark first and the answer after; a mark whose request died is taken over after a while.

    register(app) wraps every route of the API; the edge calls claim(principal) once it knows who asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError

from core.http.models import IdempotencyRow
from core.identity.principals import Principal
from core.kernel import clock, jobs
from core.kernel.db import fetched, session
from core.kernel.errors import Conflict, Invalid, _
from core.kernel.ids import new_id
from core.kernel.rows import store
from core.kernel.tenancy import current_id
from core.kernel.tx import transaction

KEPT = timedelta(hours=24)
_TAKEN_OVER = timedelta(seconds=15)  # Longer than a request waits for the payment provider.
_LONGEST = 255
_SAFE = ("GET", "HEAD", "OPTIONS")
View = Callable[..., Any]


@dataclass(slots=True)
class Attempt:
    """A request under a key. `scope` is whose key it is, known once the edge has found the principal."""

    key: str
    digest: str
    is_joined: bool
    scope: str = ""


class _Replayed(Exception):
    """The key was answered before; the stored answer is sent instead."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def register(app: Flask) -> None:
    """Wrap every route of the API that is mounted by now, plugins' included."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    for endpoint in endpoints:
        app.view_functions[endpoint] = with_key(app.view_functions[endpoint])


def with_key(view: View) -> View:
    """Let a route be repeated safely; without the header, or for a read, nothing changes."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key or request.method in _SAFE:
            return view(*args, **kwargs)
        if len(key) > _LONGEST:
            raise Invalid("idempotency.key_too_long", _("An idempotency key has at most {most} characters"),
                          most=_LONGEST)  # fmt: skip
        g.idempotency = Attempt(key, _digest(), is_joined=not getattr(view, "owns_transactions", False))
        try:
            return _joined(view, args, kwargs) if g.idempotency.is_joined else _apart(view, args, kwargs)
        except _Replayed as known:
            return known.response
        finally:
            g.pop("idempotency", None)

    return run


def _digest() -> str:
    running = hashlib.sha256(f"{request.method} {request.full_path}\0".encode())
    running.update(request.get_data(cache=True))
    return running.hexdigest()


def attempt() -> Attempt | None:
    """Return the attempt of this request, if it came with a key."""
    found: Attempt | None = g.get("idempotency")
    return found


def _joined(view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Response:
    """Carry the view out and keep its answer in one transaction, which the edge joins."""
    with transaction():
        response = current_app.make_response(view(*args, **kwargs))
        mine: Attempt = g.idempotency
        if mine.scope:
            answered = {"principal": mine.scope, "key": mine.key, "request_digest": mine.digest,
                        "status": response.status_code, "body": response.get_data(as_text=True),
                        "created_at": clock.now()}  # fmt: skip
            store(IdempotencyRow, [answered])
    return response


def _apart(view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Response:
    """Mark, carry out, keep the answer: for a view that commits by itself."""
    mine: Attempt = g.idempotency
    try:
        response = current_app.make_response(view(*args, **kwargs))
    except _Replayed:
        raise
    except BaseException:
        if mine.scope:
            with suppress(OperationalError), transaction():  # Without a database the mark is taken over later.
                session().execute(delete(IdempotencyRow).where(*_where(mine), IdempotencyRow.status.is_(None)))
        raise
    if mine.scope:
        values = {"status": response.status_code, "body": response.get_data(as_text=True)}
        with transaction():
            session().execute(update(IdempotencyRow).where(*_where(mine)).values(**values))
    return response


def _where(mine: Attempt) -> tuple[Any, Any]:
    return IdempotencyRow.principal == mine.scope, IdempotencyRow.key == mine.key


_LOCK = "select pg_try_advisory_xact_lock(hashtextextended(%(name)s, 0))"
_KNOWN = """
    select id from idempotency_keys where tenant_id = %(tenant)s and principal = %(scope)s and key = %(key)s"""


def claim(who: Principal) -> None:
    """Take the request's key for this principal in the open transaction, or send the answer that it had.

    Raise Conflict if the key belongs to another request, or if its first request is still under way.
    """
    mine = attempt()
    if mine is None or not mine.is_joined:
        return
    scope = scope_of(who)
    name = f"{current_id()}:idempotency:{scope}:{mine.key}"
    if not fetched(_LOCK, {"name": name})[0][0]:
        raise _in_flight()
    known = fetched(_KNOWN, {"tenant": current_id(), "scope": scope, "key": mine.key})
    row = session().get(IdempotencyRow, (current_id(), known[0][0])) if known else None
    if row is not None and row.created_at > clock.now() - KEPT:
        _repeat(row, mine)
    if row is not None:
        session().delete(row)
        session().flush()
    mine.scope = scope


def claim_apart(who: Principal) -> None:
    """Take the key for a view that commits by itself: the mark is committed before the view begins."""
    mine = attempt()
    if mine is None or mine.is_joined:
        return
    scope = scope_of(who)
    with transaction():
        values = {"tenant_id": current_id(), "id": new_id(), "principal": scope, "key": mine.key,
                  "request_digest": mine.digest, "status": None, "body": "", "created_at": clock.now()}  # fmt: skip
        written = session().execute(
            insert(IdempotencyRow).values(values).on_conflict_do_nothing().returning(IdempotencyRow.id)
        )
        if written.first() is None:
            row = (
                session()
                .scalars(
                    select(IdempotencyRow)
                    .where(IdempotencyRow.principal == scope, IdempotencyRow.key == mine.key)
                    .with_for_update()
                )
                .one()
            )
            is_dead = row.status is None and row.created_at < clock.now() - _TAKEN_OVER
            if row.created_at > clock.now() - KEPT and not (is_dead and row.request_digest == mine.digest):
                _repeat(row, mine)
            row.request_digest, row.status, row.body, row.created_at = mine.digest, None, "", clock.now()
    mine.scope = scope


def scope_of(who: Principal) -> str:
    """Return whose keys these are; guests are told apart by what their browser or program carries."""
    if not who.is_guest:
        return f"{who.realm.value}:{who.identity}:{who.merchant_id or ''}"
    headers = [request.headers.get(name, "") for name in ("Cookie", "Cart-Token")]
    carried = "\0".join([request.remote_addr or "", *headers, request.query_string.decode("latin-1")])
    return f"guest:{hashlib.sha256(carried.encode()).hexdigest()[:32]}"


def _repeat(row: IdempotencyRow, mine: Attempt) -> None:
    if row.request_digest != mine.digest:
        raise Conflict("idempotency.key_reused", _("This key was used for another request; take a fresh one"))
    if row.status is None:
        raise _in_flight()
    response = Response(row.body, row.status, content_type="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    raise _Replayed(response)


def _in_flight() -> Conflict:
    return Conflict("idempotency.in_flight", _("The first request under this key is still under way; try again soon"),
                    retry_after=1)  # fmt: skip


@jobs.job("idempotency.sweep")
def _sweep(_payload: jobs.Payload) -> None:
    """Forget answers that are a day old."""
    session().execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < clock.now() - KEPT))
