"""`flask worker` and `flask dispatch`: the two processes behind the web."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from web import worker


@click.command("worker")
@with_appcontext
def work() -> None:
    """Run background jobs until stopped."""
    worker.work(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command("dispatch")
@with_appcontext
def dispatch() -> None:
    """Wake workers while something is due, and set timed jobs in place."""
    worker.ring(current_app._get_current_object())  # type: ignore[attr-defined]


commands = (work, dispatch)
