"""HTTP as the stand-in sees it: a request decoded from WSGI, a response, and Stripe's bracketed form
encoding."""

import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.formparser import parse_form_data

# A JSON object as Stripe sends it. Its fields are as open as JSON: the spec, not this type, says what
# is in it.
Document = dict[str, Any]

API_VERSION = "2026-08-26.dahlia"
_BRACKET = re.compile(r"\[([^\]]*)\]")
_REASONS = {
    200: "OK",
    303: "See Other",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; header names are lower case, the body is still encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str

    def fields(self) -> Document:
        """Decode the query (GET) or the form body (POST) into nested dictionaries of text."""
        if self.method == "POST" and self.headers.get("content-type", "").startswith("multipart/form-data"):
            return _parts(self)
        return unflatten(parse_qsl(self.body if self.method == "POST" else self.query, keep_blank_values=True))

    def document(self) -> Document:
        """Decode the query (GET) or the JSON body (POST) of a request to the v2 API. Raise ValueError if it is none."""
        if self.method != "POST":
            return self.fields()
        found = json.loads(self.body or "{}")
        if not isinstance(found, dict):
            raise ValueError("not an object")
        return found


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status_line(self) -> str:
        """Say the status as WSGI wants it, such as "402 Payment Required"."""
        return f"{self.status} {_REASONS.get(self.status, 'Status')}"


def as_json(status: int, document: Document, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a JSON object."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return Response(status, body, {"Content-Type": "application/json", **(headers or {})})


def read_request(environ: Mapping[str, Any]) -> Request:
    """Take a request from a WSGI environment. Raise UnicodeDecodeError if the body is not UTF-8."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE") or ""
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO") or "/",
        query=environ.get("QUERY_STRING") or "",
        headers=headers,
        body=_text(environ["wsgi.input"].read(length), headers["content-type"]) if length else "",
    )


def _parts(request: Request) -> Document:
    """Decode a form with a file: texts as they are, the file as its name and its bytes, one character each."""
    environ = {
        "REQUEST_METHOD": "POST", "CONTENT_TYPE": request.headers["content-type"],
        "CONTENT_LENGTH": str(len(request.body)), "wsgi.input": io.BytesIO(request.body.encode("latin-1")),
    }  # fmt: skip
    _stream, form, files = parse_form_data(environ, lambda *_sizes, **_kinds: io.BytesIO())
    texts = unflatten(form.items())
    return {**texts, **{name: f"{file.filename}\n{file.read().decode('latin-1')}" for name, file in files.items()}}


def _text(body: bytes, content_type: str) -> str:
    # A file's bytes are no text; one character for each byte keeps them all.
    return body.decode("latin-1" if content_type.startswith("multipart/form-data") else "utf-8")


def unflatten(pairs: Iterable[tuple[str, str]]) -> Document:
    """Turn `a[b][0]=v` pairs into nested dictionaries; `a[]` and `a[0]` both get digit keys. Later pairs
    win."""
    root: Document = {}
    for key, value in pairs:
        parts = [key.split("[", 1)[0], *_BRACKET.findall(key)]
        here = root
        for part in parts[:-1]:
            below = here.get(part)
            if not isinstance(below, dict):
                below = here[part] = {}
            here = below
        here[parts[-1] or str(len(here))] = value
    return root


def public(document: Document) -> Document:
    """Leave out what the stand-in keeps for itself: the fields whose names begin with an underscore."""
    return {name: value for name, value in document.items() if not name.startswith("_")}
