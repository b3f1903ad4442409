"""Requests under /v1 and /v2: key, account, idempotency, parameters, the handler, and the answer."""

import base64
import binascii
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from web.sandbox.stripe.errors import DroppedError, StripeError
from web.sandbox.stripe.expand import expand
from web.sandbox.stripe.faults import Fault, Faults, Mode
from web.sandbox.stripe.params import read
from web.sandbox.stripe.router import match
from web.sandbox.stripe.session import PLATFORM, Call, Route, Session, new_id
from web.sandbox.stripe.store import Answer
from web.sandbox.stripe.validate import Checker
from web.sandbox.stripe.wire import API_VERSION, Document, Request, Response, as_json, public

_ACCOUNT = re.compile(r"acct_[A-Za-z0-9]+")
_LONGEST_KEY = 255


class Api:
    """Answers requests one at a time for the data, though many may be on their way."""

    def __init__(
        self, session: Session, key: str, faults: Faults, wake: Callable[[], None], checkers: Mapping[str, Checker]
    ) -> None:
        self._session = session
        self._key = key
        self._faults = faults
        self._wake = wake
        self._checkers = checkers
        self._in_flight: set[tuple[str, str]] = set()
        self._in_flight_lock = threading.Lock()

    def answer(self, request: Request) -> Response:
        """Answer a request. Raise DroppedError if a test wants the answer lost."""
        request_id = new_id("req", 14)
        fault = self._faults.take(request.method, request.path)
        try:
            _fail_before(fault)
            response = self._answer(request, request_id, fault)
        except StripeError as refusal:
            response = refusal.response()
        self._wake()
        _fail_after(fault)
        return replace(response, headers=self._headers(request, request_id, response))

    def _headers(self, request: Request, request_id: str, response: Response) -> dict[str, str]:
        headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION, **response.headers}
        if key := request.headers.get("idempotency-key"):
            headers["Idempotency-Key"] = key
        return headers

    def _answer(self, request: Request, request_id: str, fault: Fault | None) -> Response:
        account = self._authorise(request)
        route, id_ = match(request.method, request.path)
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        session = replace(self._session, account=account, request_id=request_id, idempotency_key=key)
        if key is None:
            return self._carry_out(session, route, id_, request)
        if len(key) > _LONGEST_KEY:
            message = f"Idempotency keys can have up to {_LONGEST_KEY} characters."
            raise StripeError(400, "idempotency_error", message)
        with self._alone(account, key):
            if fault is not None and fault.mode is Mode.HANG_BEFORE:
                time.sleep(fault.seconds)
            return self._once(session, key, route, id_, request)

    def _authorise(self, request: Request) -> str:
        given = _given_key(request.headers.get("authorization", ""))
        if given is None:
            message = (
                "You did not provide an API key. You need to provide your API key in the Authorization "
                "header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
            )
            raise StripeError(401, "invalid_request_error", message)
        if given != self._key:
            hidden = f"{given[:8]}{'*' * 12}{given[-4:]}" if len(given) > 12 else "*" * len(given)
            raise StripeError(401, "invalid_request_error", f"Invalid API Key provided: {hidden}")
        account = request.headers.get("stripe-account", PLATFORM)
        if account and not _ACCOUNT.fullmatch(account):
            message = f"The provided key does not have access to account '{account}' (or that account does not exist)."
            raise StripeError(403, "invalid_request_error", message, code="account_invalid")
        return account

    @contextmanager
    def _alone(self, account: str, key: str) -> Iterator[None]:
        with self._in_flight_lock:
            if (account, key) in self._in_flight:
                message = (
                    "There is currently another in-progress request using this Stripe-Account and "
                    "Idempotency-Key "
                    f"(that is, {key}). Please wait until the other request completes."
                )
                raise StripeError(409, "idempotency_error", message, code="idempotency_key_in_use")
            self._in_flight.add((account, key))
        try:
            yield
        finally:
            with self._in_flight_lock:
                self._in_flight.discard((account, key))

    def _once(self, session: Session, key: str, route: Route, id_: str, request: Request) -> Response:
        store = session.store
        fingerprint = _fingerprint(request)
        with store.transaction():
            known = store.answer_to(session.account, key)
            if known is not None:
                return _replayed(known, key, fingerprint)
            params = self._params(route, request)
            response = self._handle(session, route, id_, params, request)
            first = Answer(fingerprint, response.status, response.body, session.request_id or "")
            store.keep_answer(session.account, key, first)
            return response

    def _carry_out(self, session: Session, route: Route, id_: str, request: Request) -> Response:
        params = self._params(route, request)
        with session.store.transaction():
            return self._handle(session, route, id_, params, request)

    def _params(self, route: Route, request: Request) -> Document:
        try:
            given = request.document() if request.path.startswith("/v2/") else request.fields()
        except ValueError as error:
            raise StripeError(400, "invalid_request_error", "The body is not a JSON object.") from error
        params = read(route.fields, given, required=route.required)
        checker = self._checkers.get(request.path[:4])
        if checker is not None and (faults := checker.request_faults(request)):
            raise StripeError(400, "invalid_request_error", f"Not as the API document has it: {faults[0]}")
        return params

    def _handle(self, session: Session, route: Route, id_: str, params: Document, request: Request) -> Response:
        try:
            with session.store.savepoint():
                status, document = _carried_out(Call(session, params, id_), route)
        except StripeError as refusal:
            status, document = refusal.status, {"error": refusal.error}
        checker = self._checkers.get(request.path[:4])
        if checker is not None and (faults := checker.response_faults(request, status, document)):
            raise StripeError(500, "api_error", f"The stand-in's answer is not as the API document has it: {faults}")
        return as_json(status, document)


def _carried_out(call: Call, route: Route) -> tuple[int, Document]:
    try:
        document = public(route.handler(call))
    except StripeError as refusal:
        if refusal.keeps_effects:
            return refusal.status, {"error": refusal.error}
        raise
    if document.get("object") == "list":
        document = {**document, "data": [public(row) for row in document["data"]]}
    return 200, expand(call.session, document, call.params.get("expand", []))


def _fingerprint(request: Request) -> str:
    """Say what a request asks; forms with a file separate their parts by chance, so their values count."""
    is_form = request.headers.get("content-type", "").startswith("multipart/")
    asked = json.dumps(request.fields(), sort_keys=True) if is_form else request.body
    return hashlib.sha256(f"{request.path}\n{asked}".encode()).hexdigest()


def _given_key(header: str) -> str | None:
    scheme, _, value = header.partition(" ")
    if scheme == "Bearer" and value:
        return value
    if scheme == "Basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0] or None
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None


def _replayed(known: Answer, key: str, fingerprint: str) -> Response:
    if known.fingerprint != fingerprint:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first "
            "used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise StripeError(400, "idempotency_error", message)
    headers = {
        "Content-Type": "application/json",
        "Idempotent-Replayed": "true",
        "Original-Request": known.request_id,
    }
    return Response(known.status, known.body, headers)


def _fail_before(fault: Fault | None) -> None:
    if fault is None:
        return
    if fault.mode is Mode.DROP_BEFORE:
        raise DroppedError
    if fault.mode is Mode.ERROR:
        raise StripeError(500, "api_error", "An unknown error occurred")
    if fault.mode is Mode.RATE_LIMIT:
        message = "Request rate limit exceeded."
        raise StripeError(429, "invalid_request_error", message, code="rate_limit")


def _fail_after(fault: Fault | None) -> None:
    if fault is None:
        return
    if fault.mode is Mode.HANG:
        time.sleep(fault.seconds)
    if fault.mode is Mode.DROP_AFTER:
        raise DroppedError
