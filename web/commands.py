"""Mounts the commands: every module of web.cli with a `group`, or with `commands`."""

from __future__ import annotations

import importlib
import pkgutil

import click
from flask import Flask

from web import cli


def register(app: Flask) -> None:
    """Add each module's commands to the application's."""
    for module in pkgutil.iter_modules(cli.__path__, f"{cli.__name__}."):
        found = importlib.import_module(module.name)
        named = (getattr(found, "group", None), *getattr(found, "commands", ()))
        for command in named:
            if isinstance(command, click.Command):
                app.cli.add_command(command)
