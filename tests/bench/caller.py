"""A caller of the application: WSGI without a socket and without a test client, whose own work would be counted."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from contextvars import Context
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

Start = Callable[[str, list[tuple[str, str]]], object]
Wsgi = Callable[[dict[str, Any], Start], Any]


class Caller:
    """One browser: it keeps cookies, follows nothing and checks the status that it expects."""

    def __init__(self, application: Wsgi, host: str) -> None:
        """Call an application as a browser of this host would."""
        self._application, self._host = application, host
        self._headers: list[tuple[str, str]] = []
        self.cookies: dict[str, str] = {}

    def get(self, address: str, *, expect: int = 200) -> str:
        """Return the body of a page. Raise RuntimeError for another status."""
        return self._call("GET", address, b"", "", {}, expect)

    def post(self, address: str, form: Mapping[str, str], *, expect: int = 303) -> str:
        """Send a form; return where it leads."""
        body = urlencode(form).encode()
        self._call("POST", address, body, "application/x-www-form-urlencoded", {}, expect)
        return next((value for name, value in self._headers if name == "Location"), "")

    def send(self, address: str, body: bytes, headers: Mapping[str, str], *, expect: int) -> str:
        """Send JSON; return the answer's body."""
        return self._call("POST", address, body, "application/json", headers, expect)

    def _call(
        self, method: str, address: str, body: bytes, kind: str, headers: Mapping[str, str], expect: int
    ) -> str:  # fmt: skip
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": self._host, "SERVER_PORT": "80", "HTTP_HOST": self._host, "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_ACCEPT_LANGUAGE": "en", "HTTP_USER_AGENT": "bench",
            "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)), "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.multithread": True,
            "wsgi.multiprocess": False, "wsgi.run_once": False, **headers,
        }  # fmt: skip
        if method == "POST":
            environ["HTTP_ORIGIN"], environ["HTTP_SEC_FETCH_SITE"] = f"http://{self._host}", "same-origin"
        if self.cookies:
            environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status: list[str] = []

        def start(line: str, sent: list[tuple[str, str]], *_error: object) -> None:
            status[:] = [line]
            self._headers = sent

        answer = Context().run(self._application, environ, start)  # as on a server: nothing is left of the last one
        found = b"".join(answer)
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        self._keep_cookies()
        if not status[0].startswith(str(expect)):
            raise RuntimeError(f"{method} {address} answered {status[0]}: {found[:500]!r}")
        return found.decode()

    def _keep_cookies(self) -> None:
        for name, value in self._headers:
            if name == "Set-Cookie":
                for key, morsel in SimpleCookie(value).items():
                    self.cookies[key] = morsel.value
