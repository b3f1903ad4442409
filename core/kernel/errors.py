"""What can go wrong in a way that a person can act on: five kinds, each with a stable code and facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


def _(text: str) -> str:
    """Mark a message for translation; it is translated at the edge, in the reader's language."""
    return text


class Phrase(str):
    """A message that is filled in already; it remembers its template and facts, for the edge to translate.

    A fact that is a tuple holds words, each to be translated.
    """

    template: str
    facts: Mapping[str, object]

    def __new__(cls, template: str, **facts: object) -> Phrase:
        """Fill a template in."""
        plain = {name: ", ".join(map(str, v)) if isinstance(v, tuple) else v for name, v in facts.items()}
        made = super().__new__(cls, template.format(**plain))
        made.template, made.facts = template, facts
        return made


class AppError(Exception):
    """A refusal. `code` is stable ("orders.already_paid"); `message` is an English template over `facts`.

    A fact that is a tuple holds messages of its own, each to be translated.
    """

    status = 500
    title = "Error"

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(code, message, facts)
        self.code = code
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code}: {self.message.format(**facts_of(self))}"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one input. `path` names it as the caller sent it ("lines.0.quantity")."""

    path: str
    message: str


class Invalid(AppError):
    """The input breaks a rule; nothing was changed."""

    status = 422
    title = _("Invalid input")

    def __init__(self, code: str, message: str, *, fields: tuple[FieldError, ...] = (), **facts: object) -> None:
        super().__init__(code, message, **facts)
        self.fields = fields


class Denied(AppError):
    """The actor may not do this."""

    status = 403
    title = _("Not allowed")


class Unauthenticated(Denied):
    """Nobody is signed in, or the key is unknown."""

    status = 401
    title = _("Sign in first")


class Missing(AppError):
    """There is no such thing, or it is not yours; the two are not told apart."""

    status = 404
    title = _("Not found")


class Conflict(AppError):
    """The state of things forbids it now."""

    status = 409
    title = _("Not possible now")


class Throttled(AppError):
    """Too many tries; `retry_after` seconds are in the facts."""

    status = 429
    title = _("Too many attempts")


class Unavailable(AppError):
    """Something outside does not answer; trying again later may help."""

    status = 503
    title = _("Try again later")


def facts_of(error: AppError) -> Mapping[str, str | int | bool | None]:
    """Return the facts as plain JSON values."""
    plain = (str, int, bool, type(None))
    return {name: value if isinstance(value, plain) else _plain(value) for name, value in error.facts.items()}


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
