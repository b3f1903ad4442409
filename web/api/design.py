"""The storefront's design in the API: drafts of theme, first page and menus, their publication and versions."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import fields

from core.http.answers import Answer
from core.identity.principals import Realm
from core.kernel.errors import FieldError, Invalid, _
from tenants.design import service
from tenants.design import theme as themes
from web import theme
from web.api.answers import answer, listed
from web.api.surface import Strict, api_edge, resource

blueprint: Blueprint = resource("design", "/design", "How the storefront looks: theme, front (first page) and menus")
_PART = "any(theme,front,menus)"


class DraftBody(Strict):
    """A part's whole content; `version` is the one that it was made from, to refuse a change made meanwhile."""

    content = fields.Dict(required=True)
    version = fields.Integer(load_default=None, allow_none=True)


@blueprint.get("/contrast")
@api_edge(Realm.OPERATOR, "settings.manage")
def contrast() -> Answer:
    """Say how well a brand colour's pairs can be read: ?brand_hex= takes hex, names, rgb() and hsl()."""
    colour = themes.corrected(request.args.get("brand_hex", ""), "")
    if not colour:
        said = _("Give a colour such as #b8412b")
        raise Invalid("design.colour", said, fields=(FieldError("brand_hex", said),))
    figures = {figure.pair: f"{figure.ratio:.2f}" for figure in theme.figures(colour)}
    return answer({"brand_hex": colour, "is_moved": theme.is_moved(colour), "contrast": figures})


@blueprint.get(f"/<{_PART}:part>")
@api_edge(Realm.OPERATOR, "settings.manage")
def part(part: str) -> Answer:
    """Return a part: its draft, or what is published or standard."""
    return answer(service.part(part))


@blueprint.put(f"/<{_PART}:part>")
@blueprint.arguments(DraftBody)
@api_edge(Realm.OPERATOR, "settings.manage")
def draft(body: dict[str, Any], part: str) -> Answer:
    """Keep a draft."""
    return answer(service.save(part, body["content"], version=body["version"]))


@blueprint.post(f"/<{_PART}:part>/publish")
@api_edge(Realm.OPERATOR, "settings.manage")
def publish(part: str) -> Answer:
    """Show the draft to everyone, as a new version."""
    return answer(service.publish(part))


@blueprint.post(f"/<{_PART}:part>/discard")
@api_edge(Realm.OPERATOR, "settings.manage")
def discard(part: str) -> Answer:
    """Throw the draft away."""
    return answer(service.discard(part))


@blueprint.post(f"/<{_PART}:part>/undo")
@api_edge(Realm.OPERATOR, "settings.manage")
def undo(part: str) -> Answer:
    """Publish the version before the present one again, as a new version."""
    return answer(service.undo(part))


@blueprint.get(f"/<{_PART}:part>/versions")
@api_edge(Realm.OPERATOR, "settings.manage")
def versions(part: str) -> Answer:
    """List the latest versions, the newest first."""
    return listed(service.versions(part))


@blueprint.post(f"/<{_PART}:part>/versions/<int:number>/restore")
@api_edge(Realm.OPERATOR, "settings.manage")
def restore(part: str, number: int) -> Answer:
    """Take an earlier version as the draft."""
    return answer(service.restore(part, number))
