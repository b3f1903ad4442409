"""The log over the API: who did what, newest first, for the operator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from core.identity.principals import Realm
from core.kernel import audit
from core.kernel.audit import Deed
from web.api.surface import Strict, api_edge, resource

blueprint = resource("audit", "/audit-log", "Who did what; sealed against changes")
Json = Mapping[str, object]


class LogQuery(Strict):
    """Whose log, and which page."""

    subject_id = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


@blueprint.get("")
@blueprint.arguments(LogQuery, location="query")
@api_edge(Realm.OPERATOR, "audit.view")
def list_deeds(query: dict[str, Any]) -> Json:
    """List deeds, newest first, of everything or of one subject."""
    found = audit.deeds(subject_id=query["subject_id"], before=query["cursor"], limit=query["limit"] + 1)
    shown = found[: query["limit"]]
    following = str(shown[-1][0]) if len(found) > len(shown) else None
    return {"data": [_deed(key, deed) for key, deed in shown], "next": following}


def _deed(key: UUID, deed: Deed) -> Json:
    return {
        "id": str(key), "at": deed.at.isoformat(), "actor_kind": deed.actor_kind, "actor_name": deed.actor_name,
        "action": deed.action, "subject_kind": deed.subject_kind,
        "subject_id": str(deed.subject_id) if deed.subject_id else None, "facts": dict(deed.facts),
    }  # fmt: skip
