"""The WSGI application: sends each request to the API, the hosted pages or the control port."""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from web.sandbox.stripe.api import Api
from web.sandbox.stripe.control import Control
from web.sandbox.stripe.errors import DroppedError, StripeError, invalid
from web.sandbox.stripe.hosted.onboarding import Onboarding
from web.sandbox.stripe.hosted.pages import Hosted
from web.sandbox.stripe.hosted.saving import Saving
from web.sandbox.stripe.wire import Request, Response, as_json, read_request


@dataclass(frozen=True, slots=True)
class App:
    """What the server calls for each request."""

    api: Api
    hosted: Hosted
    onboarding: Onboarding
    saving: Saving
    control: Control

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer a request, or cut its connection if a test wants that."""
        try:
            response = self._answer(read_request(environ))
        except UnicodeDecodeError:
            response = invalid("Invalid request: the body is not UTF-8.").response()
        except DroppedError:
            connection: socket.socket | None = environ.get("werkzeug.socket")
            if connection is not None:
                connection.shutdown(socket.SHUT_RDWR)
            raise
        headers = [*response.headers.items(), ("Content-Length", str(len(response.body)))]
        start_response(response.status_line, headers)
        return [response.body]

    def _answer(self, request: Request) -> Response:
        if request.path.startswith(("/v1/", "/v2/")):
            return self.api.answer(request)
        if request.path.startswith("/_hosted/onboarding/"):
            return self.onboarding.answer(request)
        if request.path.startswith("/_hosted/setup/"):
            return self.saving.answer(request)
        if request.path.startswith("/_hosted/"):
            return self.hosted.answer(request)
        if request.path == "/_health":
            return as_json(200, {"status": "ok"})
        if request.path.startswith("/_control"):
            return self.control.answer(request)
        message = f"Unrecognized request URL ({request.method}: {request.path})."
        return StripeError(404, "invalid_request_error", message).response()
