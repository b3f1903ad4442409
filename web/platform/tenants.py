"""Marketplaces on the platform's console: the list, one of them, suspending and restoring, its plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, Page, page, see
from core.http.edge import Tx, edge
from core.http.listing import Column, Listing, View
from core.identity.principals import Realm
from core.kernel import audit
from core.kernel.config import Config
from core.kernel.errors import AppError, Conflict, Invalid
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction, read_only
from tenants import directory, domains, service, values
from tenants.directory import Entry
from web.badges import badge
from web.config import installation
from web.platform.surface import blueprint, menu

menu.add("Platform", 20, "Marketplaces", "platform.tenants", "store", "tenants.view")


def _cursor(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _row(entry: Entry) -> dict[str, object]:
    listings = next(use for use in entry.uses if use.name == "listings")
    return {
        "id": entry.id,
        "href": url_for("platform.tenant", tenant_id=entry.id),
        "name": entry.name,
        "slug": entry.slug,
        "state": badge("tenant", entry.state),
        "plan": entry.plan,
        "country": entry.country,
        "listings": listings.count,
        "merchants": next(use.count for use in entry.uses if use.name == "merchants"),
        "orders": next(use.count for use in entry.uses if use.name == "orders"),
        "since": entry.created_at,
    }


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", gettext("Marketplace"), card="lead"),
        Column("slug", gettext("Address"), card="sub"),
        Column("state", gettext("State"), kind="badge", card="st"),
        Column("plan", gettext("Plan")),
        Column("country", gettext("Country")),
        Column("listings", gettext("Products"), kind="number"),
        Column("merchants", gettext("Merchants"), kind="number"),
        Column("orders", gettext("Orders this month"), kind="number"),
        Column("since", gettext("Opened"), kind="ago"),
    )


@blueprint.get("/tenants")
@edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def tenants() -> Answer:
    """List marketplaces, newest first."""
    search, state = request.args.get("q", "")[:100], request.args.get("state", "")
    with platform_transaction():
        found = directory.find_page(search=search, state=state, after=_cursor(request.args.get("after")))
        counts = directory.state_counts()
    here: dict[str, Any] = {"q": search or None, "state": state or None}
    views = [View(gettext("All"), url_for("platform.tenants"), sum(counts.values()), not state)]
    for name in ("active", "provisioning", "suspended"):
        href = url_for("platform.tenants", state=name)
        views.append(View(str(badge("tenant", name).word), href, counts.get(name, 0), state == name))
    listing = Listing(
        "tenants", _columns(), [_row(entry) for entry in found.entries], gettext("Marketplaces"), views=views,
        search=search, clear_href=url_for("platform.tenants"),
        next_href=url_for("platform.tenants", **here, after=found.next) if found.next else "",
    )  # fmt: skip
    return page("platform/tenants.html", listing=listing)


def shown_with(tenant_id: UUID, error: AppError | None = None) -> Page:
    config: Config = installation()
    with platform_transaction():
        details, plans = directory.details(tenant_id), directory.plans()
    with bind(values.PLATFORM), read_only():
        log = [deed for _key, deed in audit.deeds(subject_id=tenant_id, limit=20)]
    with bind(replace(values.PLATFORM, id=tenant_id)), read_only():
        owned = domains.listed()
    address = config.tenant_url(details.entry.slug)
    return page(
        "platform/tenant.html", details=details, entry=details.entry, plans=plans, log=log, domains=owned,
        address=address, error=error, status=422 if error else 200,
    )  # fmt: skip


@blueprint.get("/tenants/<uuid:tenant_id>")
@edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def tenant(tenant_id: UUID) -> Answer:
    """Show one marketplace."""
    return shown_with(tenant_id)


@blueprint.post("/tenants/<uuid:tenant_id>/suspend")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def suspend(tenant_id: UUID) -> Answer:
    """Close it for the moment."""
    try:
        with platform_transaction():
            service.suspend(tenant_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as error:
        return shown_with(tenant_id, error)
    return see(url_for("platform.tenant", tenant_id=tenant_id), gettext("The marketplace is suspended"))


@blueprint.post("/tenants/<uuid:tenant_id>/restore")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def restore(tenant_id: UUID) -> Answer:
    """Open it again."""
    try:
        with platform_transaction():
            service.restore(tenant_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as error:
        return shown_with(tenant_id, error)
    return see(url_for("platform.tenant", tenant_id=tenant_id), gettext("The marketplace is open again"))


@blueprint.post("/tenants/<uuid:tenant_id>/plan")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def change_plan(tenant_id: UUID) -> Answer:
    """Give it another plan."""
    try:
        with platform_transaction():
            service.change_plan(tenant_id, request.form.get("plan", ""))
    except (Invalid, Conflict) as error:
        return shown_with(tenant_id, error)
    return see(url_for("platform.tenant", tenant_id=tenant_id), gettext("The plan is changed"))
