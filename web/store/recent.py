"""What one has looked at: the browser alone knows it, and asks for the cards by their keys."""

from __future__ import annotations

from uuid import UUID

from flask import request

from core.catalogue import chosen
from core.http.answers import Answer, page
from core.http.edge import edge
from core.identity.principals import Realm
from web.store import cards
from web.store.surface import blueprint
from web.store.viewers import sight

_MOST = 12


@blueprint.get("/recent")
@edge(Realm.BUYER, login=False)
def recent() -> Answer:
    """Show the goods of `?ids=`, those that are on sale; nothing is kept here about who looked at what."""
    found = chosen.cards(_keys(request.args.get("ids", "")), sight())
    return page("store/recent.html", fragment="store/_recent.html", cards=cards.drawn(found, eager=0) if found else "")


def _keys(text: str) -> list[UUID]:
    found = []
    for part in text[:600].split(",")[:_MOST]:
        try:
            found.append(UUID(part))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
