"""`flask demo`: fill an empty installation with marketplaces to look at, and say who can sign in."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from core.kernel.config import Config
from web.demo.seeding import run
from web.demo.seeding.people import PASSWORD


@click.group("demo")
def group() -> None:
    """Marketplaces to look at."""


def _config() -> Config:
    config: Config = current_app.extensions["galleria"]
    return config


@group.command("seed")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are marketplaces that are not the demo's.")
@click.option("--logins", type=click.Path(path_type=Path), help="Write who can sign in to this file, as JSON.")
@with_appcontext
def seed(*, if_empty: bool, logins: Path | None) -> None:
    """Make two marketplaces with shops, goods, people and orders. Done twice it changes nothing."""
    if run.is_foreign():
        if if_empty:
            click.echo("There are marketplaces here already; no demo is added.")
            return
        raise click.ClickException("There are marketplaces here that are not the demo's")
    run.seed(_config(), click.echo)
    if logins is not None:
        logins.write_text(json.dumps(_logins(), ensure_ascii=False), encoding="utf8")


@group.command("accounts")
@with_appcontext
def accounts() -> None:
    """Print who can sign in to the demo, as JSON in the last line."""
    click.echo(json.dumps(_logins(), ensure_ascii=False))


def _logins() -> list[dict[str, str]]:
    config = _config()
    return [
        {
            "surface": login.surface,
            "url": (config.tenant_url(slug) if slug else config.base_url) + login.path,
            "email": login.email,
            "password": PASSWORD,
        }
        for slug, login in run.logins()
    ]
