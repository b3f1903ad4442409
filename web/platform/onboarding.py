"""Opening a marketplace: one form, a page that shows the steps as they are done, and where to go then."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import request, url_for
from flask_babel import get_locale, gettext

from core.hooks.runtime import plugins
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.identity.principals import Realm
from core.kernel.errors import AppError, Conflict, Invalid
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction, read_only
from tenants import directory, provisioning, values
from tenants.countries import First, first_choices, names
from tenants.presets import PRESETS, Preset
from tenants.provisioning import Onboarding
from web.config import installation
from web.platform.operators import invite
from web.platform.surface import blueprint


def _language() -> str:
    return "zh" if str(get_locale() or "en").startswith("zh") else "en"


def _card(preset: Preset) -> tuple[str, str, str, str]:
    """Return a preset as a radio card; it says what is switched on, and what this installation lacks."""
    manifests = plugins().manifests
    on = [gettext(manifests[name].title) for name in preset.plugins if name in manifests]
    lacking = [name for name in preset.plugins if name not in manifests]
    says = [gettext(preset.summary)]
    if on:
        says.append(gettext("Switches on: %(names)s.", names=", ".join(on)))
    if lacking:
        says.append(gettext("Not installed here: %(names)s.", names=", ".join(lacking)))
    return preset.code, gettext(preset.title), " ".join(says), ""


def _form(error: AppError | None = None, first: First | None = None) -> Answer:
    sent = request.form if request.method == "POST" else request.args
    country = sent.get("country", "")[:2] or "IE"
    wrong = {f.path: gettext(f.message) for f in error.fields} if isinstance(error, Invalid) else {}
    if isinstance(error, Conflict):
        wrong = {"slug": gettext(error.message).format(**error.facts)}
    with platform_transaction():
        plans = directory.plans()
    return page(
        "platform/onboard.html", fragment=None, sent=sent, country=country, first=first or first_choices(country),
        countries=names(_language()), presets=[_card(preset) for preset in PRESETS.values()], plans=plans, wrong=wrong,
        base_host=installation().base_host, status=422 if error else 200,
    )  # fmt: skip


@blueprint.get("/tenants/new")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def new_tenant() -> Answer:
    """Show the form."""
    return _form()


@blueprint.get("/tenants/new/defaults")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def country_defaults() -> Answer:
    """Return the three fields that follow the country, for htmx."""
    first = first_choices(request.args.get("country", "")[:2])
    return page("platform/parts/country.html", first=first, sent={}, wrong={})


def _request() -> Onboarding:
    form = request.form
    return Onboarding(
        slug=form.get("slug", "").strip().lower(),
        name=form.get("name", ""),
        country=form.get("country", ""),
        currency=form.get("currency", "").strip().upper(),
        timezone=form.get("timezone", "").strip(),
        languages=tuple(form.getlist("languages")),
        preset=form.get("preset", ""),
        plan=form.get("plan", provisioning.DEFAULT_PLAN),
        domains=tuple(form.get("domains", "").replace(",", " ").split()),
        with_categories="categories" in form,
    )


@blueprint.post("/tenants/new")
@edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def create_tenant() -> Answer:
    """Write the marketplace and have a worker open it."""
    try:
        with platform_transaction():
            tenant_id = provisioning.create(_request(), platform_host=installation().base_host)
            provisioning.soon(tenant_id)
        if request.form.get("owner", "").strip():
            invite(tenant_id, request.form["owner"].strip())
    except (Invalid, Conflict) as error:
        return _form(error)
    return see(url_for("platform.tenant_progress", tenant_id=tenant_id))


@blueprint.get("/tenants/<uuid:tenant_id>/progress")
@edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def tenant_progress(tenant_id: UUID) -> Answer:
    """Show how far the opening is; htmx asks each second and 286 ends its asking."""
    with platform_transaction():
        details = directory.details(tenant_id)
    with bind(replace(values.PLATFORM, id=tenant_id)), read_only():
        steps = provisioning.steps()
    done = details.entry.state != "provisioning"
    answer = page(
        "platform/progress.html", fragment="platform/parts/progress.html", entry=details.entry, steps=steps, done=done,
        address=installation().tenant_url(details.entry.slug), status=200,
    )  # fmt: skip
    return replace(answer, status=286) if done and request.headers.get("HX-Request") == "true" else answer
