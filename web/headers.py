"""The security headers of every answer."""

from __future__ import annotations

from flask import Flask, Response

CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' https://js.stripe.com https://*.js.stripe.com",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self' https://api.stripe.com",
        "frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

SHOWS_FRAMES = CSP.replace("frame-src ", "frame-src 'self' ")
"""For a page that shows pages of this site in frames, as previews do."""
IN_FRAMES = CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
"""For a page that pages of this site may show in a frame."""

_ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def vary(response: Response, *names: str) -> None:
    """Say that an answer depends on request headers. Werkzeug's own set is parsed and written anew at each touch."""
    known = response.headers.get("Vary")
    missing = [name for name in names if known is None or name not in known]
    if missing:
        response.headers["Vary"] = ", ".join(missing if known is None else [known, *missing])


def _add(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        if name not in response.headers:
            response.headers[name] = value
    vary(response, "HX-Request")
    return response


def register(app: Flask) -> None:
    """Add the headers to every answer of an app; an answer's own headers win."""
    app.after_request(_add)
