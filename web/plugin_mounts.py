"""Mounts what plugins serve: each blueprint below /<plugin> of its surface, with the plugin's templates and files.

The gate answers 404 below these paths where a tenant lacks the plugin (core.http.gate).
"""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect

from core.hooks.declare import declare_blueprints
from core.hooks.registry import Registry
from core.hooks.types import Surface

PREFIXES = {
    Surface.STORE: "",
    Surface.MERCHANT: "/merchant",
    Surface.OPERATOR: "/operator",
    Surface.PLATFORM: "/platform",
    Surface.API: "/api/v1",
}


def register(app: Flask, registry: Registry, api: Api, protect: CSRFProtect) -> None:
    """Mount every installed plugin's blueprints. The API's take no form tokens: its callers send keys."""
    for plugin, mount in registry.attributed(declare_blueprints):
        prefix = f"{PREFIXES[mount.surface]}/{plugin}"
        if mount.surface is Surface.API:
            api.register_blueprint(mount.blueprint, url_prefix=prefix)
            protect.exempt(mount.blueprint)
        else:
            app.register_blueprint(mount.blueprint, url_prefix=prefix)
