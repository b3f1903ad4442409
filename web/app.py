"""The composition root: one place that knows everything and puts it together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import ModuleType

from flask import Flask
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import core
import plugins
import tenants
from core.hooks import runtime
from core.hooks.discovery import installed, wheel_packages
from core.hooks.registry import Registry
from core.http import errors, gate, idempotency
from core.kernel import audit
from core.kernel.config import Config, from_environment
from core.kernel.db import PLATFORM, db, engine_options, guard_engine, plain_ends
from core.kernel.mapping import import_models
from core.media import store as file_store
from core.payments import bank_accounts, stripe
from tenants import values
from web import (
    aftersale_messages,
    api,
    case_messages,
    commands,
    headers,
    kept,
    mailer,
    media,
    merchant,
    messages,
    operator,
    order_messages,
    own_page,
    plan_messages,
    platform,
    plugin_faults,
    plugin_jobs,
    plugin_mounts,
    reactions,
    rendering,
    signing,
    statement_messages,
    store,
    surfaces,
    telemetry,
    webhooks,
)
from web.api import surface as api_surface
from web.application import Application
from web.merchant import surface as merchant_surface
from web.operator import surface as operator_surface
from web.platform import surface as platform_surface
from web.store import surface as store_surface

_MAX_UPLOAD = 20 * 1024 * 1024


def create_app(config: Config | None = None, modules: Mapping[str, ModuleType] | None = None) -> Flask:
    """Build the application. `modules` replaces the installed plugins, for tests of a house without them."""
    config = config or from_environment(os.environ)
    import_models((core, tenants, plugins, *wheel_packages()))
    app = Application("web", static_folder="static")
    app.config.update(
        SECRET_KEY=config.derived("flask").hex(),
        SESSION_COOKIE_NAME="form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.is_secure,
        MAX_CONTENT_LENGTH=_MAX_UPLOAD,
        WTF_CSRF_TIME_LIMIT=None,
        SQLALCHEMY_DATABASE_URI=config.role_url("galleria_app"),
        SQLALCHEMY_BINDS={PLATFORM: config.role_url(PLATFORM)},
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config),
    )
    app.extensions["galleria"] = config
    file_store.configure(config.media_root)
    db.init_app(app)
    with app.app_context():
        guard_engine(db.engines[None], config.derived("tenant binding"))
        plain_ends(db.engines[PLATFORM])
    stripe.configure(config)
    bank_accounts.configure(config)
    registry = Registry(modules if modules is not None else installed([plugins]), guard=runtime.SessionGuard())
    runtime.install(registry)
    _register(app, config, registry)
    return app


def _register(app: Flask, config: Config, registry: Registry) -> None:
    telemetry.register(app, config)
    gate.register(app, config, values.find_by_host, values.PLATFORM, frozenset(registry.order))

    plugin_faults.register(app)

    @app.before_request
    def nobody_yet() -> None:
        audit.set_actor(audit.SYSTEM)

    reactions.register()
    errors.register(app)
    headers.register(app)
    rendering.register(app)
    kept.register(app, config.page_seconds)
    messages.register(app)
    mailer.register(app)
    signing.register(app)
    order_messages.register()
    aftersale_messages.register()
    case_messages.register()
    statement_messages.register()
    plan_messages.register()
    protect = own_page.Protect(app)
    app.register_blueprint(webhooks.blueprint)
    protect.exempt(webhooks.blueprint)
    api_of_all = _register_surfaces(app, protect)
    plugin_mounts.register(app, registry, api_of_all, protect)
    plugin_jobs.register(registry)
    idempotency.register(app)
    commands.register(app)
    application = app.wsgi_app
    if config.trusted_proxies:
        hops = config.trusted_proxies
        application = ProxyFix(application, x_for=hops, x_proto=hops, x_host=hops)
    files = WhiteNoise(application, root=app.static_folder, prefix="static/", max_age=60, autorefresh=config.embedded,
                      immutable_file_test=r"^.+\.[0-9a-f]{12}\..+$")  # fmt: skip
    app.wsgi_app = files  # type: ignore[method-assign]


def _register_surfaces(app: Flask, protect: own_page.Protect) -> Api:
    """Mount the surfaces: packages whose modules add routes to one blueprint, and the API's resources."""
    for package in (store, merchant, operator, platform, api):
        surfaces.load(package)
    for surface in (store_surface, merchant_surface, operator_surface, platform_surface):
        app.register_blueprint(surface.blueprint)
    app.register_blueprint(media.blueprint)
    mounted = api_surface.register(app)
    for resource in api_surface.resources:
        protect.exempt(resource)
    return mounted


def config_of(app: Flask) -> Config:
    """Return the configuration that an application was built with."""
    config: Config = app.extensions["galleria"]
    return config
