"""Which tenant a request is for, and the gate: a path of a plugin that the tenant lacks does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask, Request, abort, g, request

from core.kernel.config import Config
from core.kernel.errors import Unavailable, _
from core.kernel.tenancy import Tenant, _current

FindByHost = Callable[[str, str], Tenant | None]
_OPEN_PATHS = ("/static/", "/healthz", "/readyz", "/metrics", "/webhooks/")
_PLATFORM_PATHS = ("/platform", "/api/v1/tenants")
_TENANT_PATHS = ("/operator", "/merchant", "/api/v1/plugins", "/api/v1/settings")
_PREFIXES = ("/api/v1/", "/merchant/", "/operator/", "/")


def host_of(asked: Request) -> str:
    """Return the host name that was asked for: lower case, without port and trailing dot."""
    return asked.host.rsplit(":", 1)[0].rstrip(".").lower()


def plugin_of(path: str, prefixes: Iterable[str], plugins: frozenset[str]) -> str | None:
    """Return the plugin that a path belongs to, if it is one's."""
    for prefix in prefixes:
        if path.startswith(prefix):
            head = path[len(prefix) :].split("/", 1)[0]
            if head in plugins:
                return head
    return None


def is_elsewhere(path: str, *, is_platform: bool) -> bool:
    """Tell whether a path lives on the other ground: the platform's pages on its own host, consoles in marketplaces."""
    heads = _TENANT_PATHS if is_platform else _PLATFORM_PATHS
    return any(path == head or path.startswith(f"{head}/") for head in heads)


def register(app: Flask, config: Config, find: FindByHost, platform: Tenant, plugins: frozenset[str]) -> None:
    """Resolve the tenant before anything else looks at the request, and close the gates of its plugins."""

    @app.before_request
    def bind_tenant() -> None:
        g.tenant = None
        if "\0" in request.path or "%00" in request.query_string.decode("latin-1"):
            abort(400)
        if not request.path.startswith(_OPEN_PATHS):
            host = host_of(request)
            is_platform = host == config.base_host
            if is_elsewhere(request.path, is_platform=is_platform):
                abort(404)
            _enter(platform if is_platform else find(host, config.base_host), plugins)

    @app.teardown_request
    def unbind(_error: BaseException | None) -> None:
        mark = g.pop("tenant_mark", None)
        if mark is not None:
            _current.reset(mark)


def _enter(tenant: Tenant | None, plugins: frozenset[str]) -> None:
    if tenant is None or tenant.state == "provisioning":
        abort(404)
    g.tenant = tenant
    g.tenant_mark = _current.set(tenant)
    named = plugin_of(request.path, _PREFIXES, plugins)
    if named is not None and named not in tenant.enabled | tenant.draining:
        abort(404)
    if tenant.state == "suspended":
        raise Unavailable("tenants.suspended", _("This marketplace is closed for the moment; nothing is lost"))
