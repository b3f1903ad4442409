"""What waits for a person on a console's first page: each module says beside its routes what of its own waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.http.edge import principal
from core.identity.principals import Principal, Realm


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many things that wait: a sentence that counts them, and where to go."""

    icon: str
    text: str
    href: str


Provider = Callable[[Principal], Iterable[Waiting]]
_providers: dict[Realm, list[tuple[int, Provider]]] = {}


def provides(realm: Realm, position: int) -> Callable[[Provider], Provider]:
    """Mark a function that says what waits on a realm's console; smaller positions stand higher.

    It runs inside the page's transaction, with one statement at most, and leaves out what the role may not see.
    """

    def mark(provider: Provider) -> Provider:
        _providers.setdefault(realm, []).append((position, provider))
        return provider

    return mark


def waiting(realm: Realm) -> list[Waiting]:
    """Return what waits for the principal, the most urgent kind first."""
    found = sorted(_providers.get(realm, ()), key=lambda entry: entry[0])
    return [each for _position, provider in found for each in provider(principal())]
