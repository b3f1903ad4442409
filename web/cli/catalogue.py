"""`flask catalogue`: import and export of products from the command line."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from core.catalogue import categories, export, importing, refreshing
from core.catalogue.importing import Kind, Mapped, Run
from core.kernel.errors import AppError
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.merchants import shops
from tenants import values
from web.sellers import seller_of

group = click.Group("catalogue", help="Import and export products.")


def _tenant(slug: str) -> Tenant:
    config = current_app.extensions["galleria"]
    found = values.find_by_host(f"{slug}.{config.base_host}", config.base_host)
    if found is None:
        raise click.ClickException(f"there is no marketplace called {slug}")
    return found


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="The marketplace's name in addresses.")
@click.option("--shop", required=True, help="The shop's name in addresses.")
@click.option("--category", default="", help="The category for products whose type and tags name none.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@with_appcontext
def import_file(file: Path, tenant: str, shop: str, category: str, dry_run: bool) -> None:
    """Import a Shopify product FILE into a shop; the same file again updates."""
    with bind(_tenant(tenant)):
        try:
            found = _run(file, shop, category, Kind.DRY_RUN if dry_run else Kind.RUN)
        except AppError as error:
            raise click.ClickException(error.message.format(**error.facts)) from None
    _print(found)


def _run(file: Path, shop_slug: str, category: str, kind: Kind) -> Run:
    with transaction():
        shop = shops.find_by_slug(shop_slug)
        seller = seller_of(shop.merchant_id, shop.id)
        media_id = importing.keep(file.read_bytes(), file.name, seller)
        outline = importing.outline(media_id, seller.merchant_id)
        tree = categories.tree(only_active=True)
        default = next((c.id for c in tree if c.slug == category), None) if category else tree[0].id if tree else None
        if default is None:
            raise click.ClickException("there is no such category; make one first and name it with --category")
        mapped = Mapped(default, importing.suggest(outline.types), importing.suggest(outline.tags))
        run_id = importing.start(media_id, seller, mapped, kind)
    importing.process(run_id)
    with read_only():
        return importing.run(run_id)


def _print(run: Run) -> None:
    word = "would be " if run.kind is Kind.DRY_RUN else ""
    click.echo(f"{run.created} {word}created, {run.updated} {word}updated, {run.refused} refused, of {run.total}")
    for error in run.report:
        kind = "note" if error.is_warning else "error"
        click.echo(f"  row {error.row} {error.column or '-'} [{error.handle}] {kind}: {error.message}. {error.advice}.")


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="The marketplace's name in addresses.")
@click.option("--shop", required=True, help="A shop of the merchant whose products are written.")
@with_appcontext
def export_file(file: Path, tenant: str, shop: str) -> None:
    """Write all products of a shop's merchant into a FILE in Shopify's format."""
    found = _tenant(tenant)
    url = f"{current_app.extensions['galleria'].tenant_url(found.slug)}/media/{{id}}/1280.webp"
    with bind(found), read_only():
        data = export.write_csv(shops.find_by_slug(shop).merchant_id, url)
    file.write_bytes(data)
    click.echo(f"wrote {file}")


@group.command("refresh")
@click.option("--tenant", required=True, help="The marketplace's name in addresses.")
@with_appcontext
def refresh_all(tenant: str) -> None:
    """Work out anew what lists and search read of every listing, 500 in a transaction; needed when search learns."""
    done, last = 0, None
    with bind(_tenant(tenant)):
        while True:
            with transaction():
                ids = refreshing.following(last)
                refreshing.refresh(ids)
            if not ids:
                break
            done, last = done + len(ids), ids[-1]
    click.echo(f"refreshed {done} listings")
