"""The marketplace's own settings: name, languages, brand, selling, tax, policies."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext

from core.http import forms
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.errors import AppError, Invalid
from core.kernel.tenancy import current
from tenants import service, settings
from web.operator.surface import blueprint, menu

menu.add("Settings", 70, "Marketplace settings", "operator.settings", "settings", "settings.manage")


@blueprint.get("/settings", endpoint="settings")
@edge(Realm.OPERATOR, "settings.manage")
def settings_page(error: AppError | None = None) -> Answer:
    """Show the settings."""
    wrong = {f.path: [gettext(f.message)] for f in error.fields} if isinstance(error, Invalid) else {}
    rules = settings.schema(lambda text: str(gettext(text)))
    stored = settings.shown()
    shown = {**stored, **forms.read(rules, request.form)} if wrong else stored
    sent = request.form if wrong else None
    tenant = current()
    about = {
        "name": sent.get("name", "") if sent else tenant.name,
        "languages": sent.getlist("languages") if sent else list(tenant.languages),
        "first_language": sent.get("first_language", "") if sent else tenant.languages[0],
        "timezone": sent.get("timezone", "") if sent else tenant.timezone,
    }
    items = forms.describe(rules, shown, wrong)
    return page("operator/settings.html", items=items, about=about, wrong=wrong, error=error)


@blueprint.post("/settings")
@edge(Realm.OPERATOR, "settings.manage", again=settings_page)
def change_settings() -> Answer:
    """Store all of the form at once."""
    form, tenant = request.form, current()
    if form.get("name", "").strip() != tenant.name:
        service.rename(form.get("name", ""))
    languages = tuple(sorted(form.getlist("languages"), key=lambda code: code != form.get("first_language")))
    if languages != tenant.languages:
        service.change_languages(languages)
    if form.get("timezone", "") != tenant.timezone:
        service.change_timezone(form.get("timezone", ""))
    rules = settings.schema()
    empty = {name: "" for name, field in rules.fields.items() if field.load_default == ""}
    settings.change({**empty, **forms.read(rules, form)})
    return see(url_for("operator.settings"), gettext("Saved"))
