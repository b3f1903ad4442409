"""Own goods over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.tenancy import current
from plugins.self_operated import services
from plugins.self_operated.schemas import OwnGoodsPage, OwnGoodsQuery, OwnGoodsSettingsSchema
from tenants.plugins import change_settings, load_settings

blueprint = Blueprint("api_self_operated", __name__, description="Goods that the marketplace itself sells")


@blueprint.get("/goods")
@blueprint.arguments(OwnGoodsQuery, location="query")
@blueprint.response(200, OwnGoodsPage)
@edge(Realm.OPERATOR, "self_operated.view")
def goods(query: dict[str, Any]) -> Any:
    """List own listings with price and stock, newest first."""
    found, more = services.goods(before=query["cursor"], limit=query["limit"])
    return {"data": found, "next": str(more) if more else None}


@blueprint.get("/settings")
@blueprint.response(200, OwnGoodsSettingsSchema)
@edge(Realm.OPERATOR, "self_operated.view")
def settings() -> Any:
    """Read the mark of own goods."""
    return load_settings("self_operated", current().settings.get("self_operated", {}))


@blueprint.put("/settings")
@blueprint.arguments(OwnGoodsSettingsSchema)
@blueprint.response(200, OwnGoodsSettingsSchema)
@edge(Realm.OPERATOR, "self_operated.manage")
def set_settings(body: dict[str, Any]) -> Any:
    """Change the mark of own goods."""
    change_settings("self_operated", body)
    return body
