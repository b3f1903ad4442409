"""The edge of a request: one transaction, the principal, the permission; then one service call and its answer.

    @blueprint.get("/orders/<uuid:order_id>")
    @edge(Realm.MERCHANT, "orders.view")
    def order(order_id: UUID) -> Answer: ...

A GET runs read-only, anything else in a transaction that commits when the view returns and rolls back when it
raises. The answer is rendered after the transaction has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec

from flask import g, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from core.http import idempotency
from core.http.answers import Answer, Page, rendered
from core.http.shells import framed
from core.identity.principals import GUEST, Principal, Realm, by_key, by_session
from core.kernel import audit
from core.kernel.errors import AppError, Conflict, Denied, Invalid, Unauthenticated, _
from core.kernel.tx import read_only, transaction

P = ParamSpec("P")
COOKIES = {realm: f"{realm.value}_session" for realm in Realm}


class Tx(StrEnum):
    """How a view wants its transaction: by method, or opened by itself because it calls the outside half-way."""

    AUTO = "auto"
    OWN = "own"


def principal() -> Principal:
    """Return who asks; a guest before an edge has looked."""
    found: Principal | None = g.get("principal")
    return found or GUEST


def _bearer() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else None


def identify(realm: Realm | None) -> Principal:
    """Find who asks, once a request: by bearer key or session token, or by the realm's cookie. Needs a transaction."""
    found: Principal | None = None
    token = _bearer()
    if token is not None:
        found = by_key(token) or by_session(token, None)
        if found is None:
            raise Unauthenticated("identity.unknown_key", _("This key or session is not valid"))
    elif realm is not None and (cookie := request.cookies.get(COOKIES[realm])):
        _require_own_page()
        found = by_session(cookie, realm)
    by = found or GUEST
    _require_own_eyes(by)
    g.principal = by
    kind = "key" if by.key_id else ("guest" if by.is_guest else by.realm.value)
    # The log is sealed and cannot forget: a buyer, who may ask to be forgotten, is in it by number alone.
    name = "" if by.realm is Realm.BUYER else by.name or by.email
    audit.set_actor(audit.By(kind, by.user_id or by.key_id, name, g.get("request_id", "")))
    return by


def _require_own_eyes(by: Principal) -> None:
    """Refuse a write by a visitor of the platform's staff; ending the visit, and beginning another, is none."""
    is_write = request.method not in ("GET", "HEAD", "OPTIONS")
    if by.visitor and is_write and not request.path.endswith(("/sign-out", "/visit")):
        raise Denied("identity.only_visiting", _("You are only looking: a visit changes nothing"))


def _require_own_page() -> None:
    """Refuse a write to the API that a page of another site sends along with our cookie; the API has no form token."""
    if request.method in ("GET", "HEAD", "OPTIONS") or not request.path.startswith("/api/"):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_ours = site in (None, "same-origin", "none") and origin in (None, request.host_url.rstrip("/"))
    if not is_ours:
        raise Denied("identity.foreign_page", _("Another site sent this; nothing was changed"))


def _admit(realm: Realm, permission: str | None, *, login: bool) -> None:
    who = identify(realm)
    if not login:
        return
    if who.is_guest or who.realm is not realm:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    if permission is not None:
        who.require(permission)


def _opened() -> AbstractContextManager[None]:
    attempt = idempotency.attempt()
    if attempt is not None and attempt.is_joined:
        return nullcontext()  # The repeatable request's own transaction is open: answer and effect commit together.
    return read_only() if request.method in ("GET", "HEAD") else transaction()


def edge(
    realm: Realm,
    permission: str | None = None,
    *,
    login: bool = True,
    tx: Tx = Tx.AUTO,
    again: Callable[..., Answer] | None = None,
) -> Callable[[Callable[P, Answer]], Callable[P, Any]]:
    """Open the transaction, find the principal, check the permission, run the view, render its answer.

    `login=False` lets guests in (storefront, and every realm's sign-in). `again` is the form's own view: when the
    input is refused it is shown once more with `error=`, status 422, nothing changed.
    """

    def decorate(view: Callable[P, Answer]) -> Callable[P, Any]:
        @wraps(view)
        def run(*args: P.args, **kwargs: P.kwargs) -> Any:
            try:
                if tx is Tx.OWN:
                    with read_only():
                        _admit(realm, permission, login=login)
                    idempotency.claim_apart(principal())
                    answer = view(*args, **kwargs)
                    if isinstance(answer, Page):
                        with read_only():
                            answer = framed(realm, answer)
                else:
                    with _opened():
                        _admit(realm, permission, login=login)
                        idempotency.claim(principal())
                        answer = framed(realm, view(*args, **kwargs))
            except Unauthenticated as error:
                return _to_sign_in(realm, error)
            except (Invalid, Conflict) as error:
                if again is None or request.path.startswith("/api/"):
                    raise
                answer = _once_more(realm, again, error, args, kwargs)
            return rendered(answer)

        run.owns_transactions = tx is Tx.OWN  # type: ignore[attr-defined]  # core.http.idempotency asks
        return run

    return decorate


def _once_more(realm: Realm, again: Callable[..., Answer], error: AppError, args: Any, kwargs: Any) -> Answer:
    with read_only():
        answer = framed(realm, getattr(again, "__wrapped__", again)(*args, **kwargs, error=error))
    return replace(answer, status=422) if isinstance(answer, Page) else answer


def _to_sign_in(realm: Realm, error: Unauthenticated) -> BaseResponse:
    if request.path.startswith("/api/"):
        raise error
    surface = "store" if realm is Realm.BUYER else realm.value
    target = url_for(f"{surface}.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None)
    if request.headers.get("HX-Request") == "true":
        return BaseResponse("", 200, headers={"HX-Redirect": target})
    return redirect(target, 303)
