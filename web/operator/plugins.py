"""The plugin market: what each plugin does, what a switch would change, its settings."""

from __future__ import annotations

from dataclasses import replace

from flask import request, url_for
from flask_babel import gettext

from core.http import forms
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.errors import AppError, Invalid, Missing, _
from core.kernel.tenancy import current
from tenants import market, plugin_health, plugins
from web.operator.surface import blueprint, menu

menu.add("Settings", 80, "Plugins", "operator.plugins", "blocks", "plugins.manage")


@blueprint.get("/plugins", endpoint="plugins")
@edge(Realm.OPERATOR, "plugins.manage")
def plugins_page() -> Answer:
    """Show every installed plugin as a card."""
    return page("operator/plugins.html", cards=market.cards(), titles=_titles())


def _titles() -> dict[str, str]:
    return {card.name: gettext(card.title) for card in market.cards()}


@blueprint.get("/plugins/<plugin>")
@edge(Realm.OPERATOR, "plugins.manage")
def plugin(plugin: str, error: AppError | None = None) -> Answer:
    """Show one plugin: the plan of what its switch would do, and its settings."""
    card = market.card(plugin)
    effects = market.effects_of_disabling(plugin) if card.is_on else market.effects_of_enabling(plugin)
    items = _settings_form(plugin, error) if card.is_on and card.has_settings else []
    return page(
        "operator/plugin.html", card=card, effects=effects, items=items, error=error, titles=_titles(),
        health=plugin_health.health(plugin),
    )  # fmt: skip


def _settings_form(plugin: str, error: AppError | None) -> list[forms.Item]:
    spec = plugins.settings_spec(plugin)
    if spec is None:
        return []
    wrong = {f.path: [f.message] for f in error.fields} if isinstance(error, Invalid) else {}
    stored = dict(current().settings.get(plugin, {}))
    shown = forms.read(spec.schema(), request.form, stored) if request.method == "POST" and wrong else stored
    return [_translated(item) for item in forms.describe(spec.schema(), shown, wrong)]


def _translated(item: forms.Item) -> forms.Item:
    """Return a control whose words, which the plugin's schema only marks, are in the reader's language."""
    words = {name: gettext(text) for name in ("label", "hint", "group", "prefix", "suffix")
             if (text := getattr(item, name))}  # fmt: skip
    return replace(
        item, options=tuple((value, gettext(label) if label else "") for value, label in item.options), **words
    )


@blueprint.post("/plugins/<plugin>/enable")
@edge(Realm.OPERATOR, "plugins.manage", again=plugin)
def enable_plugin(plugin: str) -> Answer:
    """Switch it on."""
    plugins.enable(plugin)
    return see(url_for("operator.plugin", plugin=plugin), gettext("The plugin is on"))


@blueprint.post("/plugins/<plugin>/disable")
@edge(Realm.OPERATOR, "plugins.manage", again=plugin)
def disable_plugin(plugin: str) -> Answer:
    """Switch it off, or let it drain."""
    state = plugins.disable(plugin)
    done = gettext("The plugin is off") if state == "disabled" else gettext("The plugin takes no new business now")
    return see(url_for("operator.plugin", plugin=plugin), done)


@blueprint.post("/plugins/<plugin>/settings")
@edge(Realm.OPERATOR, "plugins.manage", again=plugin)
def change_plugin_settings(plugin: str) -> Answer:
    """Store its settings."""
    spec = plugins.settings_spec(market.card(plugin).name)
    if spec is None:
        raise Missing("plugins.no_settings", _("This plugin has no settings"))
    stored = dict(current().settings.get(plugin, {}))
    plugins.change_settings(plugin, forms.read(spec.schema(), request.form, stored))
    return see(url_for("operator.plugin", plugin=plugin), gettext("Saved"))
