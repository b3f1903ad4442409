"""Mounts the commands: every module of web.cli with a click group called `group`."""

from __future__ import annotations

import importlib
import pkgutil

import click
from flask import Flask

from web import cli


def register(app: Flask) -> None:
    """Add each module's `group` to the application's commands."""
    for module in pkgutil.iter_modules(cli.__path__, f"{cli.__name__}."):
        group = getattr(importlib.import_module(module.name), "group", None)
        if isinstance(group, click.Group):
            app.cli.add_command(group)
