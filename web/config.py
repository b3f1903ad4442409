"""The installation's configuration, for pages and commands."""

from __future__ import annotations

from flask import current_app

from core.kernel.config import Config


def installation() -> Config:
    """Return the configuration that the running application was built with."""
    config: Config = current_app.extensions["galleria"]
    return config
