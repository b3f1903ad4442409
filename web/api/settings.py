"""The API's settings of the marketplace."""

from __future__ import annotations

from typing import Any

from core.identity.principals import Realm
from tenants import settings
from web.api.surface import api_edge, resource

blueprint = resource("settings", "/settings", "The marketplace's own settings")


@blueprint.get("/")
@blueprint.response(200)
@api_edge(Realm.OPERATOR, "settings.manage")
def get_settings() -> Any:
    """Return the settings, defaults included."""
    return settings.shown()


@blueprint.patch("/")
@blueprint.arguments(settings.schema(partial=True))
@blueprint.response(200)
@api_edge(Realm.OPERATOR, "settings.manage")
def change_settings(body: dict[str, Any]) -> Any:
    """Change settings by name; the others stay."""
    return settings.change(body)
