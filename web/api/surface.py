"""The API's frame: one flask-smorest Api, and the helpers that every resource module uses.

A module makes `blueprint = resource("listings", "/listings", "What a shop offers")` and adds routes:

    @blueprint.post("/")
    @blueprint.arguments(ListingIn)          # marshmallow, unknown=RAISE
    @blueprint.response(201, ListingOut)
    @api_edge(Realm.MERCHANT, "listings.edit")
    def create(body): ...

Order of decorators: arguments and response outside, edge inside, so that a body is checked first and the answer is
dumped after the transaction. Values, not rows, are returned.
"""

from __future__ import annotations

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_instance
from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema

from core.http.edge import edge

api_edge = edge
resources: list[Blueprint] = []


class Strict(Schema):
    """The base of every body: an unknown field is refused, never ignored."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE


def resource(name: str, path: str, description: str) -> Blueprint:
    """Make a blueprint below /api/v1 and have it mounted."""
    blueprint = Blueprint(f"api_{name}", __name__, url_prefix=f"/api/v1{path}", description=description)
    resources.append(blueprint)
    return blueprint


def _schema_name(schema: type[Schema] | Schema | str) -> str:
    """Name a schema in the description: by its class, and by its plugin or module where that is not enough."""
    kind = schema if isinstance(schema, type) else resolve_schema_instance(schema).__class__
    head, _dot, rest = kind.__module__.partition(".")
    owner = rest.split(".")[0] if head == "plugins" else kind.__module__.rpartition(".")[2]
    prefix = "".join(word.title() for word in owner.split("_"))
    name = kind.__name__.removesuffix("Schema")
    return name if name.startswith(prefix) else f"{prefix}{name}"


def register(app: Flask) -> Api:
    """Mount every resource and serve the description at /api/v1/openapi.json."""
    app.config.update(
        API_TITLE="Galleria",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = Api(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name)})
    for blueprint in resources:
        api.register_blueprint(blueprint)
    return api
