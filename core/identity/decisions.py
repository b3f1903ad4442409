"""Kinds of decisions that need a second person: each area registers how its own are told, checked and carried out.

    decisions.register(Kind("orders.refund", _("Refund"), "orders.refund", describe, by_mark(mark, carry_out)))

The area asks with `approvals.request(KIND, subject_id, mark, amount, by=who.person_id, proposal={...})` and does
nothing else; `approve` carries the deed out in the transaction in which the second person agrees. An area whose own
pages decide as well gives its own functions for both answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core.identity import approvals
from core.identity.approvals import Approval
from core.identity.principals import Principal
from core.kernel.errors import Conflict, Denied, Missing, _

_MOST_OPEN = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A decision in words. `sentence` is marked for translation and has `facts` in braces; amounts need none.

    `endpoint` and `at` are the console's page about the subject, as `url_for` takes them; "" for none.
    """

    sentence: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    endpoint: str = ""
    at: Mapping[str, UUID | str] = field(default_factory=dict)


def by_mark(mark: Callable[[Approval], str], carry_out: Callable[[Approval], None]) -> Callable[[Approval, UUID], None]:
    """Return how to agree to what is known by its fingerprint alone, and is carried out then.

    `mark` returns the fingerprint of the facts as they are now: if it differs from the one asked with, nobody can
    agree any more.
    """

    def agree(asked: Approval, by: UUID) -> None:
        carry_out(approvals.approve(asked.id, mark(asked), by=by))

    return agree


def _turn_down(asked: Approval, by: UUID, reason: str) -> None:
    approvals.reject(asked.id, by=by, reason=reason)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is decided on.

    `permission` is the operator's without which nobody sees or decides it. `describe` tells many at once, so that a
    list takes no query for each. `agree` approves as another person and does the deed, `turn_down` refuses with a
    reason; both run in the deciding transaction. `can_withdraw` says that who asked may take it back here.
    """

    name: str
    title: str
    permission: str
    describe: Callable[[Sequence[Approval]], Mapping[UUID, Told]]
    agree: Callable[[Approval, UUID], object]
    turn_down: Callable[[Approval, UUID, str], object] = _turn_down
    can_withdraw: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """An approval with its kind's title and words."""

    approval: Approval
    title: str
    told: Told
    can_withdraw: bool


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known by its name. Raise ValueError if another has it."""
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"two kinds of decisions are called {kind.name}")


def kinds(who: Principal) -> dict[str, Kind]:
    """Return the kinds that somebody may see and decide."""
    return {name: kind for name, kind in sorted(_kinds.items()) if who.may(kind.permission)}


def waiting(who: Principal) -> list[Decision]:
    """Return what waits and somebody may see, oldest first."""
    known = kinds(who)
    return _told([one for one in approvals.waiting() if one.kind in known][:_MOST_OPEN])


def made(who: Principal, *, before: UUID | None = None, limit: int = 50) -> list[Decision]:
    """Return what was decided and somebody may see, newest first, before a key."""
    return _told(approvals.made(kinds(who), before=before, limit=limit))


def find(who: Principal, approval_id: UUID) -> Decision:
    """Return one decision. Raise Missing if there is none that somebody may see."""
    approval = approvals.find(approval_id)
    _kind(who, approval)
    return _told([approval])[0]


def approve(who: Principal, approval_id: UUID) -> Approval:
    """Agree as the second person, and carry the deed out.

    Raise Missing; Denied for a key, or for the one who asked; Conflict if it is decided, or no longer what was asked.
    """
    asked = approvals.find(approval_id)
    kind = _kind(who, asked)
    by = _person(who)
    if asked.asked_by == by:
        raise Denied("approvals.own", _("Another person than the one who asked must decide"))
    if asked.state != "asked":
        raise Conflict("approvals.decided", _("This is decided already"))
    kind.agree(asked, by)
    return approvals.find(approval_id)


def reject(who: Principal, approval_id: UUID, reason: str = "") -> Approval:
    """Refuse as the second person; nothing is carried out. Raise as `approve` does."""
    asked = approvals.find(approval_id)
    kind, by = _kind(who, asked), _person(who)
    if asked.asked_by == by:
        raise Denied("approvals.own", _("Another person than the one who asked must decide"))
    kind.turn_down(asked, by, reason)
    return approvals.find(approval_id)


def withdraw(who: Principal, approval_id: UUID) -> Approval:
    """Take back what one has asked for oneself. Raise Missing, Denied or Conflict (decided, or not to be taken back)."""
    if not _kind(who, approvals.find(approval_id)).can_withdraw:
        raise Conflict("approvals.stays", _("This cannot be taken back here; another person can turn it down"))
    return approvals.withdraw(approval_id, by=_person(who))


def _kind(who: Principal, approval: Approval) -> Kind:
    kind = _kinds.get(approval.kind)
    if kind is None or not who.may(kind.permission):
        raise Missing("approvals.none", _("There is no such decision"))
    return kind


def _person(who: Principal) -> UUID:
    if who.user_id is None:
        raise Denied("approvals.people_only", _("Only a signed-in person decides, not a key"))
    return who.user_id


def _told(found: Sequence[Approval]) -> list[Decision]:
    words: dict[UUID, Told] = {}
    for name in sorted({one.kind for one in found}):
        words |= _kinds[name].describe([one for one in found if one.kind == name])
    return [
        Decision(one, _kinds[one.kind].title, words.get(one.id, Told("")), _kinds[one.kind].can_withdraw)
        for one in found
    ]
