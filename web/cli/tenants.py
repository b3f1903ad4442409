"""`flask tenant`: open, list, suspend and restore marketplaces, and switch their plugins."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click
from flask import current_app
from flask.cli import with_appcontext

from core.kernel.config import Config
from core.kernel.errors import AppError, Invalid
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, transaction
from tenants import directory, many, owners, plugins, provisioning, service, values
from tenants.countries import first_choices
from tenants.presets import PRESETS

P = ParamSpec("P")


@click.group("tenant")
def group() -> None:
    """Open and look after marketplaces."""


def _command(run: Callable[P, None]) -> Callable[P, None]:
    """Run on the platform's ground and turn a refusal into a message of the command line."""

    @wraps(run)
    def refusing(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with bind(values.PLATFORM):
                run(*args, **kwargs)
        except AppError as error:
            fields = [f"  {f.path}: {f.message}" for f in error.fields] if isinstance(error, Invalid) else []
            raise click.ClickException("\n".join([error.message.format(**error.facts), *fields])) from None

    return with_appcontext(refusing)


def _config() -> Config:
    config: Config = current_app.extensions["galleria"]
    return config


def _find(slug: str) -> Tenant:
    with platform_transaction():
        tenant_id = directory.require_slug(slug)
    found = values.find(tenant_id)
    if found is None:
        raise click.ClickException(f"The marketplace {slug} is closed for good")
    return found


@group.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="What people call it.")
@click.option("--country", required=True, help="Two letters, such as IE.")
@click.option("--currency", help="Three letters; the country's own unless given.")
@click.option("--timezone", help="Such as Europe/Dublin; the country's unless given.")
@click.option("--language", "languages", multiple=True, help="en or zh, the first one being its own; may be repeated.")
@click.option("--preset", default="commission", show_default=True, type=click.Choice(sorted(PRESETS)))
@click.option("--plan", default=provisioning.DEFAULT_PLAN, show_default=True)
@click.option("--domain", "domains", multiple=True, help="A host name of its own; may be repeated.")
@click.option("--categories/--no-categories", default=False, help="Start with eight categories.")
@click.option(
    "--operator", "operators", multiple=True, help="An e-mail address that gets a link to sign in; may be repeated."
)
@_command
def create(slug: str, country: str, **given: Any) -> None:
    """Open the marketplace SLUG and print its addresses."""
    first, name = first_choices(country), given["name"]
    request = provisioning.Onboarding(
        slug, name, country, given["currency"] or first.currency, given["timezone"] or first.timezone,
        given["languages"] or first.languages, given["preset"], given["plan"], domains=given["domains"],
        with_categories=given["categories"],
    )  # fmt: skip
    config = _config()
    with platform_transaction():
        tenant_id = provisioning.create(request, platform_host=config.base_host)
    provisioning.complete(tenant_id)
    for operator in given["operators"]:
        with bind(_find(slug)), transaction():
            owners.invite(operator, "")
    address = config.tenant_url(slug)
    click.echo(f"{name} is open.\n  Shop       {address}/\n  Operators  {address}/operator/")
    click.echo(f"  Merchants  {address}/merchant/")


@group.command("open-many")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_command
def open_many(file: Path) -> None:
    """Open every marketplace of a CSV table: slug, name, country; perhaps currency, timezone, languages, preset, plan.

    Stopped half-way, start it again: it goes on. The last line of the output is one JSON object.
    """
    requests, started = many.read(file.read_text(encoding="utf-8-sig")), time.monotonic()
    opened = known = 0
    with click.progressbar(length=len(requests), label="Opening", file=sys.stderr) as bar:
        for batch in many.open_all(requests, platform_host=_config().base_host):
            opened, known = opened + batch.opened, known + batch.known
            bar.update(batch.opened + batch.known)
    click.echo(json.dumps({"opened": opened, "known": known, "seconds": round(time.monotonic() - started, 1)}))


@group.command("list")
@click.option("--search", default="", help="Part of a name or slug.")
@_command
def list_tenants(search: str) -> None:
    """List marketplaces, newest first."""
    after = None
    while True:
        with platform_transaction():
            page = directory.find_page(search=search, after=after, limit=200)
        for entry in page.entries:
            click.echo(f"{entry.slug:<32} {entry.state:<13} {entry.plan:<10} {entry.name}")
        after = page.next
        if after is None:
            return


@group.command("suspend")
@click.argument("slug")
@click.option("--reason", required=True)
@_command
def suspend(slug: str, reason: str) -> None:
    """Close a marketplace for the moment."""
    with platform_transaction():
        service.suspend(directory.require_slug(slug), reason)
    click.echo(f"{slug} is suspended.")


@group.command("restore")
@click.argument("slug")
@click.option("--reason", default="")
@_command
def restore(slug: str, reason: str) -> None:
    """Open a suspended marketplace again."""
    with platform_transaction():
        service.restore(directory.require_slug(slug), reason)
    click.echo(f"{slug} is open again.")


@group.group("plugin")
def plugin_group() -> None:
    """Switch a marketplace's plugins."""


@plugin_group.command("enable")
@click.argument("slug")
@click.argument("plugin")
@_command
def enable(slug: str, plugin: str) -> None:
    """Switch PLUGIN on for SLUG."""
    with bind(_find(slug)), transaction():
        plugins.enable(plugin)
    click.echo(f"{plugin} is on at {slug}.")


@plugin_group.command("disable")
@click.argument("slug")
@click.argument("plugin")
@_command
def disable(slug: str, plugin: str) -> None:
    """Switch PLUGIN off for SLUG; it drains while business of the past is open."""
    with bind(_find(slug)), transaction():
        state = plugins.disable(plugin)
    click.echo(f"{plugin} is {state} at {slug}.")
