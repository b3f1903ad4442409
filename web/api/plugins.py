"""The API's plugins: what is installed, what is on, its settings."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, Schema, fields

from core.identity.principals import Realm
from core.kernel.tenancy import current
from tenants import market, plugin_health, plugins
from web.api.surface import api_edge, resource

blueprint = resource("plugins", "/plugins", "What the marketplace has switched on")


class ObligationOut(Schema):
    """Open business that keeps a plugin winding down."""

    code = fields.String()
    count = fields.Integer()
    message = fields.String()


class PluginOut(Schema):
    """A plugin; `state` is off, enabled, draining, disabled or purged."""

    name = fields.String()
    version = fields.String()
    title = fields.String()
    summary = fields.String()
    state = fields.String()
    requires = fields.List(fields.String())
    conflicts = fields.List(fields.String())
    has_settings = fields.Boolean()


class PluginPage(Schema):
    """All plugins; there is no second page."""

    data = fields.List(fields.Nested(PluginOut))
    next = fields.String(allow_none=True)


class EffectsOut(Schema):
    """What switching a plugin on or off would do now."""

    is_possible = fields.Boolean()
    pages = fields.List(fields.String())
    jobs = fields.List(fields.String())
    obligations = fields.List(fields.Nested(ObligationOut))
    needed_by = fields.List(fields.String())


class FailureOut(Schema):
    """A way in which a plugin failed, and how often."""

    hook = fields.String()
    error = fields.String()
    count = fields.Integer()
    longest_ms = fields.Integer()
    first_at = fields.AwareDateTime()
    last_at = fields.AwareDateTime()


class HealthOut(Schema):
    """How a plugin does: `state` is well, failing or left_out."""

    state = fields.String()
    left_out = fields.List(fields.String())
    failures = fields.List(fields.Nested(FailureOut))


class AnySettings(Schema):
    """Settings as the plugin's own schema has them; that schema checks them."""

    class Meta:
        """Hand everything on to the plugin's schema."""

        unknown = INCLUDE


@blueprint.get("/")
@blueprint.response(200, PluginPage)
@api_edge(Realm.OPERATOR, "plugins.manage")
def list_plugins() -> Any:
    """List every installed plugin."""
    return {"data": market.cards(), "next": None}


@blueprint.get("/<plugin>/effects")
@blueprint.response(200, EffectsOut)
@api_edge(Realm.OPERATOR, "plugins.manage")
def plugin_effects(plugin: str) -> Any:
    """Say what its switch would do."""
    card = market.card(plugin)
    return market.effects_of_disabling(plugin) if card.is_on else market.effects_of_enabling(plugin)


@blueprint.get("/<plugin>/health")
@blueprint.response(200, HealthOut)
@api_edge(Realm.OPERATOR, "plugins.manage")
def get_plugin_health(plugin: str) -> Any:
    """Say how it does: its failures, and where it is left out just now."""
    return plugin_health.health(market.card(plugin).name)


@blueprint.post("/<plugin>/enable")
@blueprint.response(200, PluginOut)
@api_edge(Realm.OPERATOR, "plugins.manage")
def enable_plugin(plugin: str) -> Any:
    """Switch it on."""
    plugins.enable(plugin)
    return market.card(plugin)


@blueprint.post("/<plugin>/disable")
@blueprint.response(200, PluginOut)
@api_edge(Realm.OPERATOR, "plugins.manage")
def disable_plugin(plugin: str) -> Any:
    """Switch it off; it winds down while business of the past is open."""
    plugins.disable(plugin)
    return market.card(plugin)


@blueprint.get("/<plugin>/settings")
@blueprint.response(200)
@api_edge(Realm.OPERATOR, "plugins.manage")
def get_plugin_settings(plugin: str) -> Any:
    """Return its settings, without what is secret."""
    return _open(market.card(plugin).name, dict(current().settings.get(plugin, {})))


@blueprint.put("/<plugin>/settings")
@blueprint.arguments(AnySettings)
@blueprint.response(200)
@api_edge(Realm.OPERATOR, "plugins.manage")
def change_plugin_settings(body: dict[str, Any], plugin: str) -> Any:
    """Replace its settings."""
    plugins.change_settings(plugin, body)
    return _open(plugin, body)


def _open(plugin: str, settings: dict[str, Any]) -> dict[str, Any]:
    spec = plugins.settings_spec(plugin)
    if spec is None:
        return {}
    secret = {name for name, field in spec.schema().fields.items() if field.metadata.get("kind") == "secret"}
    return {name: value for name, value in settings.items() if name not in secret}
