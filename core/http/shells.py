"""What the frame around a page shows: each realm has one provider, called inside the page's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.http.answers import Answer, Page
from core.identity.principals import Realm

Provider = Callable[[], Mapping[str, Any]]
_providers: dict[Realm, Provider] = {}


def provide(realm: Realm, provider: Provider) -> None:
    """Set who fills the frame of a realm's pages."""
    _providers[realm] = provider


def framed(realm: Realm, answer: Answer) -> Answer:
    """Add the frame's values to a page; a fragment needs none, and the page's own values win."""
    if not isinstance(answer, Page) or realm not in _providers:
        return answer
    return replace(answer, values={**_providers[realm](), **answer.values})
